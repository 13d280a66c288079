import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CancelledError, type Future, type ProcessPoolExecutor } from 'procfutures';
import { describe, expect, it } from 'vitest';
import { expectAllBroken, expectBrokenPool, expectDeath, outcomesOf, untilDead, withPool } from './support.ts';
import { tasks } from './tasks.ts';

const kill = (pid: number) => process.kill(pid, 'SIGKILL');

/** Every number that a `logged` call wrote, over all workers: one line a run. */
function runs(stage: string, pids: Iterable<number>): number[] {
  const lines: number[] = [];
  for (const pid of pids) {
    try {
      lines.push(
        ...readFileSync(join(stage, `ran-${pid}`), 'utf8')
          .trim()
          .split('\n')
          .map(Number),
      );
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error; // a worker may die before its first call
    }
  }
  return lines;
}

/** Submits `count` logged calls and kills the worker that delivered the `killAfter`-th result. */
async function killAmidst(pool: ProcessPoolExecutor, stage: string, count: number, killAfter: number) {
  const pids = new Set<number>();
  let killed = 0;
  let seen = 0;
  let callbacks = 0;
  const futures: Future<[number, number]>[] = [];
  for (let number = 0; number < count; number++) {
    const future = pool.submit(tasks.logged, stage, number);
    future.addDoneCallback(() => {
      callbacks += 1;
      if (future.exceptionNow() !== null) return;
      const [pid] = future.resultNow();
      pids.add(pid);
      seen += 1;
      if (seen !== killAfter) return;
      killed = pid;
      kill(pid);
    });
    futures.push(future);
  }
  const { values, errors } = await outcomesOf(futures);
  return { values, errors, pids, killed, callbacks };
}

