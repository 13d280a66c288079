/**
 * CPython 3.16, Lib/test/test_concurrent_futures/executor.py, class ExecutorTest: the tests that every executor must
 * pass, here on real processes. Those about `map` are in executor-map.test.ts; both files together hold all 21 names,
 * which the last test checks.
 */
import { ExecutorShutdownError } from 'procfutures';
import { describe, expect, it } from 'vitest';
import { collected, soon } from '../helpers/gate.ts';
import { newPool } from '../helpers/pool.ts';
import { coveredNames, tasks, withPool } from './executor-support.ts';

const EXECUTOR_TEST = [
  'test_submit',
  'test_submit_keyword',
  'test_map',
  'test_map_exception',
  'test_map_timeout_from_callable',
  'test_map_timeout',
  'test_map_close',
  'test_map_buffersize_type_validation',
  'test_map_buffersize_value_validation',
  'test_map_buffersize',
  'test_map_buffersize_on_multiple_iterables',
  'test_map_buffersize_on_infinite_iterable',
  'test_map_buffersize_on_multiple_infinite_iterables',
  'test_map_buffersize_on_empty_iterable',
  'test_map_buffersize_without_iterable',
  'test_map_buffersize_when_buffer_is_full',
  'test_shutdown_race_issue12456',
  'test_no_stale_references',
  'test_max_workers_negative',
  'test_free_reference',
  'test_swallows_falsey_exceptions',
];

describe('ExecutorTest', () => {
  // ExecutorTest.test_submit: one call goes out and its value comes back through the future.
  it('test_submit: the result of one call arrives in its future', async () => {
    await withPool({ maxWorkers: 2 }, async (pool) => {
      const future = pool.submit(tasks.pow, 2, 8);
      expect(await soon(future.result(), 'pow(2, 8)')).toBe(256);
      expect(future.done()).toBe(true);
      await pool.shutdown();
    });
  });

  // ExecutorTest.test_submit_keyword: keyword arguments pass through, `self` and `fn` among them, and a missing callable
  // is a TypeError. JavaScript has no keyword arguments: the object that stands for them is one argument, and its keys
  // belong to the task alone.
  it('test_submit_keyword: an argument object passes through whatever its keys; a missing task is a TypeError', async () => {
    await withPool({ maxWorkers: 2 }, async (pool) => {
      const keywords = { self: 1, fn: 2, task: 3, args: [4], timeout: 5 };
      expect(await soon(pool.submit(tasks.capture, 0, keywords), 'capture')).toEqual([0, keywords]);

      const before = pool.stats();
      // @ts-expect-error the task is required
      expect(() => pool.submit()).toThrow(TypeError);
      // @ts-expect-error an object that names a task is none
      expect(() => pool.submit({ fn: tasks.capture, arg: 1 })).toThrow(TypeError);
      // @ts-expect-error a function of this process is no task: it could not be found again in a worker
      expect(() => pool.submit((x: number) => x, 1)).toThrow(TypeError);
      expect(pool.stats(), 'a refused submit must leave no trace').toEqual(before);
      await pool.shutdown();
    });
  });

  // ExecutorTest.test_shutdown_race_issue12456: one call more than there are workers, then shutdown at once. The stop
  // tokens found a full queue, and CPython before 3.3 waited for readers that were gone (H02).
  it('test_shutdown_race_issue12456: a map with one call more than workers, then shutdown at once, does not hang', async () => {
    await withPool({ maxWorkers: 2 }, async (pool) => {
      const results = pool.map(tasks.makeObject, [2, 2, 2]);
      await soon(pool.shutdown(), 'shutdown right after map');
      expect((await results.collect()).map(({ index }) => index)).toEqual([2, 2, 2]);
    });
  });

  // ExecutorTest.test_no_stale_references: once the call is done nothing in the executor refers to the callable or to its
  // arguments (H51), although the executor and the future live on.
  it('test_no_stale_references: an argument can be collected after its call, while pool and future live on', async () => {
    await withPool({ maxWorkers: 1 }, async (pool) => {
      const submitOne = () => {
        const argument = { padding: 'x'.repeat(1000) };
        return { future: pool.submit(tasks.capture, argument), argument: new WeakRef(argument) };
      };
      const { future, argument } = submitOne();
      await soon(future, 'capture');
      await collected(argument, 'the argument of a finished call');
      expect(future.done()).toBe(true);
      expect(pool.state).toBe('running');
      await pool.shutdown();
    });
  });

  // ExecutorTest.test_max_workers_negative: 0 and -1 are refused with ValueError when the executor is built (H09: a pool
  // without workers accepted calls that could never run).
  it('test_max_workers_negative: 0 and -1 workers are a RangeError that names the option', () => {
    for (const maxWorkers of [0, -1]) {
      expect(() => newPool({ maxWorkers })).toThrow(RangeError);
      expect(() => newPool({ maxWorkers })).toThrow(/maxWorkers/);
    }
  });

  // ExecutorTest.test_swallows_falsey_exceptions: an exception whose bool or len is falsy still makes `result` raise; it
  // was tested for truth before 3.14 (H42). In JavaScript the falsy values themselves can be thrown.
  it('test_swallows_falsey_exceptions: a thrown falsy value rejects the future with that very value', async () => {
    await withPool({ maxWorkers: 1 }, async (pool) => {
      for (const thrown of [undefined, null, false, 0, -0, 0n, Number.NaN, '']) {
        const future = pool.submit(tasks.throwValue, thrown);
        const outcome = await soon(
          future.result().then(
            (value) => ({ returned: value }),
            (error: unknown) => ({ thrown: error }),
          ),
          `throw ${String(thrown)}`,
        );
        expect(outcome, `throw ${String(thrown)} must not look like a return`).toEqual({ thrown });
      }
      const falsyError = Object.assign(new Error(''), { name: '', length: 0 });
      await expect(pool.submit(tasks.throwValue, falsyError).result()).rejects.toBeInstanceOf(Error);
      await pool.shutdown();
      expect(() => pool.submit(tasks.pid)).toThrow(ExecutorShutdownError);
    });
  });
});

it('this file and executor-map.test.ts hold every test of ExecutorTest', () => {
  expect(
    coveredNames(import.meta.url, 'executor.test.ts', 'executor-map.test.ts'),
    "add the missing test by CPython's name, or correct the name",
  ).toEqual([...EXECUTOR_TEST].sort());
});
