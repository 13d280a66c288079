import {
  BrokenProcessPool,
  CancelledError,
  ExecutorShutdownError,
  type Future,
  type ProcessPoolExecutor,
  TimeoutError,
} from 'procfutures';
import { describe, expect, it } from 'vitest';
import { until } from '../helpers/gate.ts';
import { processState, type Stage, withPool } from './support.ts';
import { tasks } from './tasks.ts';

/** Two running and four queued calls, as in each scenario of (g). */
async function twoRunningFourQueued(pool: ProcessPoolExecutor, stage: Stage) {
  const running = ['one', 'two'].map((name) => pool.submit(tasks.hold, stage.path, name));
  const queued = [3, 4, 5, 6].map((number) => pool.submit(tasks.hold, stage.path, `queued-${number}`));
  const pids = [await stage.mark('one'), await stage.mark('two')];
  return { running, queued, pids };
}

const expectReaped = (pids: readonly number[]) => {
  for (const pid of pids) expect(processState(pid), `process ${pid} once the pool is joined`).toBeNull();
};

async function expectForced(running: readonly Future<unknown>[], queued: readonly Future<unknown>[]): Promise<void> {
  const errors = await Promise.all(running.map((future) => future.exception()));
  for (const error of errors) expect(error).toBeInstanceOf(BrokenProcessPool);
  expect(new Set(errors).size).toBe(running.length);
  for (const future of queued) {
    expect(future.state).toBe('CANCELLED_AND_NOTIFIED');
    await expect(future.result()).rejects.toBeInstanceOf(CancelledError);
  }
}

describe('(g) close with two running and four queued calls', () => {
  it('(g) shutdown() refuses new work at once and drains all six', () =>
    withPool({ maxWorkers: 2 }, async (pool, stage) => {
      const { running, queued, pids } = await twoRunningFourQueued(pool, stage);
      const closing = pool.shutdown();
      expect(pool.state).toBe('shuttingDown');
      expect(() => pool.submit(tasks.pid)).toThrow(ExecutorShutdownError);
      stage.open();
      await closing;
      expect([...running, ...queued].map((future) => future.state)).toEqual(Array(6).fill('FINISHED'));
      for (const future of [...running, ...queued]) expect(pids).toContain(future.resultNow());
      expect(pool.state).toBe('joined');
      expectReaped(pids);
    }));

  it('(g) shutdown({ cancelFutures }) cancels the four and finishes the two', () =>
    withPool({ maxWorkers: 2 }, async (pool, stage) => {
      const { running, queued, pids } = await twoRunningFourQueued(pool, stage);
      const closing = pool.shutdown({ cancelFutures: true });
      expect(queued.map((future) => future.state)).toEqual(Array(4).fill('CANCELLED_AND_NOTIFIED'));
      stage.open();
      await closing;
      expect(running.map((future) => future.resultNow())).toEqual(pids);
      for (const number of [3, 4, 5, 6]) expect(stage.has(`queued-${number}`)).toBe(false);
      expectReaped(pids);
    }));

  it.each(['terminateWorkers', 'killWorkers'] as const)(
    '(g) %s() cancels the four, fails the two, reaps both workers, and refuses what is submitted meanwhile',
    (stop) =>
      withPool({ maxWorkers: 2 }, async (pool, stage) => {
        const { running, queued, pids } = await twoRunningFourQueued(pool, stage);
        const stopping = pool[stop]();
        expect(() => pool.submit(tasks.pid), 'submit during a forced stop').toThrow(ExecutorShutdownError);
        await stopping;
        expect(pool.state).toBe('joined');
        expectReaped(pids);
        await expectForced(running, queued);
        expect(() => pool.submit(tasks.pid), 'submit after a forced stop').toThrow(ExecutorShutdownError);
        expect(pool.stats()).toMatchObject({ spawned: 2, pending: 0, running: 0, cancelled: 4, failed: 2 });
      }),
  );

  it('(g) closing twice while a long task runs: both promises resolve, in whatever order they were asked for', () =>
    withPool({ maxWorkers: 1 }, async (pool, stage) => {
      const future = pool.submit(tasks.hold, stage.path, 'long');
      const pid = await stage.mark('long');
      const closings = [pool.shutdown(), pool.shutdown({ wait: false }), pool.shutdown({ cancelFutures: true })];
      await closings[1]; // does not wait for the task
      expect(future.state).toBe('RUNNING');
      stage.open();
      await Promise.all(closings);
      expect(future.resultNow()).toBe(pid);
      await pool.shutdown();
      expectReaped([pid]);
    }));

  it('(g) a forced stop during a shutdown settles both, and so does one more', () =>
    withPool({ maxWorkers: 2 }, async (pool, stage) => {
      const { running, queued, pids } = await twoRunningFourQueued(pool, stage);
      await Promise.all([pool.shutdown(), pool.terminateWorkers(), pool.killWorkers(), pool.terminateWorkers()]);
      await expectForced(running, queued);
      expectReaped(pids);
    }));

  it('(g) a forced stop of a pool that is still starting its worker settles everything', () =>
    withPool({ maxWorkers: 2 }, async (pool) => {
      const futures = Array.from({ length: 6 }, () => pool.submit(tasks.pid));
      await pool.killWorkers();
      expect(futures.map((future) => future.done())).toEqual(Array(6).fill(true));
      expect(pool.state).toBe('joined');
      expect(pool.stats().spawned).toBeLessThanOrEqual(2);
    }));

  it('(g) a forced stop of a pool that never spawned is joined at once', () =>
    withPool({}, async (pool) => {
      await pool.terminateWorkers();
      expect(pool.state).toBe('joined');
      expect(pool.stats().spawned).toBe(0);
    }));
});

