/**
 * CPython's test_wait.py, on a pool of real processes and on futures that are done from the start.
 *
 * Read against: CPython main as of 2026-08 (`Lib/test/test_concurrent_futures/test_wait.py`), WaitTests and
 * ThreadPoolWaitTests, 9 tests. There `wait` returns (done, not_done), here { done, notDone }.
 */
import { Future, tasksFrom, wait } from 'procfutures';
import { expect, it } from 'vitest';
import { type GateTasks, makeGate, soon } from '../helpers/gate.ts';
import { fixture, newPool } from '../helpers/pool.ts';

const { failAfter, holdUntil } = tasksFrom<GateTasks>(fixture('conformance-a-gate.js'));
const { divide, multiply } = tasksFrom<{
  divide(x: number, y: number): number;
  multiply(x: number, y: number): number;
}>(fixture('conformance-b-tasks.js'));

/** Futures that nobody executes any more. */
function doneFutures() {
  const cancelled = new Future<unknown>();
  cancelled.cancel();
  const notified = new Future<unknown>();
  notified.cancel();
  notified.setRunningOrNotifyCancel();
  const failed = new Future<unknown>();
  failed.setException(new RangeError('failed before'));
  const successful = new Future<unknown>();
  successful.setResult(42);
  return { cancelled, notified, failed, successful };
}

/** That the set holds these futures and no other: compared by identity, two futures in one state would look alike. */
function expectExactly(set: ReadonlySet<Future<unknown>>, ...futures: Future<unknown>[]): void {
  expect(futures.map((future) => set.has(future))).toEqual(futures.map(() => true));
  expect(set.size).toBe(futures.length);
}

// 3.11 (bpo-20369). A future that is given twice counts once; counted twice, the call would never return.
it('test_20369: a future given twice does not block', async () => {
  const pool = newPool();
  const future: Future<unknown> = pool.submit(multiply, 1, 2);
  const { done, notDone } = await soon(wait([future, future], { returnWhen: 'ALL_COMPLETED' }), 'wait()');
  expectExactly(done, future);
  expectExactly(notDone);
  await pool.shutdown();
});

// 3.2. Returns as soon as one future is done, with the others in the other set. CPython's case has a cancelled future
// among those that are not done; here that one is done (see the difference below), so it is left out.
it('test_first_completed: FIRST_COMPLETED returns when the first one is done', async () => {
  const gate = makeGate();
  const pool = newPool({ maxWorkers: 2 });
  const quick: Future<unknown> = pool.submit(multiply, 21, 2);
  const held: Future<unknown> = pool.submit(holdUntil, gate.path);
  const { done, notDone } = await soon(wait([quick, held], { returnWhen: 'FIRST_COMPLETED' }), 'wait()');
  expectExactly(done, quick);
  expectExactly(notDone, held);
  expect(quick.resultNow()).toBe(42);
  gate.open();
  await held;
  await pool.shutdown();
});

// 3.2. With some done already there is nothing to wait for: all of those are given, the running one is not.
it('test_first_completed_some_already_completed: FIRST_COMPLETED returns at once with those done before', async () => {
  const gate = makeGate();
  const pool = newPool();
  const { notified, successful } = doneFutures();
  const held: Future<unknown> = pool.submit(holdUntil, gate.path);
  const { done, notDone } = await soon(wait([notified, successful, held], { returnWhen: 'FIRST_COMPLETED' }), 'wait()');
  expectExactly(done, notified, successful);
  expectExactly(notDone, held);
  gate.open();
  await held;
  await pool.shutdown();
});

// 3.2. A result does not end the waiting, a failure does. The failing call is let go only once the successful one is
// done, so the order is certain.
it('test_first_exception: FIRST_EXCEPTION returns when the first one fails', async () => {
  const failing = makeGate();
  const holding = makeGate();
  const pool = newPool({ maxWorkers: 3 });
  const good: Future<unknown> = pool.submit(multiply, 2, 21);
  const bad: Future<unknown> = pool.submit(failAfter, failing.path, 'this is an exception');
  const held: Future<unknown> = pool.submit(holdUntil, holding.path);
  const waiting = wait([good, bad, held], { returnWhen: 'FIRST_EXCEPTION' });
  await good;
  failing.open();
  const { done, notDone } = await soon(waiting, 'wait()');
  expectExactly(done, good, bad);
  expectExactly(notDone, held);
  expect(bad.exceptionNow()).toMatchObject({ message: 'this is an exception' });
  holding.open();
  await held;
  await pool.shutdown();
});

// 3.2. A cancellation is not an exception: futures that were cancelled before do not end the waiting, the call that
// fails does. CPython has the cancelled-but-not-notified one in the other set.
it('test_first_exception_some_already_complete: a cancelled future is not a failed one', async () => {
  const gate = makeGate();
  const pool = newPool({ maxWorkers: 2 });
  const { cancelled, notified, successful } = doneFutures();
  const bad: Future<unknown> = pool.submit(divide, 21, 0);
  const held: Future<unknown> = pool.submit(holdUntil, gate.path);
  const all = [successful, cancelled, notified, bad, held];
  const { done, notDone } = await soon(wait(all, { returnWhen: 'FIRST_EXCEPTION' }), 'wait()');
  // Had a cancelled one ended the waiting, the failing one would not have been among the done.
  expectExactly(done, successful, cancelled, notified, bad);
  expect(bad.exceptionNow()).toBeInstanceOf(RangeError);
  expectExactly(notDone, held);
  gate.open();
  await held;
  await pool.shutdown();
});

