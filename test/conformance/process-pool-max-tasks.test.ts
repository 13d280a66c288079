/**
 * CPython 3.16, test_process_pool.py, the tests about max_tasks_per_child: a worker is replaced after so many calls.
 * CPython lost work in this corner four times (H32 to H35), each time because the replacement depended on a field
 * that somebody else had cleared.
 */
import { unlinkSync } from 'node:fs';
import { BrokenProcessPool, CancelledError, type ProcessPoolExecutor } from 'procfutures';
import { expect, it } from 'vitest';
import { collected, makeGate, processAlive, processGone, runScript, scratch, soon } from '../helpers/gate.ts';
import { fixture, newPool } from '../helpers/pool.ts';
import { failureOf, gateTasks, nodeWrapper, tasks, withPool, workerCount } from './executor-support.ts';

const range = (length: number): number[] => Array.from({ length }, (_, index) => index);

// test_max_tasks_per_child (bpo-44733): three calls in one process, the fourth in another, one live process at a time.
it('test_max_tasks_per_child: the fourth call of a limit of 3 runs in another process, and the first one is gone', async () => {
  await withPool({ maxWorkers: 1, maxTasksPerChild: 3 }, async (pool) => {
    const pids: number[] = [];
    for (const call of range(4)) {
      pids.push(await soon(pool.submit(tasks.pid), `call ${call}`));
      expect(workerCount(pool), 'one process at a time').toBeLessThanOrEqual(1);
    }
    const [first, second, third, fourth] = pids as [number, number, number, number];
    expect([second, third]).toEqual([first, first]);
    expect(fourth).not.toBe(first);
    await processGone(first);
    expect(processAlive(fourth)).toBe(true);
    expect(pool.stats()).toMatchObject({ spawned: 2, lost: 0 });
    await pool.shutdown();
  });
  for (const maxTasksPerChild of [0, -1, 1.5]) expect(() => newPool({ maxTasksPerChild })).toThrow(RangeError);
  expect(() => newPool({ maxTasksPerChild: '3' as never })).toThrow(TypeError);
});

// test_max_tasks_per_child_pending_tasks_gh115634 (H33): more calls than the workers may take, submitted at once, all
// complete. The worker that retired had left an idle token behind, and nothing was spawned in its place.
it.each([
  { maxWorkers: 1, maxTasksPerChild: 2, calls: 6 },
  { maxWorkers: 2, maxTasksPerChild: 2, calls: 8 },
])('test_max_tasks_per_child_pending_tasks_gh115634 (%o): a backlog above the limit completes', async (options) => {
  const { calls, ...limits } = options;
  await withPool(limits, async (pool) => {
    const futures = range(calls).map(() => pool.submit(tasks.pid));
    const pids = await soon(Promise.all(futures), 'the backlog');
    for (const pid of new Set(pids)) {
      expect(pids.filter((other) => other === pid).length, `calls of process ${pid}`).toBeLessThanOrEqual(2);
    }
    expect(pool.stats()).toMatchObject({ succeeded: calls, lost: 0 });
    await pool.shutdown();
  });
});

// test_shutdown_no_wait_max_tasks_gh119592 (H34): shutdown without waiting, then the worker retires: what is left still
// runs, in processes that are spawned after the shutdown. CPython's second half, where the executor is collected as
// well and the calls fail fast, is the next test: ours run there, too.
it('test_shutdown_no_wait_max_tasks_gh119592: what was accepted before shutdown({ wait: false }) still runs', async () => {
  const gate = makeGate();
  await withPool({ maxWorkers: 1, maxTasksPerChild: 1 }, async (pool) => {
    const futures = range(4).map((index) => pool.submit(gateTasks.holdUntil, gate.path, index));
    await gate.reached();
    await soon(pool.shutdown({ wait: false }), 'shutdown({ wait: false }), which must not wait for the held call');
    expect(futures[0]!.running()).toBe(true);
    gate.open();
    expect(await soon(Promise.all(futures), 'the calls accepted before')).toEqual(range(4));
    expect(new Set(gate.pids()).size, 'a process for each call').toBe(4);
    await pool.shutdown();
  });
});

