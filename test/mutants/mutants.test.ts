/**
 * The mutant catalogue: complete, up to date, and every mutant that exploration can see is killed by the property that is
 * named. `node test/mutants/run.mjs` prints the same, and runs those that a test has to kill (`--runtime`).
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { invariants } from '../../properties/catalogue.ts';
import { LIVENESS, NO_CRASH } from '../../properties/rest.ts';
import type { Entry } from './entry.ts';

interface Verdict {
  readonly id: string;
  readonly ok: boolean;
  readonly broken: readonly string[];
  readonly why: string;
  readonly run: readonly string[];
}

interface Report {
  readonly problems: readonly string[];
  readonly verdicts: readonly Verdict[];
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const runner = fileURLToPath(new URL('run.mjs', import.meta.url));

/** Runs the catalogue as a user would; a bad verdict is in the report, and so not in the exit code. */
async function runCatalogue(...args: string[]): Promise<{ report: Report; code: number; output: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'procfutures-catalogue-'));
  const file = join(folder, 'report.json');
  try {
    const { code, output } = await promisify(execFile)(process.execPath, [runner, '--json', file, ...args]).then(
      ({ stdout }) => ({ code: 0, output: stdout }),
      (error: { code: number; stdout: string }) => ({ code: error.code, output: error.stdout }),
    );
    return { report: JSON.parse(readFileSync(file, 'utf8')), code, output };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

it('every mutant that exploration can see is killed by the property that is named', { timeout: 300_000 }, async () => {
  const { report, code, output } = await runCatalogue();
  expect(report.problems, 'the catalogue: each sentence says what to do').toEqual([]);
  const bad = report.verdicts.filter(({ ok }) => !ok).map(({ id, broken, why }) => `${id}: ${broken}: ${why}`);
  expect(bad, 'mutants that survive, or that another property kills: see the entry').toEqual([]);
  expect(report.verdicts.length).toBeGreaterThanOrEqual(50);
  expect({ code, output }).toMatchObject({ code: 0 });
  const { loadEntries, namedBy } = await import('./lib/catalogue.mjs' as string);
  const entries: Entry[] = await loadEntries();
  const { matrix, runs } = await import('./lib/report.mjs' as string);
  const named = entries.flatMap((entry) => namedBy(entry) as string[]);
  expect(
    [...invariants, LIVENESS, NO_CRASH].map(({ id }) => id).filter((id) => !named.includes(id)),
    'promises that no entry names: plant a bug that each of them finds (S-<promise>.mjs)',
  ).toEqual([]);
  expect(
    readFileSync(join(root, 'docs', 'mutants.md'), 'utf8'),
    'docs/mutants.md is out of step: run node test/mutants/run.mjs --write',
  ).toBe(matrix(entries, report.verdicts));
  expect(
    readFileSync(join(root, 'test', 'corpus', 'catalogue.json'), 'utf8'),
    'test/corpus/catalogue.json is out of step: run node test/mutants/run.mjs --write',
  ).toBe(runs(entries, report.verdicts));
});

it('a mutant that nobody kills, and one that another property kills, are told', { timeout: 60_000 }, async () => {
  const { report, code, output } = await runCatalogue(
    '--entries',
    fileURLToPath(new URL('selftest/', import.meta.url)),
  );
  expect(code).toBe(1);
  expect(report.verdicts.map(({ id, ok }) => [id, ok])).toEqual([
    ['survivor', false],
    ['wrong', false],
  ]);
  expect(output).toMatch(/survivor .*SURVIVES I1: all \d+ states keep every promise/);
  expect(output).toMatch(/wrong .*KILLED BY P3, not by I1: /);
});

it('an entry whose snippet is gone is stale, and nothing is judged', async () => {
  const { report, code } = await runCatalogue('--entries', fileURLToPath(new URL('selftest-stale/', import.meta.url)));
  expect(code).toBe(1);
  expect(report.verdicts).toEqual([]);
  expect(report.problems.join('\n')).toMatch(/'no such line' is in machines\/core\.ts 0 times, not once \(stale/);
});