// 3.2. With one failed already there is nothing to wait for.
it('test_first_exception_one_already_failed: FIRST_EXCEPTION returns at once when one had failed before', async () => {
  const gate = makeGate();
  const pool = newPool();
  const { failed } = doneFutures();
  const held: Future<unknown> = pool.submit(holdUntil, gate.path);
  const { done, notDone } = await soon(wait([failed, held], { returnWhen: 'FIRST_EXCEPTION' }), 'wait()');
  expectExactly(done, failed);
  expectExactly(notDone, held);
  gate.open();
  await held;
  await pool.shutdown();
});

// 3.2. Waits for all of them, whatever became of each: success, failure or cancellation, here or before.
it('test_all_completed: ALL_COMPLETED returns when every one is done, failed and cancelled ones included', async () => {
  const pool = newPool({ maxWorkers: 2 });
  const { failed, notified, successful } = doneFutures();
  const bad: Future<unknown> = pool.submit(divide, 2, 0);
  const good: Future<unknown> = pool.submit(multiply, 2, 21);
  const all = [successful, notified, failed, bad, good];
  const { done, notDone } = await soon(wait(all, { returnWhen: 'ALL_COMPLETED' }), 'wait()');
  expectExactly(done, ...all);
  expectExactly(notDone);
  await pool.shutdown();
});

// 3.2. A timeout is no error: what is not done by then is in the other set, and goes on.
it('test_timeout: a timeout does not throw, it leaves the rest in notDone', async () => {
  const gate = makeGate();
  const pool = newPool();
  const { failed, notified, successful } = doneFutures();
  const held: Future<unknown> = pool.submit(holdUntil, gate.path, 'in the end');
  const all = [notified, failed, successful, held];
  const { done, notDone } = await soon(wait(all, { timeout: 50, returnWhen: 'ALL_COMPLETED' }), 'wait()');
  expectExactly(done, notified, failed, successful);
  expectExactly(notDone, held);
  gate.open();
  expect(await held).toBe('in the end');
  await pool.shutdown();
});

// CPython cannot raise None. In JavaScript a task may throw null, which is also what exception() says of a success; the
// two must not be taken for each other.
it('differs from CPython: FIRST_EXCEPTION returns for a future that failed with null', async () => {
  const pending = new Future<unknown>();
  for (const falsy of [null, undefined, 0]) {
    const before = new Future<unknown>();
    before.setException(falsy);
    expectExactly((await soon(wait([before, pending], { returnWhen: 'FIRST_EXCEPTION' }), 'wait()')).done, before);
    const later = new Future<unknown>();
    const waiting = wait([later, pending], { returnWhen: 'FIRST_EXCEPTION' });
    later.setException(falsy);
    expectExactly((await soon(waiting, 'wait() for a future that fails later')).done, later);
  }
});

// CPython counts CANCELLED as not done until the executor has noticed it, which after shutdown(cancel_futures=True) is
// never: whoever waits then waits for ever (gh-136655, gh-109934). Done for one is done for all.
it('differs from CPython: a cancelled future is done, also before an executor has noticed', async () => {
  const { cancelled } = doneFutures();
  const pending = new Future<unknown>();
  const { done, notDone } = await soon(wait([cancelled, pending], { returnWhen: 'FIRST_COMPLETED' }), 'wait()');
  expectExactly(done, cancelled);
  expectExactly(notDone, pending);

  const waiting = wait([cancelled, pending]);
  pending.cancel();
  expect((await soon(waiting, 'wait() for cancelled futures')).done.size).toBe(2);
});

// The same on a pool, where CPython hangs: nobody tells the waiters of a future that shutdown has cancelled.
it('differs from CPython: wait() returns for futures that shutdown() has cancelled', async () => {
  const gate = makeGate();
  const pool = newPool({ maxWorkers: 1 });
  const futures: Future<unknown>[] = Array.from({ length: 4 }, () => pool.submit(holdUntil, gate.path));
  await gate.reached();
  const waiting = wait(futures);
  const joined = pool.shutdown({ cancelFutures: true });
  gate.open();
  const { done, notDone } = await soon(waiting, 'wait() on a pool that cancels');
  expect([done.size, notDone.size]).toEqual([4, 0]);
  expect(futures.map((future) => future.state)).toEqual([
    'FINISHED',
    'CANCELLED_AND_NOTIFIED',
    'CANCELLED_AND_NOTIFIED',
    'CANCELLED_AND_NOTIFIED',
  ]);
  await joined;
});

const excluded = [
  // A hundred threads finish futures at once while the interpreter switches between them all the time (bpo-14406). One
  // JavaScript thread settles all futures of a process: the counter of a waiter cannot be read and written in parallel.
  'test_pending_calls_race',
];

it('every test of CPython is here or has a reason not to be', ({ task }) => {
  const cpython = [
    'test_20369',
    'test_first_completed',
    'test_first_completed_some_already_completed',
    'test_first_exception',
    'test_first_exception_some_already_complete',
    'test_first_exception_one_already_failed',
    'test_all_completed',
    'test_timeout',
    'test_pending_calls_race',
  ];
  expect(cpython).toHaveLength(9);
  const mirrored = task.file.tasks.map(({ name }) => name.split(':')[0]!).filter((name) => name.startsWith('test_'));
  expect([...mirrored, ...excluded].sort()).toEqual([...cpython].sort());
});
