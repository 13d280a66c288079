/**
 * CPython 3.16, test_process_pool.py, the tests about terminate_workers and kill_workers (3.14, gh-128041).
 */
import { existsSync } from 'node:fs';
import { BrokenProcessPool, CancelledError, ExecutorShutdownError } from 'procfutures';
import { expect, it } from 'vitest';
import { makeGate, processAlive, processGone, soon } from '../helpers/gate.ts';
import { failureOf, gateTasks, tasks, withPool, workerCount } from './executor-support.ts';

const BOTH = ['terminateWorkers', 'killWorkers'] as const;

// test_terminate_workers: the call is delegated with `terminate`. Here the worker tells: SIGTERM runs its handler.
it('test_terminate_workers: the worker gets SIGTERM and may clean up', async () => {
  const gate = makeGate();
  await withPool({ maxWorkers: 1, killGrace: 60_000 }, async (pool) => {
    const future = pool.submit(tasks.holdUntilSigterm, gate.path);
    await gate.reached();
    await soon(pool.terminateWorkers(), 'terminateWorkers');
    expect(existsSync(`${gate.path}/sigterm`), 'the SIGTERM handler of the worker must have run').toBe(true);
    expect(await failureOf(future)).toBeInstanceOf(BrokenProcessPool);
  });
});

// test_kill_workers: the call is delegated with `kill`. SIGKILL runs no handler, and needs no grace.
it('test_kill_workers: the worker gets SIGKILL and runs no handler', async () => {
  const gate = makeGate();
  await withPool({ maxWorkers: 1, killGrace: 60_000 }, async (pool) => {
    const future = pool.submit(tasks.holdUntilSigterm, gate.path);
    await gate.reached();
    await soon(pool.killWorkers(), 'killWorkers');
    expect(existsSync(`${gate.path}/sigterm`), 'killWorkers must not send SIGTERM').toBe(false);
    expect(await failureOf(future)).toBeInstanceOf(BrokenProcessPool);
  });
});

// test_force_shutdown_workers_invalid_op: CPython's common helper takes the operation as a string and refuses any but its
// two. There is none to pass here, and one that is smuggled in is not obeyed.
it('test_force_shutdown_workers_invalid_op: there is no operation to pass, and a smuggled one is not obeyed', async () => {
  const gate = makeGate();
  await withPool({ maxWorkers: 1, killGrace: 60_000 }, async (pool) => {
    pool.submit(tasks.holdUntilSigterm, gate.path);
    await gate.reached();
    // @ts-expect-error terminateWorkers takes no argument
    await soon(pool.terminateWorkers('SIGKILL'), 'terminateWorkers');
    expect(existsSync(`${gate.path}/sigterm`), 'the SIGTERM handler of the worker must have run').toBe(true);
  });
});

// test_force_shutdown_workers: a started call never finishes, and nothing more arrives from it or from the queue.
it.each(BOTH)(
  'test_force_shutdown_workers (%s): a started call fails, queued ones are cancelled, no more starts',
  async (stop) => {
    const gate = makeGate();
    await withPool({ maxWorkers: 1, prefetchHorizon: 0 }, async (pool) => {
      const started = pool.submit(gateTasks.holdUntil, gate.path);
      const queued = [1, 2].map(() => pool.submit(gateTasks.holdUntil, gate.path));
      await gate.reached();
      const pid = gate.pids()[0]!;
      const stopped = pool[stop]();
      expect(started.done() && queued.every((future) => future.cancelled()), `settled when ${stop} returns`).toBe(true);
      expect(await failureOf(started)).toBeInstanceOf(BrokenProcessPool);
      for (const future of queued) await expect(future.result()).rejects.toThrow(CancelledError);
      gate.open();
      await soon(stopped, stop);
      expect(processAlive(pid), `process ${pid} after ${stop}`).toBe(false);
      expect(gate.pids(), 'a queued call started after a forced stop').toEqual([pid]);
      expect(pool.stats()).toMatchObject({ succeeded: 0, failed: 1, cancelled: 2, spawned: 1 });
    });
  },
);

// test_force_shutdown_workers_dead_workers: on a pool that broke already the calls do nothing and do not throw.
it.each(BOTH)('test_force_shutdown_workers_dead_workers (%s): on a broken pool nothing happens', async (stop) => {
  await withPool({ maxWorkers: 1 }, async (pool) => {
    expect(await failureOf(pool.submit(tasks.exit, 1))).toBeInstanceOf(BrokenProcessPool);
    await soon(pool[stop](), stop);
    await soon(pool[stop](), `${stop} again`);
    expect(workerCount(pool)).toBe(0);
    expect(() => pool.submit(tasks.pid), 'broken takes precedence over shut down').toThrow(BrokenProcessPool);
  });
});

// test_force_shutdown_workers_not_started_yet: without a worker the calls do nothing, and start none.
it.each(BOTH)('test_force_shutdown_workers_not_started_yet (%s): without a worker nothing is started', async (stop) => {
  await withPool({ maxWorkers: 2 }, async (pool) => {
    await soon(pool[stop](), stop);
    expect(pool.stats().spawned).toBe(0);
    expect(pool.state).toBe('joined');
    expect(() => pool.submit(tasks.pid)).toThrow(ExecutorShutdownError);
  });
});

// test_force_shutdown_workers_stops_pool: after the call submit throws and the worker really dies. In CPython it is a
// BrokenProcessPool; differs from CPython: the user asked for it, so it is the error of a pool that was shut down.
it.each(BOTH)(
  'test_force_shutdown_workers_stops_pool (%s): submit throws at once and the worker dies',
  async (stop) => {
    await withPool({ maxWorkers: 1 }, async (pool) => {
      const pid = await soon(pool.submit(tasks.pid), 'the first call');
      expect(processAlive(pid)).toBe(true);
      const stopped = pool[stop]();
      expect(() => pool.submit(tasks.pid)).toThrow(ExecutorShutdownError);
      await soon(stopped, stop);
      await processGone(pid);
      expect(pool.state).toBe('joined');
      expect(() => pool.submit(tasks.pid)).toThrow(ExecutorShutdownError);
    });
  },
);
