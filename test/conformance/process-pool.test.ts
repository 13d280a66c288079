/**
 * CPython 3.16, Lib/test/test_concurrent_futures/test_process_pool.py: the 27 tests of the process pool, on real
 * processes. Those about maxTasksPerChild are in process-pool-max-tasks.test.ts, those about terminateWorkers and
 * killWorkers in process-pool-force.test.ts. The table at the end names the tests that have no counterpart, with the
 * reason, and checks that nothing was forgotten.
 */
import { existsSync } from 'node:fs';
import { inspect } from 'node:util';
import { BrokenProcessPool } from 'procfutures';
import { expect, it } from 'vitest';
import { makeGate, processGone, runScript, scratch, soon, until } from '../helpers/gate.ts';
import { fixture } from '../helpers/pool.ts';
import { coveredNames, failureOf, gateTasks, tasks, withPool, workerCount } from './executor-support.ts';

const range = (length: number): number[] => Array.from({ length }, (_, index) => index);

// test_sysconf_permission_error (3.16, gh-155912): a sandbox that denies the probe of a system limit must not stop the
// construction of an executor. The one probe of ours is os.availableParallelism, asked only where maxWorkers is not given.
it('test_sysconf_permission_error: with maxWorkers given, a system that denies its limits is not even asked', async () => {
  const end = await runScript(fixture('conformance-a-denied-probe.js'));
  expect(end).toEqual({ code: 0, signal: null, stdout: '256\n', stderr: '' });
});

// test_killed_child: the future of a killed worker gets BrokenProcessPool, and so does every later submit.
it('test_killed_child: the future of a killed worker and every later submit get BrokenProcessPool', async () => {
  const gate = makeGate();
  await withPool({ maxWorkers: 1 }, async (pool) => {
    const future = pool.submit(gateTasks.holdUntil, gate.path);
    await gate.reached();
    const pid = gate.pids()[0]!;
    process.kill(pid, 'SIGKILL');
    const error = await failureOf(future);
    expect(error).toBeInstanceOf(BrokenProcessPool);
    expect(error).toMatchObject({ pid, exitCode: null, signal: 'SIGKILL', activity: 'running' });
    expect(() => pool.submit(tasks.pow, 2, 8)).toThrow(BrokenProcessPool);
    // With its only worker dead there is nothing left to reap: it may be joined already.
    expect(['broken', 'joined']).toContain(pool.state);
    await soon(pool.shutdown(), 'shutdown of a broken pool');
    await processGone(pid);
  });
});

// test_broken_process_pool_traceback (gh-101267): each failed future has an error object of its own, and reading one
// again and again does not make its traceback grow (H48: one shared object collected the frames of every reader).
it('test_broken_process_pool_traceback: each future fails with its own error, whose stack never grows', async () => {
  const gate = makeGate();
  await withPool({ maxWorkers: 1 }, async (pool) => {
    const futures = range(4).map(() => pool.submit(gateTasks.holdUntil, gate.path));
    await gate.reached();
    process.kill(gate.pids()[0]!, 'SIGKILL');
    const errors = await Promise.all(futures.map(failureOf));
    expect(new Set(errors).size, 'one error object for each future').toBe(4);
    for (const [index, error] of errors.entries()) {
      expect(error).toBeInstanceOf(BrokenProcessPool);
      const { stack } = error as Error;
      for (const again of [1, 2, 3]) {
        expect(await failureOf(futures[index]!), `reading ${again} gives the same object`).toBe(error);
      }
      expect((error as Error).stack).toBe(stack);
    }
    Object.assign(errors[0] as Error, { note: 'mine' });
    expect(errors[1]).not.toHaveProperty('note');
    await pool.shutdown();
  });
});

// test_map_chunksize: sizes below, at and above the length of the input equal the reference; -1 is a ValueError.
it('test_map_chunksize: every chunksize gives the results of the built-in map; below 1 is a RangeError', async () => {
  await withPool({ maxWorkers: 2 }, async (pool) => {
    const pairs = range(50).map((base): [number, number] => [base, 2]);
    const squares = range(50).map((base) => base ** 2);
    for (const chunksize of [1, 6, 50, 51]) {
      const results = await soon(pool.starmap(tasks.pow, pairs, { chunksize }).collect(), `chunks of ${chunksize}`);
      expect(results, `chunks of ${chunksize}`).toEqual(squares);
    }
    for (const chunksize of [-1, 0]) {
      expect(() => pool.starmap(tasks.pow, pairs, { chunksize })).toThrow(RangeError);
      expect(() => pool.starmap(tasks.pow, pairs, { chunksize })).toThrow(/chunksize/);
    }
    await pool.shutdown();
  });
});

