/**
 * CPython 3.16, Lib/test/test_concurrent_futures/executor.py, class ExecutorTest, the tests about `map`, on real
 * processes. CPython's `map(fn, *iterables)` is two methods here: `map` for one iterable and `starmap` for tuples.
 */
import { TimeoutError } from 'procfutures';
import { describe, expect, it } from 'vitest';
import { collected, makeGate, scratch, soon } from '../helpers/gate.ts';
import { gateTasks, tasks, withPool } from './executor-support.ts';

/** 0, 1, 2, ... without end; counts what was taken from it. */
function counter() {
  const taken = { count: 0 };
  function* count(): Generator<number> {
    for (;;) yield taken.count++;
  }
  return { taken, numbers: count() };
}

const range = (length: number): number[] => Array.from({ length }, (_, index) => index);

describe('ExecutorTest, map', () => {
  // ExecutorTest.test_map: equal to the built-in map over the same input, also in chunks of 3.
  it('test_map: results equal those of Array.prototype.map, in input order, also with chunks of 3', async () => {
    await withPool({ maxWorkers: 2 }, async (pool) => {
      const pairs = range(10).map((base): [number, number] => [base, 2]);
      const squares = range(10).map((base) => base ** 2);
      expect(await pool.starmap(tasks.pow, pairs).collect()).toEqual(squares);
      expect(await pool.starmap(tasks.pow, pairs, { chunksize: 3 }).collect()).toEqual(squares);

      const indices: number[] = [];
      for await (const { index } of pool.map(tasks.makeObject, range(10), { chunksize: 3 })) indices.push(index);
      expect(indices).toEqual(range(10));
      await pool.shutdown();
    });
  });

  // ExecutorTest.test_map_exception (3.16): the error of an item is raised when its position is reached, the next item
  // follows it, then the iterator is exhausted and stays so. With chunksize 3 only the failing item is lost; up to 3.15
  // its whole chunk was, and the iteration ended there (H39).
  it('test_map_exception: an item that fails is thrown at its own position and the iteration goes on', async () => {
    await withPool({ maxWorkers: 2 }, async (pool) => {
      for (const chunksize of [1, 3]) {
        const results = pool.starmap(
          tasks.divmod,
          [
            [5, 2],
            [5, 0],
            [5, 3],
          ],
          { chunksize },
        );
        expect(await results.next()).toEqual({ done: false, value: [2, 1] });
        await expect(results.next()).rejects.toThrow(RangeError);
        expect(await results.next(), `the item after the failing one, chunksize ${chunksize}`).toEqual({
          done: false,
          value: [1, 2],
        });
        expect(await results.next()).toEqual({ done: true, value: undefined });
        expect(await results.next(), 'an exhausted iterator stays exhausted').toEqual({ done: true, value: undefined });
      }
      await pool.shutdown();
    });
  });

  // ExecutorTest.test_map_timeout_from_callable (gh-155852): a TimeoutError raised by the callable is the error of that
  // item and not the timeout of the map, whether map has a timeout or not: the items after it are delivered.
  it('test_map_timeout_from_callable: a TimeoutError of the task is not the timeout of the map', async () => {
    await withPool({ maxWorkers: 1 }, async (pool) => {
      for (const options of [{}, { timeout: 60_000 }, { timeout: 60_000, chunksize: 3 }]) {
        const results = pool.map(tasks.throwTimeout, [1, 2, 3], options);
        for (const item of [1, 2, 3]) {
          const error = await results.next().then(
            () => expect.unreachable(`item ${item} must throw`),
            (reason: unknown) => reason,
          );
          expect(error).toMatchObject({ name: 'TimeoutError', message: 'the task had a timeout of its own' });
          expect(error, 'the error of a task must never be an instance of our class').not.toBeInstanceOf(TimeoutError);
        }
        expect(await results.next()).toEqual({ done: true, value: undefined });
      }
      expect(pool.stats().cancelled, 'nothing may be cancelled').toBe(0);
      await pool.shutdown();
    });
  });

  // ExecutorTest.test_map_timeout: results that are there are delivered, then TimeoutError, then the iterator is
  // exhausted; what has not started is cancelled (H41: the awaited call, too, where it has not started).
  it('test_map_timeout: earlier results, then TimeoutError, then exhausted; what has not started never runs', async () => {
    const open = makeGate();
    open.open();
    const directory = scratch();
    const closed = makeGate(directory, 'closed');
    const never = makeGate(directory, 'never');
    await withPool({ maxWorkers: 1, prefetchHorizon: 0 }, async (pool) => {
      await soon(pool.submit(tasks.pid), 'the first call, which boots the worker');
      const results = pool.starmap(
        gateTasks.holdUntil,
        [
          [open.path, 1],
          [open.path, 2],
          [closed.path, 3],
          [never.path, 4],
        ],
        { timeout: 1000 },
      );
      expect(await results.next()).toEqual({ done: false, value: 1 });
      expect(await results.next()).toEqual({ done: false, value: 2 });
      await expect(soon(results.next(), 'the timeout of the map')).rejects.toThrow(TimeoutError);
      expect(await results.next()).toEqual({ done: true, value: undefined });
      expect(pool.stats()).toMatchObject({ running: 1, cancelled: 1 });
      closed.open();
      never.open();
      await soon(pool.shutdown(), 'shutdown');
      expect(never.pids(), 'a call cancelled by the timeout must never start').toEqual([]);
    });
  });

  // ExecutorTest.test_map_close: closing the iterator ends it, with chunks and without; what has not started is cancelled.
  it('test_map_close: return() ends the iteration and cancels what has not started, with chunks and without', async () => {
    for (const chunksize of [1, 2]) {
      const first = makeGate();
      const rest = makeGate();
      await withPool({ maxWorkers: 1, prefetchHorizon: 0 }, async (pool) => {
        const input: [string, number][] = [
          [first.path, 1],
          [first.path, 2],
          [rest.path, 3],
          [rest.path, 4],
          [rest.path, 5],
          [rest.path, 6],
        ];
        const results = pool.starmap(gateTasks.holdUntil, input, { chunksize });
        await first.reached();
        expect(await results.return()).toEqual({ done: true, value: undefined });
        expect(await results.next()).toEqual({ done: true, value: undefined });
        first.open();
        rest.open();
        await soon(pool.shutdown(), 'shutdown');
        expect(rest.pids(), `calls behind the closed iterator started, chunksize ${chunksize}`).toEqual([]);
        expect(first.pids()).toHaveLength(chunksize);
      });
    }
  });

  // ExecutorTest.test_map_buffersize_type_validation: anything but an integer or None is a TypeError at the call.
  it('test_map_buffersize_type_validation: a buffersize of another type is a TypeError at the call', async () => {
    await withPool({ maxWorkers: 1 }, async (pool) => {
      for (const buffersize of ['2', {}, true, 2n, [1]] as never[]) {
        expect(() => pool.map(tasks.makeObject, [1], { buffersize })).toThrow(TypeError);
        expect(() => pool.map(tasks.makeObject, [1], { buffersize })).toThrow(/buffersize/);
      }
      expect(pool.stats()).toMatchObject({ pending: 0, spawned: 0 });
      await pool.shutdown();
    });
  });

  // ExecutorTest.test_map_buffersize_value_validation: 0 and -1 are a ValueError at the call.
  it('test_map_buffersize_value_validation: a buffersize below 1 or no integer is a RangeError at the call', async () => {
    await withPool({ maxWorkers: 1 }, async (pool) => {
      for (const buffersize of [0, -1, 1.5, Number.NaN]) {
        expect(() => pool.map(tasks.makeObject, [1], { buffersize })).toThrow(RangeError);
        expect(() => pool.map(tasks.makeObject, [1], { buffersize })).toThrow(/buffersize/);
      }
      expect(pool.stats()).toMatchObject({ pending: 0, spawned: 0 });
      await pool.shutdown();
    });
  });

  // ExecutorTest.test_map_buffersize: a buffer smaller than the input, as large and larger gives the full result.
  it('test_map_buffersize: buffers below, at and above the length of the input give the full result', async () => {
    await withPool({ maxWorkers: 2 }, async (pool) => {
      for (const buffersize of [1, 2, 4, 8]) {
        const results = await soon(
          pool.map(tasks.makeObject, range(4), { buffersize }).collect(),
          `map with a buffer of ${buffersize}`,
        );
        expect(results.map(({ index }) => index)).toEqual(range(4));
      }
      await pool.shutdown();
    });
  });

  // ExecutorTest.test_map_buffersize_on_multiple_iterables: the same with two inputs, which are zipped.
  it('test_map_buffersize_on_multiple_iterables: starmap gives the full result for every buffersize', async () => {
    await withPool({ maxWorkers: 2 }, async (pool) => {
      const pairs = range(4).map((base): [number, number] => [base, base + 1]);
      for (const buffersize of [1, 2, 4, 8]) {
        const results = pool.starmap(tasks.pow, pairs, { buffersize });
        expect(await soon(results.collect(), `starmap with a buffer of ${buffersize}`)).toEqual([0, 1, 8, 81]);
      }
      await pool.shutdown();
    });
  });

  // ExecutorTest.test_map_buffersize_on_infinite_iterable: an input without end is consumed as the results are read.
  it('test_map_buffersize_on_infinite_iterable: an endless input is taken as far as results were read', async () => {
    await withPool({ maxWorkers: 2 }, async (pool) => {
      const { numbers, taken } = counter();
      const results = pool.map(tasks.makeObject, numbers, { buffersize: 2 });
      for (const expected of [0, 1, 2]) {
        expect((await soon(results.next(), 'the next result')).value).toMatchObject({ index: expected });
        expect(taken.count, 'items taken ahead of the reader').toBeLessThanOrEqual(expected + 1 + 2);
      }
      await results.return();
      const after = taken.count;

      const source = counter();
      let closed = false;
      async function* endless(): AsyncGenerator<number> {
        try {
          for (const number of source.numbers) yield number;
        } finally {
          closed = true;
        }
      }
      const later = pool.map(tasks.makeObject, endless(), { buffersize: 2 });
      for (const expected of [0, 1, 2]) {
        expect((await soon(later.next(), 'the next result')).value).toMatchObject({ index: expected });
      }
      await later.return();
      expect(closed, 'return() must close the input').toBe(true);
      await soon(pool.shutdown(), 'shutdown');
      expect(taken.count, 'a closed map must take nothing more').toBe(after);
      expect(source.taken.count).toBeLessThanOrEqual(3 + 2 + 1);
    });
  });

  // ExecutorTest.test_map_buffersize_on_multiple_infinite_iterables: the same with two endless inputs.
  it('test_map_buffersize_on_multiple_infinite_iterables: starmap over an endless input is as lazy', async () => {
    await withPool({ maxWorkers: 2 }, async (pool) => {
      const { numbers, taken } = counter();
      function* pairs(): Generator<[number, number]> {
        for (const number of numbers) yield [number, 2];
      }
      const results = pool.starmap(tasks.pow, pairs(), { buffersize: 2 });
      for (const expected of [0, 1, 4]) expect((await soon(results.next(), 'the next result')).value).toBe(expected);
      await results.return();
      expect(taken.count).toBeLessThanOrEqual(3 + 2);
      await soon(pool.shutdown(), 'shutdown');
    });
  });

  // ExecutorTest.test_map_buffersize_on_empty_iterable: an empty input is exhausted at once.
  it('test_map_buffersize_on_empty_iterable: an empty input is exhausted at once and starts no process', async () => {
    await withPool({ maxWorkers: 2 }, async (pool) => {
      const results = pool.map(tasks.makeObject, [], { buffersize: 8 });
      expect(await soon(results.next(), 'the end')).toEqual({ done: true, value: undefined });
      expect(await pool.map(tasks.makeObject, (async function* () {})(), { buffersize: 8 }).collect()).toEqual([]);
      expect(pool.stats().spawned).toBe(0);
      await pool.shutdown();
    });
  });

  // ExecutorTest.test_map_buffersize_without_iterable: CPython's map takes any number of iterables, none included, which
  // is exhausted at once. Ours takes exactly one: no tuples is the same case for starmap, and none at all an error.
  it('test_map_buffersize_without_iterable: no tuples is exhausted at once, no iterable is a TypeError', async () => {
    await withPool({ maxWorkers: 2 }, async (pool) => {
      const results = pool.starmap(tasks.pow, [], { buffersize: 8 });
      expect(await soon(results.next(), 'the end')).toEqual({ done: true, value: undefined });
      // @ts-expect-error the iterable is required
      expect(() => pool.map(tasks.makeObject)).toThrow(TypeError);
      // @ts-expect-error the tuples are required
      expect(() => pool.starmap(tasks.pow, undefined, { buffersize: 8 })).toThrow(TypeError);
      await pool.shutdown();
    });
  });

  // ExecutorTest.test_map_buffersize_when_buffer_is_full: before anything is read exactly buffersize items were taken,
  // also when the executor has been shut down since. In chunks, ours may round down, and never up.
  it('test_map_buffersize_when_buffer_is_full: exactly buffersize items are taken before anything is read', async () => {
    for (const { chunksize, least } of [
      { chunksize: 1, least: 4 },
      { chunksize: 3, least: 3 },
      { chunksize: 9, least: 4 },
    ]) {
      await withPool({ maxWorkers: 2 }, async (pool) => {
        const { numbers, taken } = counter();
        const results = pool.map(tasks.makeObject, numbers, { buffersize: 4, chunksize });
        const atTheCall = taken.count;
        expect(atTheCall, `map submits when it is called, chunksize ${chunksize}`).toBeGreaterThanOrEqual(least);
        expect(atTheCall, `the buffer holds 4 items, chunksize ${chunksize}`).toBeLessThanOrEqual(4);
        await soon(pool.shutdown(), 'shutdown, which lets the calls finish');
        expect(taken.count, 'nothing may be taken while nobody reads').toBe(atTheCall);
        expect(pool.stats().succeeded).toBeGreaterThan(0);
        await results.return();
      });
    }
  });

  // ExecutorTest.test_free_reference: the iterator of map keeps no result alive that it has handed out (H52).
  it('test_free_reference: the iterator keeps no result alive that it has handed out', async () => {
    await withPool({ maxWorkers: 2 }, async (pool) => {
      const results = pool.map(tasks.makeObject, range(5));
      const readOne = async (): Promise<WeakRef<object>> => {
        const { value } = await results.next();
        return new WeakRef(value!);
      };
      for (const index of range(5)) await collected(await readOne(), `result ${index}`);
      expect(await results.next()).toEqual({ done: true, value: undefined });
      await pool.shutdown();
    });
  });
});
