import { describe, expect, it } from 'vitest';
import { expectAllBroken, expectBrokenPool, expectDeath, outcomesOf, withPool } from './support.ts';
import { tasks } from './tasks.ts';

describe('(b) a task ends its own process', () => {
  it.each([0, 3, 255])('(b) process.exit(%i) in a task breaks the pool and the text names the code', (code) =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      const pid = await pool.submit(tasks.pid);
      const futures = [pool.submit(tasks.exit, code), ...[1, 2, 3].map((n) => pool.submit(tasks.double, n))];
      await expectAllBroken(futures, { pid, exitCode: code, signal: null, activity: 'running' });
      await expectBrokenPool(pool, { spawnedAtMost: 1, pids: [pid] }, () => pool.submit(tasks.pid));
    }),
  );

  it('(b) process.exit(0) next to an innocent neighbour fails the neighbour as well, and names the culprit', () =>
    withPool({ maxWorkers: 2 }, async (pool, stage) => {
      const innocent = pool.submit(tasks.hold, stage.path, 'innocent');
      const neighbour = await stage.mark('innocent');
      const guilty = pool.submit(tasks.exit, 0);
      const [error] = await expectAllBroken([guilty, innocent], { exitCode: 0, signal: null, activity: 'running' });
      expect(error?.pid).not.toBe(neighbour);
      await expectBrokenPool(pool, { spawnedAtMost: 2, pids: [neighbour] }, () => pool.submit(tasks.pid));
    }));

  it('(b) 12 poison calls among 400: every future settles, results are right, and nothing is respawned', () =>
    withPool({ maxWorkers: 2 }, async (pool) => {
      const futures = Array.from({ length: 400 }, (_, index) =>
        index % 33 === 17 ? pool.submit(tasks.exit, 3) : pool.submit(tasks.double, index),
      );
      const { values, errors } = await outcomesOf<number>(futures);
      expect(values.size + errors.size).toBe(400);
      for (const [index, value] of values) expect(value).toBe(2 * index);
      for (let index = 17; index < 400; index += 33) expect(errors.has(index), `poison ${index} failed`).toBe(true);
      for (const error of errors.values()) expectDeath(error, { exitCode: 3, signal: null, activity: 'running' });
      await expectBrokenPool(pool, { spawnedAtMost: 2, pids: [] }, () => pool.submit(tasks.pid));
    }));

  it('(b) a result that was written before the next call exits still arrives', () =>
    withPool({ maxWorkers: 1, prefetchHorizon: 1_000 }, async (pool) => {
      await pool.map(tasks.double, Array(200).keys()).collect(); // durations are known: calls now travel together
      const before = Array.from({ length: 20 }, (_, index) => pool.submit(tasks.double, index));
      const poison = pool.submit(tasks.exit, 0);
      expect(await Promise.all(before)).toEqual(Array.from({ length: 20 }, (_, index) => 2 * index));
      await expectAllBroken([poison], { exitCode: 0, activity: 'running' });
    }));

  it('(+) process.abort() in a task breaks the pool and the text names SIGABRT', () =>
    withPool({ maxWorkers: 1, workerOptions: { stdio: ['ignore', 'ignore', 'ignore'] } }, async (pool) => {
      const pid = await pool.submit(tasks.pid);
      const futures = [pool.submit(tasks.abort), pool.submit(tasks.double, 1)];
      await expectAllBroken(futures, { pid, signal: 'SIGABRT', exitCode: null, activity: 'running' });
      await expectBrokenPool(pool, { spawnedAtMost: 1, pids: [pid] }, () => pool.submit(tasks.pid));
    }));

  it.each(['SIGKILL', 'SIGTERM', 'SIGSEGV'])('(+) a task that sends its own process %s breaks the pool', (signal) =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      const pid = await pool.submit(tasks.pid);
      const futures = [pool.submit(tasks.dieBy, signal), pool.submit(tasks.double, 1)];
      await expectAllBroken(futures, { pid, signal, exitCode: null, activity: 'running' });
    }),
  );

  it('(+) an exhausted heap breaks the pool, and the tail of a piped stderr tells why', () =>
    withPool(
      {
        maxWorkers: 1,
        workerOptions: { execArgv: ['--max-old-space-size=24'], stdio: ['ignore', 'ignore', 'pipe'] },
      },
      async (pool) => {
        const pid = await pool.submit(tasks.pid);
        const futures = [pool.submit(tasks.exhaustHeap), pool.submit(tasks.double, 1)];
        const [error] = await expectAllBroken(futures, { pid, signal: 'SIGABRT', activity: 'running' });
        expect(error?.stderr).toMatch(/heap out of memory/i);
        await expectBrokenPool(pool, { spawnedAtMost: 1, pids: [pid] }, () => pool.submit(tasks.pid));
      },
    ));

  it('(+) without a pipe there is no tail of stderr, only an empty text', () =>
    withPool({ maxWorkers: 1, workerOptions: { stdio: ['ignore', 'ignore', 'ignore'] } }, async (pool) => {
      const [error] = await expectAllBroken([pool.submit(tasks.abort)], { signal: 'SIGABRT' });
      expect(error?.stderr).toBe('');
    }));
});
