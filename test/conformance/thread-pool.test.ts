/**
 * CPython's test_thread_pool.py. What it checks of a pool of threads holds for a pool of processes as well, and is
 * checked here on one; what it checks of fork() has no counterpart.
 *
 * Read against: CPython main as of 2026-08 (`Lib/test/test_concurrent_futures/test_thread_pool.py`),
 * ThreadPoolExecutorTest, 7 tests of its own.
 */
import { availableParallelism } from 'node:os';
import { type Future, TimeoutError, tasksFrom } from 'procfutures';
import { expect, it } from 'vitest';
import { type GateTasks, makeGate, soon } from '../helpers/gate.ts';
import { fixture, newPool } from '../helpers/pool.ts';

const { holdUntil, touch } = tasksFrom<GateTasks>(fixture('conformance-a-gate.js'));
const { multiply } = tasksFrom<{ multiply(x: number, y: number): number }>(fixture('conformance-b-tasks.js'));

// 3.2 (bpo-11777). map submits when it is called. As a generator that submits on the first `next` it would do nothing
// at all here: nobody ever iterates, and the pool is shut down at once.
it('test_map_submits_without_iteration: map() runs its calls although nobody iterates', async () => {
  const gate = makeGate();
  const pool = newPool({ maxWorkers: 2 });
  pool.map(touch, Array<string>(10).fill(gate.path));
  await soon(pool.shutdown(), 'shutdown()');
  expect(gate.pids()).toHaveLength(10);
});

// 3.8 there: min(32, CPUs + 4). Adapted: as many workers as the process may use CPUs, and no more however much is
// waiting.
it('test_default_workers: the default number of workers is os.availableParallelism()', async () => {
  const gate = makeGate();
  const expected = availableParallelism();
  const pool = newPool();
  const futures = Array.from({ length: expected + 3 }, () => pool.submit(holdUntil, gate.path));
  await gate.reached(expected);
  expect(pool.stats()).toMatchObject({ spawned: expected, running: expected, pending: 3 });
  expect(new Set(gate.pids()).size).toBe(expected);
  gate.open();
  await soon(Promise.all(futures), 'the calls');
  expect(pool.stats().spawned).toBe(expected);
  await pool.shutdown();
});

// 3.9. Fifteen calls for every worker start exactly as many workers as are allowed. (Its twin for processes is in
// test_process_pool.py.)
it('test_saturation: sixty waiting calls start four workers, and the four do them all', async () => {
  const gate = makeGate();
  const pool = newPool({ maxWorkers: 4 });
  const futures = Array.from({ length: 15 * 4 }, () => pool.submit(holdUntil, gate.path));
  await gate.reached(4);
  expect(pool.stats()).toMatchObject({ spawned: 4, running: 4, pending: 56 });
  gate.open();
  await soon(Promise.all(futures), 'the calls');
  expect(gate.pids()).toHaveLength(60);
  expect(new Set(gate.pids()).size).toBe(4);
  await pool.shutdown();
  expect(pool.stats().spawned).toBe(4);
});

// 3.8. Calls that come one after another are done by one worker. (Its twin: test_idle_process_reuse_one.)
it('test_idle_thread_reuse: three calls in sequence start one worker', async () => {
  const pool = newPool({ maxWorkers: 4 });
  expect(await pool.submit(multiply, 21, 2)).toBe(42);
  expect(await pool.submit(multiply, 6, 7)).toBe(42);
  expect(await pool.submit(multiply, 3, 14)).toBe(42);
  expect(pool.stats()).toMatchObject({ spawned: 1, workers: { idle: 1, busy: 0 } });
  await pool.shutdown();
});

// 3.12 (gh-95166). When the timeout of map is over, the call whose result was awaited is cancelled like those after it,
// and not left to run once the worker is free.
it('test_executor_map_current_future_cancel: the timeout of map() cancels the awaited call, too', async () => {
  const first = makeGate();
  const others = makeGate();
  const pool = newPool({ maxWorkers: 1 });
  const future: Future<unknown> = pool.submit(holdUntil, first.path, 'first');
  await first.reached();
  const results = pool.map(touch, [others.path, others.path], { timeout: 0 });
  await expect(soon(results.next(), 'next()')).rejects.toBeInstanceOf(TimeoutError);
  await results.return?.();
  expect(pool.stats()).toMatchObject({ running: 1, pending: 0, cancelled: 2 });
  first.open();
  expect(await future).toBe('first');
  await pool.shutdown();
  expect(others.pids()).toEqual([]);
});

const excluded = [
  // A child forked while another thread holds the lock of the exit hook must still end (bpo-45021). A running
  // JavaScript heap cannot be forked: every worker is a fresh process.
  'test_hang_global_shutdown_lock',
  // A child forked from a thread of the pool must not join threads that it does not have (bpo-43944). The same.
  'test_process_fork_from_a_threadpool',
];

it('every test of CPython is here or has a reason not to be', ({ task }) => {
  const cpython = [
    'test_map_submits_without_iteration',
    'test_default_workers',
    'test_saturation',
    'test_idle_thread_reuse',
    'test_hang_global_shutdown_lock',
    'test_process_fork_from_a_threadpool',
    'test_executor_map_current_future_cancel',
  ];
  expect(cpython).toHaveLength(7);
  const mirrored = task.file.tasks.map(({ name }) => name.split(':')[0]!).filter((name) => name.startsWith('test_'));
  expect([...mirrored, ...excluded].sort()).toEqual([...cpython].sort());
});
