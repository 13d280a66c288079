/** The examples of the README's section on verification: what they find, and how they say it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inline, ProcessPoolExecutor } from 'procfutures';
import { checkExecutor } from 'procfutures/properties';
import { describe, expect, it } from 'vitest';
import { runScript, scratch } from '../helpers/gate.ts';
import { expectWarning } from '../helpers/leaks.ts';
import { fixture } from '../helpers/pool.ts';
import { runExample } from './run-example.ts';
import { smallTree } from './trees.ts';

describe('checkExecutor on an executor of one’s own', () => {
  it('finds the bug by the fewest events, as the README shows, and finds nothing in the mended one', async () => {
    const { code, stdout } = await runExample('own-executor');
    const [found, mended] = stdout.split('The same without it:\n');
    expect(found).toMatch(/^C6 is broken: shutdown\(\) resolves/m);
    expect(found).toMatch(/^ {2}submit -> c0 RUNNING, c1 PENDING\n {2}cancel 1 -> c0 RUNNING, c1 CANCELLED$/m);
    expect(found).toMatch(/replay: \["submit","submit","cancel 1"\]/);
    expect(mended).toMatch(/100 runs of \d+ events together keep every promise/);
    expect(mended).toMatch(/^ {2}a shutdown cancelled$/m);
    expect(code).toBe(0);
    const shown = stdout.slice(stdout.indexOf('C6'), stdout.indexOf('\n\nThe same'));
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(readme.includes(`\`\`\`text\n${shown}\n\`\`\``), `paste it into README.md:\n${shown}`).toBe(true);
  });
});

describe('verifyTrace on a trace of hash-tree', () => {
  it('finds it good, and names the step in one that was altered', async () => {
    const folder = scratch();
    const trace = join(folder, 'run.jsonl');
    await runExample('hash-tree', [smallTree().root, '--workers', '2', '--trace', trace]);
    const good = await runExample('verify-trace', [trace]);
    expect(good.stdout).toMatch(
      /^The trace is good: \d+ steps repeated and judged, every accepted call is settled\.$/m,
    );
    expect(good.code).toBe(0);
    const lines = readFileSync(trace, 'utf8').split('\n');
    const at = lines.findIndex((line) => line.includes('"outcomeReceived"'));
    writeFileSync(trace, lines.toSpliced(at, 1).join('\n'));
    const bad = await runExample('verify-trace', [trace]);
    expect(bad.stdout).toContain(`Line ${at + 1} `);
    expect(bad.code).toBe(1);
  });

  it('a file that cannot be read ends with code 2 and a sentence, an empty one with a verdict', async () => {
    const none = join(scratch(), 'none.jsonl');
    const missing = await runExample('verify-trace', [none]);
    expect(missing.stderr).toMatch(/^Cannot read the trace: ENOENT/);
    expect(missing.code).toBe(2);
    writeFileSync(none, '');
    const empty = await runExample('verify-trace', [none]);
    expect(empty.stdout).toContain('the trace is empty');
    expect(empty.code).toBe(1);
  });

  it('a file that cannot be written ends with code 2 and a sentence', async () => {
    const { code, stderr } = await runExample('hash-tree', [smallTree().root, '--trace', '/']);
    expect(stderr).toMatch(/^Cannot write the trace: EISDIR/);
    expect(code).toBe(2);
  });
});

describe('checkExecutor on an executor that lets callbacks throw into the event loop', () => {
  it('tells which promise that breaks, though such an error would end the process', async () => {
    const { stdout, code } = await runScript(fixture('lets-callbacks-throw.js'));
    expect(stdout).toMatch(/^C12 is broken: A callback that throws stops neither the others nor the executor/);
    expect(stdout).toContain('nobody caught what callback 1 had thrown');
    expect(stdout).toContain('replay: ["submit","watchThrow 0"]');
    expect(code).toBe(0);
  });

  it('leaves any other error that nobody catches what it is: the end of the process', async () => {
    const { stdout, stderr, code } = await runScript(fixture('lets-callbacks-throw.js'), ['another']);
    expect(stdout).toBe('');
    expect(stderr).toContain('RangeError: of the executor itself');
    expect(code).not.toBe(0);
  });
});

describe('checkExecutor on a ProcessPoolExecutor', () => {
  it.each([
    // A call that waits in a worker behind a long one may be overtaken by any number.
    ['that may send a call ahead of time', {}, 16],
    ['that sends each call when its worker is free', { prefetchHorizon: 0 }, 2],
  ])('real processes keep every promise of an executor %s', { timeout: 120_000 }, async (_, more, workers) => {
    // One run in eight has a callback that throws.
    expectWarning(/A done callback of a future threw/);
    const folder = scratch();
    const task = inline(async (path: string, call: number) => {
      process.getBuiltinModule('node:fs').appendFileSync(path, `${call}\n`);
      if (call % 4 === 1) await new Promise((resolve) => setTimeout(resolve, 5));
      if (call % 5 === 2) throw new Error(`call ${call} fails`);
      return call;
    });
    const marks = new WeakMap<ProcessPoolExecutor, string>();
    let pools = 0;
    const { runs, seen, unjudged } = await checkExecutor(
      () => {
        const pool = new ProcessPoolExecutor({ maxWorkers: 2, maxTasksPerChild: 3, ...more });
        const path = join(folder, `${pools++}`);
        writeFileSync(path, '');
        marks.set(pool, path);
        return pool;
      },
      {
        submit: (pool, call) => pool.submit(task, marks.get(pool) as string, call),
        outcome: (call) => (call % 5 === 2 ? { error: new Error(`call ${call} fails`) } : { result: call }),
        starts: (pool) => (readFileSync(marks.get(pool) as string, 'utf8').match(/\d+/g) ?? []).map(Number),
        workers,
        runs: 15,
        length: 16,
        // Ends what hangs; a slow machine must not look like a bug.
        timeout: 60_000,
      },
    );
    expect(runs).toBe(15);
    // Whatever the speed of the machine.
    expect([...seen]).toEqual(
      expect.arrayContaining([
        'a call ended with a result',
        'a call ended with an error',
        'a call was cancelled',
        'a shutdown cancelled',
        'a shutdown let calls finish',
        'a submit was refused',
      ]),
    );
    expect(unjudged.map((promise) => promise.split(':')[0])).toEqual(['C16', 'C18']);
  });
});
