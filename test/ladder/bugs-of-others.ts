/**
 * L9a: the bugs that other executors had, planted in this one. The runner changes sources and compiles them, so it is a
 * program of its own.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Rung } from '../../properties/ladder/rung.ts';

/** What the runner says of one mutant. */
interface Verdict {
  readonly id: string;
  readonly ok: boolean;
  readonly why: string;
  /** The shortest run to it, and the length of a random one that was shrunk, where one has found it. */
  readonly run?: readonly string[];
  readonly shrunk?: number;
  /** The rungs that see it. */
  readonly rungs?: Readonly<Record<string, boolean>>;
}

/** What the runner says. */
interface Report {
  readonly problems: readonly string[];
  readonly verdicts: readonly Verdict[];
}

/** The rungs that the runner shows a mutant of the core to. */
const SHOWN_TO = ['L2', 'L3', 'L6', 'L12'];

/**
 * L9a.
 *
 * @param runner `test/mutants/run.mjs`, wherever this file is compiled to
 * @param entries another folder of entries than the catalogue's
 */
export function bugsOfOthers(runner: URL, entries?: URL): Rung {
  const also = entries ? ['--entries', fileURLToPath(entries)] : [];
  return {
    id: 'L9a',
    what: 'the bugs of CPython, of the pools of npm and of others, and slips of our own, planted: see mutants.md',
    floor:
      '100 % killed by the property that is named; shrunk/shortest <= 1.5 over 20 or more; with --deep also by the test',
    doesNotShow: 'bugs that nobody has had yet: L9b draws them by rule',
    climb: async ({ isDeep, progress }) => {
      const core = await run([fileURLToPath(runner), ...also], progress);
      const runtime = isDeep ? await run([fileURLToPath(runner), '--runtime', ...also], progress) : undefined;
      const reports = [core, ...(runtime ? [runtime] : [])];
      const notes = reports.flatMap(({ problems, verdicts }) => [...problems, ...verdicts.flatMap(complaint)]);
      const seen = SHOWN_TO.map((it) => `${it} ${core.verdicts.filter(({ rungs }) => rungs?.[it]).length}`).join(', ');
      const byTests = runtime ? `, ${killed(runtime, 'runtime')}` : '';
      const ratios = core.verdicts.flatMap(({ run: { length } = [], shrunk }) =>
        shrunk !== undefined && length > 0 ? [shrunk / length] : [],
      );
      const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
      const lengths = `shrunk/shortest ${mean.toFixed(2)} over ${ratios.length}`;
      const number = `${killed(core, 'core')} (${seen}), ${lengths}${byTests}`;
      const isShort = also.length > 0 || (ratios.length >= 20 && mean <= 1.5);
      const isMet = notes.length === 0 && isShort && reports.every(({ verdicts }) => verdicts.length > 0);
      return { number, isMet, notes, data: { core: core.verdicts, runtime: runtime?.verdicts } };
    },
  };
}

function complaint({ id, ok, why }: Verdict): string[] {
  return ok ? [] : [`${id} is not killed by whom the catalogue names: ${why}`];
}

function killed({ verdicts }: Report, part: string): string {
  return `${verdicts.filter(({ ok }) => ok).length} of ${verdicts.length} mutants of the ${part} killed`;
}

/** Runs the catalogue; each line that it says is progress. */
async function run(command: readonly string[], progress: (text: string) => void): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'procfutures-bugs-'));
  const file = join(folder, 'report.json');
  try {
    const child = spawn(process.execPath, [...command, '--json', file], { stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.setEncoding('utf8').on('data', (text: string) => progress(text.trimEnd().split('\n').at(-1) ?? ''));
    const code = await new Promise((resolve) => child.once('close', resolve));
    return read(file) ?? { problems: [`node ${command.join(' ')} ended with code ${code}`], verdicts: [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function read(file: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    // It has written none: its exit code and what it said tell why.
    return undefined;
  }
}