// test_gc_during_max_tasks_worker_exit_gh152967 (H35): the executor is collected while its only worker retires. In CPython
// the first call succeeds and the others fail, since nobody can spawn the replacement; before, they hung.
// Differs from CPython: what was accepted is run to the end, since no part of the work depends on the executor object.
it('test_gc_during_max_tasks_worker_exit_gh152967: differs from CPython: a collected executor finishes its backlog', async () => {
  const gate = makeGate();
  const submitAndDrop = () => {
    const pool: ProcessPoolExecutor = newPool({ maxWorkers: 1, maxTasksPerChild: 1 });
    return {
      futures: range(3).map((index) => pool.submit(gateTasks.holdUntil, gate.path, index)),
      pool: new WeakRef(pool),
    };
  };
  const { futures, pool } = submitAndDrop();
  await gate.reached();
  await collected(pool, 'a dropped executor with calls in flight');
  gate.open();
  expect(await soon(Promise.all(futures), 'the calls of a collected executor')).toEqual(range(3));
  for (const pid of new Set(gate.pids())) await processGone(pid);

  // And the whole program ends by itself, with nothing said.
  const end = await runScript(fixture('conformance-a-dropped-executor.js'));
  expect(end).toEqual({ code: 0, signal: null, stdout: '0 1 2\n', stderr: '' });
});

// test_force_shutdown_during_max_tasks_worker_exit (H35): a forced stop while the worker retires: no replacement, and what
// is queued fails instead of waiting for it. In CPython the queued futures fail with a text about the forced stop.
// Differs from CPython: they are cancelled, as every call that a forced stop finds in the queue.
it('test_force_shutdown_during_max_tasks_worker_exit: a forced stop at the retirement spawns no replacement', async () => {
  const gate = makeGate();
  const never = makeGate(scratch(), 'never');
  await withPool({ maxWorkers: 1, maxTasksPerChild: 1 }, async (pool) => {
    const first = pool.submit(gateTasks.holdUntil, gate.path, 'last result');
    const queued = range(3).map(() => pool.submit(gateTasks.holdUntil, never.path));
    // Inside the callback the worker has delivered its last result and is about to leave.
    let stopped: Promise<void> | undefined;
    first.addDoneCallback(() => {
      stopped = pool.killWorkers();
    });
    await gate.reached();
    gate.open();
    expect(await soon(first, 'the first call')).toBe('last result');
    await soon(stopped!, 'killWorkers');
    for (const future of queued) {
      expect(future.cancelled()).toBe(true);
      await expect(future.result()).rejects.toThrow(CancelledError);
    }
    expect(pool.state).toBe('joined');
    expect(workerCount(pool)).toBe(0);
    expect(never.pids(), 'no queued call may start after a forced stop').toEqual([]);
  });
});

// test_failed_worker_replacement_breaks_pool (H35): the replacement cannot be spawned: what is queued fails and says so.
it('test_failed_worker_replacement_breaks_pool: a replacement that cannot start fails what is queued', async () => {
  const gate = makeGate();
  const execPath = nodeWrapper(scratch());
  await withPool({ maxWorkers: 1, maxTasksPerChild: 1, workerOptions: { execPath } }, async (pool) => {
    const first = pool.submit(gateTasks.holdUntil, gate.path, 'done');
    const queued = range(2).map(() => pool.submit(tasks.pid));
    await gate.reached();
    unlinkSync(execPath);
    gate.open();
    expect(await soon(first, 'the call of the worker that could start')).toBe('done');
    for (const future of queued) {
      const error = (await failureOf(future)) as BrokenProcessPool;
      expect(error).toBeInstanceOf(BrokenProcessPool);
      expect(error.cause).toMatchObject({ code: 'ENOENT' });
      expect(error.activity).toBe('starting');
      expect(error.message).toContain(execPath);
    }
    expect(() => pool.submit(tasks.pid)).toThrow(BrokenProcessPool);
    await soon(pool.shutdown(), 'shutdown');
  });
});

// test_max_tasks_early_shutdown: a limit of 1, three workers, six calls, shutdown at once: every result is right.
it('test_max_tasks_early_shutdown: six calls over three workers of one call each survive a shutdown at once', async () => {
  await withPool({ maxWorkers: 3, maxTasksPerChild: 1 }, async (pool) => {
    const futures = range(6).map((index) => pool.submit(tasks.pow, index, 2));
    await soon(pool.shutdown(), 'shutdown');
    expect(futures.map((future) => future.resultNow())).toEqual([0, 1, 4, 9, 16, 25]);
    expect(pool.stats()).toMatchObject({ spawned: 6, lost: 0 });
  });
});
