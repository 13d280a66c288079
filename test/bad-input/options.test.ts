import type { ProcessPoolExecutorOptions } from 'procfutures';
import { describe, expect, it } from 'vitest';
import { readFacts } from '../helpers/facts.ts';
import { newPool } from '../helpers/pool.ts';
import { expectRefusal, type Refusal, shown, thrownBy, titled } from './refused.ts';

/** Values that no option of any kind accepts; some of them break a message that is put together carelessly. */
const neverRight = [null, true, Symbol('option'), 4n, Object.create(null) as object] as const;

type Row = [option: string, value: unknown, kind: Refusal, right: RegExp];
const rows: Row[] = [];
const wrong = (option: string, kind: Refusal, right: RegExp, values: readonly unknown[]) => {
  for (const value of values) rows.push([option, value, kind, right]);
};

for (const option of ['maxWorkers', 'maxTasksPerChild']) {
  wrong(option, TypeError, /number|integer/i, [...neverRight, '4', [4], { value: 4 }, () => 4]);
  wrong(option, RangeError, /integer/i, [0, -0, -1, 1.5, Number.NaN, Infinity, -Infinity, 2 ** 53]);
}
for (const option of ['prefetchHorizon', 'bootTimeout', 'killGrace']) {
  wrong(option, TypeError, /number|ms|milliseconds/i, [...neverRight, '100', [100], {}, () => 100, new Date(0)]);
  wrong(option, RangeError, /from 0/i, [-1, -0.001, Number.NaN, -Infinity]);
}
wrong('bootTimeout', RangeError, /Infinity/, [2 ** 31]); // a timer of Node would fire at once
for (const option of ['killGrace', 'prefetchHorizon']) wrong(option, RangeError, /from 0/, [Infinity, 2 ** 31]);
wrong('initializer', TypeError, /task/i, [...neverRight, 5, 'init', {}, () => {}, class {}, Promise.resolve()]);
wrong('initArgs', TypeError, /array/i, [...neverRight, 5, 'ab', {}, () => [], new Set([1]), { length: 1, 0: 1 }]);
wrong('workerOptions', TypeError, /object/i, [null, true, 4n, Symbol('option'), 5, 'node', () => {}]);

const workerRows: Row[] = [];
const wrongInWorker = (option: string, kind: Refusal, right: RegExp, values: readonly unknown[]) => {
  for (const value of values) workerRows.push([option, value, kind, right]);
};
wrongInWorker('execPath', TypeError, /string/i, [...neverRight, 5, ['node'], {}, () => 'node']);
wrongInWorker('execPath', RangeError, /./, ['', 'no\0de']);
wrongInWorker('execArgv', TypeError, /array|strings?/i, [
  ...neverRight,
  5,
  '--flag',
  {},
  [5],
  ['--ok', null],
  [['--a']],
]);
wrongInWorker('execArgv', RangeError, /./, [['--ti\0tle']]);
wrongInWorker('env', TypeError, /object/i, [null, true, 4n, 5, 'A=1', () => {}, Symbol('option')]);
wrongInWorker('env', RangeError, /./, [{ NAME: 'val\0ue' }]);
wrongInWorker('env', TypeError, /string/i, [{ NAME: 5 }, { NAME: null }]);
wrongInWorker('cwd', TypeError, /string|URL|path/i, [...neverRight, 5, ['/'], () => '/']);
wrongInWorker('cwd', RangeError, /./, ['/no\0where', new URL('http://example.org/')]);
wrongInWorker('stdio', TypeError, /array|stdio|ignore/i, [null, true, 4n, 5, {}, () => {}, Symbol('option')]);
wrongInWorker('stdio', RangeError, /ignore|inherit|pipe|three|3/i, [
  [],
  ['ignore'],
  ['ignore', 'inherit', 'inherit', 'pipe'],
  ['ignore', 'inherit', 'bogus'],
]);

/** Constructs a pool from what must be refused; should it be accepted, nothing was submitted, so nothing is spawned. */
function refusal(options: unknown): unknown {
  const before = readFacts().processes.size;
  const error = thrownBy(() => newPool(options as ProcessPoolExecutorOptions));
  expect(readFacts().processes.size, 'child processes').toBe(before);
  return error;
}

describe('the options of the constructor', () => {
  it.each(titled(rows, ([option, value, kind]) => `${option}: ${shown(value)} is a ${kind.name}`))('%s', (_, row) => {
    const [option, value, kind, right] = row;
    expectRefusal(refusal({ [option]: value }), kind, new RegExp(`\\b${option}\\b`), right);
  });

  it.each(titled(workerRows, ([option, value, kind]) => `workerOptions.${option}: ${shown(value)} is a ${kind.name}`))(
    '%s',
    (_, row) => {
      const [option, value, kind, right] = row;
      expectRefusal(refusal({ workerOptions: { [option]: value } }), kind, new RegExp(`\\b${option}\\b`), right);
    },
  );

  it.each(titled([null, 5, 'options', true, 4n, Symbol('options'), () => {}]))(
    'options that are no object (%s) are a TypeError',
    (_, value) => {
      expectRefusal(refusal(value), TypeError, /options/i, /object/i);
    },
  );

  it('trace that is no sink is a TypeError', () => {
    for (const trace of [5, true, 'file.jsonl', {}]) expectRefusal(refusal({ trace }), TypeError, /\btrace\b/);
  });

  it('an option that is undefined is an option that is absent', async () => {
    const names = ['maxWorkers', 'initializer', 'initArgs', 'maxTasksPerChild', 'prefetchHorizon', 'bootTimeout'];
    const absent = Object.fromEntries([...names, 'killGrace', 'workerOptions'].map((name) => [name, undefined]));
    const pool = newPool(absent as ProcessPoolExecutorOptions);
    expect(pool.state).toBe('running');
    await pool.shutdown();
  });

  it('workerOptions whose fields are undefined are the defaults', async () => {
    const absent = { execPath: undefined, execArgv: undefined, env: undefined, cwd: undefined, stdio: undefined };
    const pool = newPool({ workerOptions: absent } as unknown as ProcessPoolExecutorOptions);
    expect(pool.state).toBe('running');
    await pool.shutdown();
  });

  it.each([
    { maxWorkers: 1 },
    { maxTasksPerChild: 1 },
    { prefetchHorizon: 0 },
    { bootTimeout: Infinity },
    { killGrace: 0 },
  ])('the bounds themselves are right: %o', async (options) => {
    const pool = newPool(options);
    expect(pool.state).toBe('running');
    await pool.shutdown();
  });

  it('options are read once: changing the object afterwards changes nothing', async () => {
    const options = { maxWorkers: 1, workerOptions: { execArgv: [] as string[], env: { ...process.env } } };
    const pool = newPool(options);
    options.maxWorkers = -1;
    options.workerOptions.execArgv.push('--no-such-flag-of-node');
    const { tasks } = await import('../crash/tasks.ts');
    try {
      expect(await pool.submit(tasks.double, 21)).toBe(42);
    } finally {
      await pool.shutdown();
    }
  });
});