// test_traceback (bpo-21817, H46): the traceback of the worker is at hand in the parent and is printed with the error.
it("test_traceback: the error carries the worker's stack, prints it, and keeps its cause", async () => {
  await withPool({ maxWorkers: 1 }, async (pool) => {
    const error = await failureOf(pool.submit(tasks.throwTraceback));
    expect(error).toBeInstanceOf(RangeError);
    expect((error as Error).message).toBe('123');
    for (const text of [(error as Error).stack, inspect(error)]) {
      expect(text).toContain('throwTraceback');
      expect(text).toContain('conformance-a-tasks.js');
    }

    const outer = (await failureOf(pool.submit(tasks.throwWithCause))) as Error;
    expect(outer.message).toBe('outer');
    expect(outer.cause).toBeInstanceOf(TypeError);
    expect((outer.cause as Error).stack).toContain('throwWithCause');
    await pool.shutdown();
  });
});

// test_traceback_when_child_process_terminates_abruptly (gh-139462, H47): the error names the exit code 99; ours also
// the process, and the signal where one ended it.
it('test_traceback_when_child_process_terminates_abruptly: the error names exit code or signal', async () => {
  await withPool({ maxWorkers: 1 }, async (pool) => {
    const error = (await failureOf(pool.submit(tasks.exit, 99))) as BrokenProcessPool;
    expect(error).toBeInstanceOf(BrokenProcessPool);
    expect(error).toMatchObject({ exitCode: 99, signal: null, activity: 'running' });
    expect(error.message).toMatch(/\b99\b/);
    expect(error.message).toContain(String(error.pid));
    await pool.shutdown();
  });
  for (const signal of ['SIGSEGV', 'SIGABRT', 'SIGTERM'] as const) {
    await withPool({ maxWorkers: 1 }, async (pool) => {
      const error = (await failureOf(pool.submit(tasks.die, signal))) as BrokenProcessPool;
      expect(error, `a worker ended by ${signal}`).toBeInstanceOf(BrokenProcessPool);
      expect(error).toMatchObject({ exitCode: null, signal, activity: 'running' });
      expect(error.message).toContain(signal);
      await pool.shutdown();
    });
  }
});

// test_ressources_gced_in_workers (bpo-31540, bpo-35715; H54, H55): a worker that is idle keeps neither the arguments of
// its last call nor its result. The worker looks by itself: a second call would let go of what the first left behind.
it('test_ressources_gced_in_workers: an idle worker keeps neither the argument nor the result of its last call', async () => {
  const directory = scratch();

  await withPool({ maxWorkers: 1, workerOptions: { execArgv: ['--expose-gc'] } }, async (pool) => {
    await soon(pool.submit(tasks.watchArgument, { padding: 'x'.repeat(1000) }, directory), 'the call');
    await until(() => existsSync(`${directory}/arg-collected`), 'the argument to be collected in the idle worker');
    const result = await soon(pool.submit(tasks.watchResult, directory), 'the call');
    await until(() => existsSync(`${directory}/result-collected`), 'the result to be collected in the idle worker');
    expect(result.padding, 'the copy in the parent is another object').toHaveLength(1000);
    expect(pool.stats()).toMatchObject({ spawned: 1, lost: 0 });
    await pool.shutdown();
  });
});

// test_saturation: 15 blocking calls for each worker make exactly as many processes as maxWorkers says.
it('test_saturation: 15 blocking calls per worker make exactly maxWorkers processes', async () => {
  const gate = makeGate();
  const maxWorkers = 3;
  await withPool({ maxWorkers }, async (pool) => {
    const futures = range(15 * maxWorkers).map((index) => pool.submit(gateTasks.holdUntil, gate.path, index));
    await gate.reached(maxWorkers);
    expect(workerCount(pool)).toBe(maxWorkers);
    gate.open();
    expect(await soon(Promise.all(futures), 'all calls')).toEqual(range(15 * maxWorkers));
    expect(pool.stats()).toMatchObject({ spawned: maxWorkers, succeeded: 15 * maxWorkers });
    expect(new Set(gate.pids()).size).toBe(maxWorkers);
    await pool.shutdown();
  });
});