describe('(m)(y) a worker that does not listen', () => {
  it.each(['terminateWorkers', 'killWorkers'] as const)('(m) an endless loop is ended by %s()', (stop) =>
    withPool({ maxWorkers: 1 }, async (pool, stage) => {
      const running = pool.submit(tasks.spinForEver, stage.path, 'loop');
      const queued = pool.submit(tasks.double, 1);
      const pid = await stage.mark('loop');
      await pool[stop]();
      expectReaped([pid]);
      await expectForced([running], [queued]);
    }),
  );

  it.each([
    ['an endless loop with a SIGTERM handler', 'spinDeafToTerm'],
    ['a waiting task with a SIGTERM handler', 'holdDeafToTerm'],
  ] as const)('(y) terminateWorkers() ends %s by SIGKILL after killGrace', (_, task) =>
    withPool({ maxWorkers: 1, killGrace: 100 }, async (pool, stage) => {
      const running = pool.submit<[string, string], unknown>(tasks[task], stage.path, 'deaf');
      const queued = pool.submit(tasks.double, 1);
      const pid = await stage.mark('deaf');
      const start = performance.now();
      await pool.terminateWorkers();
      expect(performance.now() - start, 'the grace was granted').toBeGreaterThan(95);
      expectReaped([pid]);
      await expectForced([running], [queued]);
    }),
  );

  it('(y) killWorkers() grants no grace', () =>
    withPool({ maxWorkers: 1, killGrace: 60_000 }, async (pool, stage) => {
      pool.submit(tasks.spinDeafToTerm, stage.path, 'deaf');
      const pid = await stage.mark('deaf');
      await pool.killWorkers();
      expectReaped([pid]);
    }));

  it('(y) killWorkers() overtakes the grace of a terminateWorkers() that is under way', () =>
    withPool({ maxWorkers: 1, killGrace: 60_000 }, async (pool, stage) => {
      pool.submit(tasks.spinDeafToTerm, stage.path, 'deaf');
      const pid = await stage.mark('deaf');
      const terminating = pool.terminateWorkers();
      await pool.killWorkers();
      await terminating;
      expectReaped([pid]);
    }));

  it('(y) a worker whose task took process.exit away is ended by shutdown() all the same', () =>
    withPool({ maxWorkers: 1, killGrace: 100 }, async (pool) => {
      const pid = await pool.submit(tasks.disableExit);
      await pool.shutdown();
      expectReaped([pid]);
    }));

  it('(y) a SIGTERM handler gets its grace to tidy up', () =>
    withPool({ maxWorkers: 1, killGrace: 30_000 }, async (pool, stage) => {
      const running = pool.submit(tasks.holdAndTidy, stage.path, 'held');
      await stage.mark('held');
      await pool.terminateWorkers();
      expect(stage.has('tidied')).toBe(true);
      await expectForced([running], []);
    }));

  it('(y) when another worker dies, one that is deaf to SIGTERM is killed after killGrace', () =>
    withPool({ maxWorkers: 2, killGrace: 100 }, async (pool, stage) => {
      const deaf = pool.submit(tasks.spinDeafToTerm, stage.path, 'deaf');
      const held = pool.submit(tasks.hold, stage.path, 'held');
      const pids = [await stage.mark('deaf'), await stage.mark('held')];
      process.kill(pids[1]!, 'SIGKILL');
      for (const future of [deaf, held]) {
        expect(await future.exception()).toMatchObject({ name: 'BrokenProcessPool', pid: pids[1], signal: 'SIGKILL' });
      }
      await pool.shutdown();
      expectReaped(pids);
    }));
});

