/**
 * The command as it is run, and the process that holds the pools as it is seen from outside.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratch } from '../helpers/gate.ts';
import { Lane } from './lanes.ts';
import type { ChaosReport } from './summary.ts';
import { add, planOf } from './support.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Inside the package, so that it finds itself by name; a place of its own, so that it disturbs no run under way. */
const built = join(root, 'dist', `test-${process.pid}`);

interface Ended {
  readonly code: number | string | null | undefined;
  readonly output: string;
}

function node(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd: root, env: { ...process.env, INIT_CWD: root, ...env }, timeout: 60_000 };
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, output: `${stdout}${stderr}` });
    });
  });
}

beforeAll(async () => {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const compiled = await node([compiler, '-p', 'test/chaos/tsconfig.json', '--outDir', built]);
  expect(compiled).toEqual({ code: 0, output: '' });
}, 60_000);

afterAll(() => rmSync(built, { recursive: true, force: true }));

/** Runs the command; what it leaves behind lies in `tmp`. */
async function chaos(...args: readonly string[]): Promise<Ended & { readonly tmp: string }> {
  const tmp = scratch();
  return { ...(await node([join(built, 'chaos', 'main.js'), ...args], { TMPDIR: tmp })), tmp };
}

function planFile(plan: object): string {
  const file = join(scratch(), 'plan.json');
  writeFileSync(file, JSON.stringify(plan));
  return file;
}

/** The sum is no number, so the right answer is none that could come. */
const wrong = planOf([add(0), { do: 'submit', call: 1, spec: { task: 'add', a: 1 } as never }, add(2)]);

describe('npm run chaos', () => {
  it('runs episodes, prints a table, writes a report and leaves no file', async () => {
    const file = join(scratch(), 'report.json');
    const { code, output, tmp } = await chaos('--episodes', '4', '--seed', 'command', '--json', file);
    expect(output).toContain('chaos: seed command');
    expect(output).toContain('4 episodes on real processes, seed command');
    expect({ code, output }).toMatchObject({ code: 0 });
    const report = JSON.parse(readFileSync(file, 'utf8')) as ChaosReport;
    expect(report).toMatchObject({ episodes: 4, seed: 'command', mismatches: 0, orphans: 0, ok: true, failures: [] });
    expect(report.eventsValidated).toBeGreaterThan(20);
    expect(readdirSync(tmp)).toEqual([]);
  });

  it('--help says what can be asked for, and runs nothing', async () => {
    const { code, output } = await chaos('--help');
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringMatching(/^npm run chaos -- \[options\]/) });
  });

  it('fails on a failing episode, names a directory with its plan, and that plan fails again', async () => {
    const first = await chaos('--replay', planFile(wrong));
    expect(first.code, first.output).toBe(1);
    expect(first.output).toContain('values: call 1: {"task":"add","a":1} gave');
    const directory = /plan, history and trace: (\S+)/.exec(first.output)?.[1] as string;
    expect(readdirSync(directory).sort()).toEqual(
      ['history.jsonl', 'open', 'plan.json', 'problems.json', 'trace.jsonl'].sort(),
    );
    const again = await chaos('--replay', join(directory, 'plan.json'), '--times', '2');
    expect(again.code).toBe(1);
    expect(again.output).toContain('episode 1 failed');
  });

  it('finds the shortest plan that fails', async () => {
    const { code, output } = await chaos('--replay', planFile(wrong), '--shrink', '--times', '1');
    expect(code).toBe(1);
    const directory = /plan, history and trace: (\S+)/.exec(output)?.[1] as string;
    expect(JSON.parse(readFileSync(join(directory, 'plan.json'), 'utf8')).steps).toEqual([
      { do: 'submit', call: 1, spec: { task: 'add', a: 1 } },
    ]);
  });

  it('reports an episode that cannot even begin, and an option that does not exist', async () => {
    const impossible = { ...planOf([]), options: { ...planOf([]).options, maxWorkers: 0 } };
    const failed = await chaos('--replay', planFile(impossible));
    expect(failed.code).toBe(1);
    expect(failed.output).toMatch(/parent: the episode itself failed: RangeError: maxWorkers/);
    const misused = await chaos('--epsiodes', '3');
    expect(misused.code).toBe(2);
    expect(misused.output).toContain('npm run chaos -- [options]');
  });
});

describe('the process that holds the pools', () => {
  async function runOn(program: string, end: 'drain' | 'killed' = 'drain', standstill = 15_000) {
    const dir = scratch();
    const file = join(dir, 'lane.mjs');
    writeFileSync(file, program);
    mkdirSync(join(dir, 'episode'));
    const lane = new Lane(dir, { program: pathToFileURL(file), standstill });
    const report = await lane.run(planOf([add(0)], { end }), join(dir, 'episode'));
    await lane.close();
    expect(existsSync(join(dir, 'episode', 'plan.json'))).toBe(true);
    return report.problems.filter(({ check }) => check === 'parent').map(({ text }) => text);
  }

  it('is seen to die, with its last words', async () => {
    const [text] = await runOn("process.on('message', () => { console.error('last words'); process.exit(3); });");
    expect(text).toMatch(/ended with code 3, signal null.*last words/s);
  });

  it('is seen to stand still', async () => {
    const [text] = await runOn("process.on('message', () => { for (;;); });", 'drain', 1_000);
    expect(text).toMatch(/stood still for 1000 ms and was killed/);
  });

  it('is seen to live on where its plan ends it', async () => {
    const program = "process.on('message', () => process.send({ leaving: 'killed' }, () => process.exit(0)));";
    expect(await runOn(program, 'killed')).toEqual([expect.stringMatching(/ended with code 0/)]);
  });
});