// test_idle_process_reuse_one (bpo-39207): calls one after the other are served by one process.
it('test_idle_process_reuse_one: calls one after the other are served by one process', async () => {
  await withPool({ maxWorkers: 2 }, async (pool) => {
    const pids = new Set<number>();
    for (const call of range(4)) pids.add(await soon(pool.submit(tasks.pid), `call ${call}`));
    expect(pids.size).toBe(1);
    expect(pool.stats().spawned).toBe(1);
    await pool.shutdown();
  });
});

// test_idle_process_reuse_multiple (bpo-39207): calls that overlap now and then make at most 3 processes of 4.
it('test_idle_process_reuse_multiple: calls that overlap now and then leave a fourth process unborn', async () => {
  await withPool({ maxWorkers: 4 }, async (pool) => {
    await soon(pool.submit(tasks.pow, 12, 7), 'the first call');
    pool.submit(tasks.pow, 33, 25);
    await soon(pool.submit(tasks.pow, 25, 26), 'the third call');
    pool.submit(tasks.pow, 18, 29);
    await soon(pool.submit(tasks.pow, 1, 2), 'the fifth call');
    pool.submit(tasks.pow, 0, 9);
    expect(pool.stats().spawned).toBeLessThanOrEqual(3);
    await pool.shutdown();
    expect(pool.stats().succeeded).toBe(6);
  });
});

// test_python_finalization_error (gh-109047, H27): the system refuses what dispatch needs (there a thread, here a
// process); the manager died of it and map hung. The refusal must break the pool, with the system's error as cause.
it('test_python_finalization_error: a process that the system refuses fails map with BrokenProcessPool', async () => {
  const missing = `${scratch()}/no-such-node`;
  await withPool({ maxWorkers: 2, workerOptions: { execPath: missing } }, async (pool) => {
    const results = pool.map(tasks.makeObject, range(10));
    const error = await failureOf(results.next());
    expect(error).toBeInstanceOf(BrokenProcessPool);
    expect((error as BrokenProcessPool).cause).toMatchObject({ code: 'ENOENT' });
    expect((error as BrokenProcessPool).message).toContain(missing);
    expect(() => pool.submit(tasks.pid)).toThrow(BrokenProcessPool);
    await soon(pool.shutdown(), 'shutdown of a pool that never had a process');
    expect(pool.stats().succeeded).toBe(0);
  });
});

/** CPython's tests that have no counterpart here. */
const WITHOUT_COUNTERPART: Record<string, string> = {
  test_max_workers_too_large:
    'the limit of 61 comes from a Windows wait on 63 handles at most; libuv has no such wait, so there is no limit',
  test_max_tasks_per_child_defaults_to_spawn_context:
    'there is one way to start a worker, a fresh process, which is what CPython falls back to here',
};

const PROCESS_POOL_TESTS = [
  'test_max_workers_too_large',
  'test_sysconf_permission_error',
  'test_killed_child',
  'test_broken_process_pool_traceback',
  'test_map_chunksize',
  'test_traceback',
  'test_traceback_when_child_process_terminates_abruptly',
  'test_ressources_gced_in_workers',
  'test_saturation',
  'test_idle_process_reuse_one',
  'test_idle_process_reuse_multiple',
  'test_max_tasks_per_child',
  'test_max_tasks_per_child_defaults_to_spawn_context',
  'test_max_tasks_per_child_pending_tasks_gh115634',
  'test_shutdown_no_wait_max_tasks_gh119592',
  'test_gc_during_max_tasks_worker_exit_gh152967',
  'test_force_shutdown_during_max_tasks_worker_exit',
  'test_failed_worker_replacement_breaks_pool',
  'test_max_tasks_early_shutdown',
  'test_python_finalization_error',
  'test_terminate_workers',
  'test_kill_workers',
  'test_force_shutdown_workers_invalid_op',
  'test_force_shutdown_workers',
  'test_force_shutdown_workers_dead_workers',
  'test_force_shutdown_workers_not_started_yet',
  'test_force_shutdown_workers_stops_pool',
];

it('these three files hold every test of test_process_pool.py, or say why there is none', () => {
  const covered = coveredNames(
    import.meta.url,
    'process-pool.test.ts',
    'process-pool-max-tasks.test.ts',
    'process-pool-force.test.ts',
  );
  expect(
    [...covered, ...Object.keys(WITHOUT_COUNTERPART)].sort(),
    "add the missing test by CPython's name, or an entry with the reason",
  ).toEqual([...PROCESS_POOL_TESTS].sort());
});