describe('(+) SIGSTOP', () => {
  const stopped = async (pool: ProcessPoolExecutor, stage: Stage) => {
    const running = pool.submit(tasks.hold, stage.path, 'stopped');
    const queued = pool.submit(tasks.double, 1);
    const pid = await stage.mark('stopped');
    process.kill(pid, 'SIGSTOP');
    await until(() => processState(pid) === 'T', `process ${pid} to stop`);
    return { running, queued, pid };
  };

  it.each(['terminateWorkers', 'killWorkers'] as const)('(+) a stopped worker is ended by %s()', (stop) =>
    withPool({ maxWorkers: 1, killGrace: 100 }, async (pool, stage) => {
      const { running, queued, pid } = await stopped(pool, stage);
      await pool[stop]();
      expectReaped([pid]);
      await expectForced([running], [queued]);
    }),
  );

  it('(+) a stopped worker is ended when another one dies and breaks the pool', () =>
    withPool({ maxWorkers: 2, killGrace: 100 }, async (pool, stage) => {
      const { running, pid } = await stopped(pool, stage);
      const victim = await pool.submit(tasks.pid);
      process.kill(victim, 'SIGKILL');
      expect(await running.exception()).toMatchObject({ pid: victim, signal: 'SIGKILL' });
      await pool.shutdown();
      expectReaped([pid, victim]);
    }));

  it('(+) an idle worker that is stopped does not hold up shutdown() beyond its grace', () =>
    withPool({ maxWorkers: 1, killGrace: 100 }, async (pool) => {
      const pid = await pool.submit(tasks.pid);
      process.kill(pid, 'SIGSTOP');
      await until(() => processState(pid) === 'T', `process ${pid} to stop`);
      await pool.shutdown();
      expect(pool.state).toBe('joined');
      expectReaped([pid]);
    }));

  it('(+) a worker that is stopped and continued has lost nothing', () =>
    withPool({ maxWorkers: 1 }, async (pool, stage) => {
      const { running, queued, pid } = await stopped(pool, stage);
      process.kill(pid, 'SIGCONT');
      stage.open();
      expect(await running).toBe(pid);
      expect(await queued).toBe(2);
      expect(pool.state).toBe('running');
    }));
});

describe('(timer) a time limit on the wait for a busy loop', () => {
  it('(timer) result({ timeout }) gives up in time, the call goes on, and the next one is right', () =>
    withPool({ maxWorkers: 1 }, async (pool, stage) => {
      const busy = pool.submit(tasks.spin, stage.path, 'busy');
      const next = pool.submit(tasks.double, 21);
      const pid = await stage.mark('busy');
      await expect(busy.result({ timeout: 50 })).rejects.toBeInstanceOf(TimeoutError);
      expect(busy.state).toBe('RUNNING');
      await expect(next.result({ timeout: 0 })).rejects.toBeInstanceOf(TimeoutError);
      stage.open();
      expect(await busy).toBe(pid);
      expect(await next).toBe(42);
      expect(pool.stats()).toMatchObject({ spawned: 1, succeeded: 2 });
    }));
});