describe('(a) a busy worker is killed', () => {
  it('(a) two workers, six tasks, SIGKILL of one busy worker: all six fail, each with its own account of that death', () =>
    withPool({ maxWorkers: 2 }, async (pool, stage) => {
      const futures = Array.from({ length: 6 }, (_, index) => pool.submit(tasks.hold, stage.path, `task-${index}`));
      const victim = await stage.mark('task-0');
      const neighbour = await stage.mark('task-1');
      expect(futures.map((future) => future.state)).toEqual([
        'RUNNING',
        'RUNNING',
        'PENDING',
        'PENDING',
        'PENDING',
        'PENDING',
      ]);
      kill(victim);
      await expectAllBroken(futures, { pid: victim, signal: 'SIGKILL', exitCode: null, activity: 'running' });
      for (let index = 2; index < 6; index++) expect(stage.has(`task-${index}`), `task ${index} never ran`).toBe(false);
      await expectBrokenPool(pool, { spawnedAtMost: 2, pids: [victim, neighbour] }, () => pool.submit(tasks.pid));
      expect(pool.stats()).toMatchObject({ failed: 6, succeeded: 0, cancelled: 0 });
    }));

  it('(a1) one worker, four tasks, SIGKILL: all four fail and the pool refuses more', () =>
    withPool({ maxWorkers: 1 }, async (pool, stage) => {
      const futures = Array.from({ length: 4 }, (_, index) => pool.submit(tasks.hold, stage.path, `task-${index}`));
      const victim = await stage.mark('task-0');
      kill(victim);
      await expectAllBroken(futures, { pid: victim, signal: 'SIGKILL', exitCode: null, activity: 'running' });
      await expectBrokenPool(pool, { spawnedAtMost: 1, pids: [victim] }, () => pool.submit(tasks.pid));
    }));

  it('(a1) a worker whose event loop is blocked is found dead just as soon', () =>
    withPool({ maxWorkers: 1 }, async (pool, stage) => {
      const futures = Array.from({ length: 4 }, (_, index) => pool.submit(tasks.spin, stage.path, `task-${index}`));
      const victim = await stage.mark('task-0');
      kill(victim);
      await expectAllBroken(futures, { pid: victim, signal: 'SIGKILL', exitCode: null, activity: 'running' });
    }));

  it('(a2) all workers are killed at once with 2000 calls queued: every one of them fails', () =>
    withPool({ maxWorkers: 2 }, async (pool, stage) => {
      const running = ['one', 'two'].map((name) => pool.submit(tasks.hold, stage.path, name));
      const queued = Array.from({ length: 1_998 }, (_, index) => pool.submit(tasks.double, index));
      const pids = [await stage.mark('one'), await stage.mark('two')];
      pids.forEach(kill);
      await expectAllBroken([...running, ...queued], { pid: pids, signal: 'SIGKILL', activity: 'running' });
      await expectBrokenPool(pool, { spawnedAtMost: 2, pids }, () => pool.submit(tasks.pid));
      expect(pool.stats()).toMatchObject({ failed: 2_000, succeeded: 0 });
    }));

  it.each([1, 2, 7, 31, 64, 127, 200, 288, 299])(
    '(a3) chaos: a kill after result %i of 300 leaves each call either right or broken, and run at most once',
    (killAfter) =>
      withPool({ maxWorkers: 2 }, async (pool, stage) => {
        const { values, errors, pids, killed, callbacks } = await killAmidst(pool, stage.path, 300, killAfter);
        expect(values.size + errors.size).toBe(300);
        expect(callbacks, 'each future told its callback exactly once').toBe(300);
        for (const [index, [, doubled]] of values) expect(doubled).toBe(2 * index);
        for (const error of errors.values()) expectDeath(error, { pid: killed, signal: 'SIGKILL' });
        const ran = runs(stage.path, pids);
        expect(new Set(ran).size, 'no call ran twice').toBe(ran.length);
        expect(pool.stats().spawned).toBeLessThanOrEqual(2);
      }),
  );

  it('(i) 10,000 calls, one of two workers killed after 500 results: nothing is lost, wrong or run twice', () =>
    withPool({ maxWorkers: 2 }, async (pool, stage) => {
      const { values, errors, pids, killed, callbacks } = await killAmidst(pool, stage.path, 10_000, 500);
      expect(values.size + errors.size).toBe(10_000);
      expect(callbacks).toBe(10_000);
      expect(values.size).toBeGreaterThanOrEqual(500);
      expect(errors.size, 'the break reaches every call that was still open').toBeGreaterThan(0);
      for (const [index, [, doubled]] of values) expect(doubled).toBe(2 * index);
      expect(new Set(errors.values()).size).toBe(errors.size);
      for (const error of errors.values()) expectDeath(error, { pid: killed, signal: 'SIGKILL', activity: 'running' });
      const ran = runs(stage.path, pids);
      expect(new Set(ran).size, 'no call ran twice').toBe(ran.length);
      const started = new Set(ran);
      expect(
        [...values.keys()].filter((index) => !started.has(index)),
        'results of calls that never ran',
      ).toEqual([]);
      await expectBrokenPool(pool, { spawnedAtMost: 2, pids: [...pids] }, () => pool.submit(tasks.pid));
    }));

  it('(a) results that were delivered before the kill stay, and so do cancellations', () =>
    withPool({ maxWorkers: 1 }, async (pool, stage) => {
      const done = pool.submit(tasks.double, 21);
      await done;
      const running = pool.submit(tasks.hold, stage.path, 'running');
      const cancelled = pool.submit(tasks.hold, stage.path, 'cancelled');
      const pending = pool.submit(tasks.hold, stage.path, 'pending');
      const victim = await stage.mark('running');
      expect(cancelled.cancel()).toBe(true);
      kill(victim);
      await expectAllBroken([running, pending], { pid: victim, signal: 'SIGKILL', activity: 'running' });
      expect(done.resultNow()).toBe(42);
      await expect(cancelled.result()).rejects.toBeInstanceOf(CancelledError);
    }));

  it('(a) a callback of a future that the death failed may submit and shut down: both answer as on a broken pool', () =>
    withPool({ maxWorkers: 1 }, async (pool, stage) => {
      const future = pool.submit(tasks.hold, stage.path, 'running');
      let refused: unknown;
      let closing: Promise<void> | undefined;
      future.addDoneCallback(() => {
        try {
          pool.submit(tasks.pid);
        } catch (error) {
          refused = error;
        }
        closing = pool.shutdown();
      });
      const victim = await stage.mark('running');
      kill(victim);
      await future.exception();
      expectDeath(refused, { pid: victim, signal: 'SIGKILL', activity: 'running' });
      await closing;
      expect(pool.state).toBe('joined');
      await untilDead([victim]);
    }));

  it.each(['SIGTERM', 'SIGSEGV', 'SIGHUP'] as const)(
    '(a) a worker that %s from outside ends breaks the pool too, and the signal is named',
    (signal) =>
      withPool({ maxWorkers: 1 }, async (pool, stage) => {
        const futures = ['one', 'two'].map((name) => pool.submit(tasks.hold, stage.path, name));
        const victim = await stage.mark('one');
        process.kill(victim, signal);
        await expectAllBroken(futures, { pid: victim, signal, exitCode: null, activity: 'running' });
      }),
  );

  it('(a) a worker killed in the last call before it would have been replaced breaks the pool as well', () =>
    withPool({ maxWorkers: 1, maxTasksPerChild: 1 }, async (pool, stage) => {
      const futures = ['one', 'two'].map((name) => pool.submit(tasks.hold, stage.path, name));
      const victim = await stage.mark('one');
      kill(victim);
      await expectAllBroken(futures, { pid: victim, signal: 'SIGKILL', exitCode: null, activity: 'running' });
      await expectBrokenPool(pool, { spawnedAtMost: 1, pids: [victim] }, () => pool.submit(tasks.pid));
    }));

  it('(a) a worker killed while the pool drains fails what is open, and the shutdown resolves', () =>
    withPool({ maxWorkers: 1 }, async (pool, stage) => {
      const futures = ['one', 'two'].map((name) => pool.submit(tasks.hold, stage.path, name));
      const victim = await stage.mark('one');
      const closing = pool.shutdown();
      kill(victim);
      await expectAllBroken(futures, { pid: victim, signal: 'SIGKILL', exitCode: null, activity: 'running' });
      await closing;
      expect(pool.state).toBe('joined');
    }));

  it('(a) map: the items that came before the kill are right, the next one says what happened', () =>
    withPool({ maxWorkers: 1 }, async (pool, stage) => {
      const first = await pool.submit(tasks.pid);
      const results = pool.starmap(tasks.hold, [
        [stage.path, 'item-0'],
        [stage.path, 'item-1'],
      ]);
      await stage.mark('item-0');
      kill(first);
      const error = await results.next().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expectDeath(error, { pid: first, signal: 'SIGKILL', activity: 'running' });
      await results.return?.();
    }));
});
