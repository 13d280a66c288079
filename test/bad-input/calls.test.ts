import { ExecutorShutdownError, type ProcessPoolExecutor } from 'procfutures';
import { describe, expect, it } from 'vitest';
import { withPool } from '../crash/support.ts';
import { tasks } from '../crash/tasks.ts';
import { expectRefusal, expectUnchanged, type Refusal, refusalOf, shown, thrownBy, titled } from './refused.ts';

const noTasks = [
  undefined,
  null,
  5,
  4n,
  'double',
  true,
  Symbol('task'),
  {},
  [],
  Object.create(null),
  Promise.resolve(),
  class {},
];
const noIterables = [undefined, null, 5, true, {}, () => {}, Symbol('iterable')];

describe('submit', () => {
  it.each(titled(noTasks))('what is no task (%s) is a TypeError', (_, value) =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      const error = await expectUnchanged(pool, () => thrownBy(() => pool.submit(value as never)));
      expectRefusal(error, TypeError, /task/i);
      expect(pool.stats().spawned).toBe(0);
    }),
  );

  it.each([
    ['a plain function', (n: number) => n],
    ['an async function', async (n: number) => n],
    [
      'a named function',
      function double(n: number) {
        return 2 * n;
      },
    ],
  ])('%s is a TypeError that suggests inline() and tasksFrom()', (_, fn) =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      const error = await expectUnchanged(pool, () => thrownBy(() => pool.submit(fn as never, 1 as never)));
      expectRefusal(error, TypeError, /inline/, /tasksFrom/);
    }),
  );

  it('a forgery of a task is refused too', () =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      const forged = { ...tasks.double, module: 'file:///etc/passwd', export: 'default', name: 'double' };
      const error = await expectUnchanged(pool, () => thrownBy(() => pool.submit(forged as never)));
      expectRefusal(error, TypeError, /task/i);
    }));

  it('a bad call after shutdown is refused, whichever of the two reasons is given', () =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      await pool.shutdown();
      const error = await expectUnchanged(pool, () => thrownBy(() => pool.submit(5 as never)));
      expect(error instanceof TypeError || error instanceof ExecutorShutdownError).toBe(true);
    }));
});

describe.each(['map', 'starmap'] as const)('%s', (method) => {
  const call = (pool: ProcessPoolExecutor, task: unknown, iterable: unknown, options?: unknown) =>
    thrownBy(() => (pool[method] as (...args: unknown[]) => unknown).call(pool, task, iterable, options));

  it.each(titled([...noTasks, (n: number) => n]))('what is no task (%s) is a TypeError, at the call', (_, value) =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      const error = await expectUnchanged(pool, () => call(pool, value, [[1]]));
      expectRefusal(error, TypeError, /task/i);
    }),
  );

  it.each(titled(noIterables))('what is not iterable (%s) is a TypeError, at the call', (_, value) =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      const error = await expectUnchanged(pool, () => call(pool, tasks.double, value));
      expectRefusal(error, TypeError, /iterable/i);
    }),
  );

  const options: [option: string, kind: Refusal, right: RegExp, values: unknown[]][] = [];
  for (const option of ['chunksize', 'buffersize']) {
    options.push([option, TypeError, /number|integer/i, ['3', null, true, 4n, [1], {}, Symbol('option')]]);
    options.push([option, RangeError, /integer/i, [0, -1, 1.5, Number.NaN, Infinity]]);
  }
  options.push(['timeout', TypeError, /number|ms|milliseconds/i, ['100', null, true, 4n, [1], {}, Symbol('option')]]);
  options.push(['timeout', RangeError, /./, [-1, -0.5, Number.NaN, -Infinity, 2 ** 31]]);
  const cases = options.flatMap(([option, kind, right, values]) =>
    values.map((value) => ({ option, kind, right, value })),
  );

  it.each(titled(cases, ({ option, value, kind }) => `${option}: ${shown(value)} is a ${kind.name}`))(
    '%s, at the call',
    (_, { option, kind, right, value }) =>
      withPool({ maxWorkers: 1 }, async (pool) => {
        let pulled = 0;
        const input = {
          *[Symbol.iterator]() {
            pulled += 1;
            yield [1];
          },
        };
        const error = await expectUnchanged(pool, () => call(pool, tasks.double, input, { [option]: value }));
        expectRefusal(error, kind, new RegExp(`\\b${option}\\b`), right);
        expect(pulled, 'items that were taken from the input').toBe(0);
      }),
  );

  it.each(titled([null, 5, 'options', true, () => {}]))('options that are no object (%s) are a TypeError', (_, value) =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      const error = await expectUnchanged(pool, () => call(pool, tasks.double, [[1]], value));
      expectRefusal(error, TypeError, /options/i, /object/i);
    }),
  );

  it('an iterable whose iterator cannot be had fails with its own error, and submits nothing', () =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      const broken = {
        [Symbol.iterator]() {
          throw new EvalError('no iterator today');
        },
      };
      const open = pool[method] as unknown as (task: unknown, input: unknown) => AsyncIterable<unknown>;
      const error = await expectUnchanged(pool, () =>
        refusalOf(async () => {
          for await (const _ of open.call(pool, tasks.double, broken));
        }),
      );
      expect(error).toBeInstanceOf(EvalError);
    }));
});

describe('starmap', () => {
  it.each(titled([5, 'ab', null, {}, new Set([1])]))('an item that is no tuple (%s) is a TypeError', (_, value) =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      const error = await refusalOf(async () => {
        for await (const _ of pool.starmap(tasks.double, [value as never]));
      });
      expectRefusal(error, TypeError, /tuple|array/i);
    }),
  );
});

describe('shutdown', () => {
  const cases: [string, unknown][] = [
    ['wait', { wait: 'yes' }],
    ['wait', { wait: 1 }],
    ['wait', { wait: null }],
    ['wait', { wait: Symbol('wait') }],
    ['cancelFutures', { cancelFutures: 'no' }],
    ['cancelFutures', { cancelFutures: 0 }],
    ['cancelFutures', { cancelFutures: null }],
    ['options', null],
    ['options', 5],
    ['options', true],
    ['options', 'now'],
  ];
  it.each(titled(cases, ([, options]) => shown(options)))(
    'shutdown(%s) is a TypeError and shuts nothing down',
    (_, [option, value]) =>
      withPool({ maxWorkers: 1 }, async (pool) => {
        const error = await expectUnchanged(pool, () => refusalOf(async () => pool.shutdown(value as never)));
        expectRefusal(
          error,
          TypeError,
          new RegExp(`\\b${option}\\b`),
          option === 'options' ? /object/i : /true or false|boolean/i,
        );
        expect(await pool.submit(tasks.double, 1)).toBe(2);
      }),
  );

  it('undefined is the default', () =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      await pool.shutdown({ wait: undefined, cancelFutures: undefined } as never);
      expect(pool.state).toBe('joined');
    }));
});

describe('methods taken off their object', () => {
  it.each(['submit', 'map', 'starmap', 'shutdown', 'terminateWorkers', 'killWorkers', 'stats'] as const)(
    '%s without its pool is a TypeError',
    (name) =>
      withPool({ maxWorkers: 1 }, async (pool) => {
        const method = pool[name] as (...args: unknown[]) => unknown;
        const error = await expectUnchanged(pool, () =>
          refusalOf(async () => method.call(undefined, tasks.double, [])),
        );
        expect(error).toBeInstanceOf(TypeError);
      }),
  );
});
