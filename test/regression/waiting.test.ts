import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Future, ProcessPoolExecutor, type Task } from 'procfutures';
import { describe, expect, it } from 'vitest';
import { collected, scratch, soon } from '../helpers/gate.ts';
import { newPool } from '../helpers/pool.ts';
import { tasks } from './tasks.ts';

describe('map', () => {
  it('over an asynchronous input gives each result as it comes, not when the input ends', async () => {
    const pool = newPool({ maxWorkers: 1 });
    let release = (): void => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    async function* input() {
      yield 1;
      await released; // until the first result was read
      yield 2;
    }
    const results = pool.map(tasks.double, input());
    expect((await soon(results.next(), 'the first result')).value).toBe(2);
    release();
    expect(await results.collect()).toEqual([4]);
    await pool.shutdown();
  });

  it('answers a next() that waits for a silent input when the iteration is left', async () => {
    const pool = newPool({ maxWorkers: 1 });
    const silent = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}), return: () => 'odd' }),
    };
    const results = pool.map(tasks.double, silent as never);
    const waiting = results.next();
    await results.return();
    expect(await soon(waiting, 'the answer of next()')).toEqual({ value: undefined, done: true });
    await pool.shutdown();
  });

  it.each([undefined, 10, 25])(
    'in chunks of 10 makes 10 calls of 100 items with a buffersize of %s',
    async (buffersize) => {
      const pool = newPool({ maxWorkers: 1 });
      const items = Array.from({ length: 100 }, (_, n) => n);
      const { succeeded } = pool.stats();
      expect(await pool.map(tasks.double, items, { chunksize: 10, buffersize }).collect()).toHaveLength(100);
      expect(pool.stats().succeeded - succeeded).toBe(10);
      await pool.shutdown();
    },
  );

  it('gives what was taken before its input failed, the items of an unfinished chunk included', async () => {
    const pool = newPool({ maxWorkers: 1 });
    async function* input() {
      yield 1;
      yield 2;
      throw new RangeError('the input failed');
    }
    const results = pool.map(tasks.double, input(), { chunksize: 5 });
    expect([(await results.next()).value, (await results.next()).value]).toEqual([2, 4]);
    await expect(results.next()).rejects.toThrow('the input failed');
    await pool.shutdown();
  });

  it('goes through a submit that a subclass overrides', async () => {
    const seen: unknown[] = [];
    class Counting extends ProcessPoolExecutor {
      override submit<A extends readonly unknown[], R>(task: Task<A, R>, ...args: A): Future<R> {
        seen.push(...args);
        return super.submit(task, ...args);
      }
    }
    const pool = new Counting({ maxWorkers: 1 });
    expect(await pool.map(tasks.double, [1, 2]).collect()).toEqual([2, 4]);
    expect(seen).toEqual([1, 2]);
    await pool.shutdown();
  });

  it('over a pool that nobody else refers to goes on to the end of a lazy input', async () => {
    let pool: WeakRef<object> | undefined;
    const dropped = () => {
      const made = newPool({ maxWorkers: 1 });
      pool = new WeakRef(made);
      return made.map(tasks.double, [1, 2, 3, 4, 5, 6], { buffersize: 1 });
    };
    const results: number[] = [];
    for await (const result of dropped()) {
      results.push(result);
      await new Promise(setImmediate);
      globalThis.gc?.();
    }
    expect(results).toEqual([2, 4, 6, 8, 10, 12]);
    await collected(pool as unknown as WeakRef<object>, 'the pool');
  });

  it('of starmap copies each tuple, since an input may use one array for all', async () => {
    const pool = newPool({ maxWorkers: 1 });
    function* input() {
      const tuple: [number, number] = [0, 0];
      for (let n = 0; n < 4; n++) {
        tuple[0] = n;
        yield tuple;
      }
    }
    expect(await pool.starmap(tasks.sum as never, input() as never).collect()).toEqual([0, 1, 2, 3]);
    await pool.shutdown();
  });
});

describe('a result that is there', () => {
  it('does not wait behind the next call on its worker, when that is of a function that may be long', async () => {
    const pool = newPool({ maxWorkers: 1, prefetchHorizon: 1000 });
    // Known to be short, so that the next call is sent ahead of it.
    for (let n = 0; n < 5; n++) await pool.submit(tasks.double, n);
    const gate = join(scratch(), 'gate');
    const short = pool.submit(tasks.double, 21);
    const long = pool.submit(tasks.blockUntil, gate);
    // The gate opens only for who has read the short result: a stranded one would be a livelock.
    expect(await soon(short, 'the short result')).toBe(42);
    writeFileSync(gate, '');
    expect(await long).toBe('seen');
    await pool.shutdown();
  });

  it('and a worker that is ready win over a deadline that a busy parent has missed', async () => {
    const pool = newPool({ maxWorkers: 1, bootTimeout: 2_000 });
    const first = pool.submit(tasks.double, 1);
    await new Promise(setImmediate); // the process is on its way
    const end = performance.now() + 2_500;
    while (performance.now() < end);
    expect(await first).toBe(2);
    await pool.shutdown();
  });

  it('of a call whose future its user has settled is waited for: stop does not cut it short', async () => {
    const file = join(scratch(), 'marks');
    const gate = join(scratch(), 'gate');
    const pool = newPool({ maxWorkers: 1, prefetchHorizon: 0, killGrace: 10_000 });
    await pool.submit(tasks.double, 1);
    const future = pool.submit(tasks.mark, file, 1);
    const behind = pool.submit(tasks.blockUntil, gate);
    await future;
    await soon(
      (async () => {
        while (!behind.running()) await new Promise(setImmediate);
      })(),
      'the call to run',
    );
    behind.setResult('settled by hand');
    const joined = pool.shutdown();
    writeFileSync(gate, '');
    await joined;
    expect(readFileSync(file, 'utf8')).toBe('.');
    expect(pool.stats()).toMatchObject({ lost: 0, dropped: 1 });
  });
});

describe('shutdown', () => {
  it('is no longer for a task that has replaced process.exit(): the worker leaves when it is asked', async () => {
    const steps: { event?: { type: string; code?: number | null; signal?: string | null } }[] = [];
    const pool = newPool({ maxWorkers: 1, trace: (line) => steps.push(JSON.parse(line)) });
    expect(await pool.submit(tasks.replaceExit)).toBe('replaced');
    await pool.shutdown();
    const exits = steps.flatMap(({ event }) => (event?.type === 'exited' ? [event] : []));
    expect(exits, 'a signal here means that killGrace had to pass').toMatchObject([{ code: 0, signal: null }]);
  });
});
