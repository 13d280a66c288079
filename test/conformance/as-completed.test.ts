/**
 * CPython's test_as_completed.py, on a pool of real processes and on futures that no executor owns.
 *
 * Read against: CPython main as of 2026-08 (`Lib/test/test_concurrent_futures/test_as_completed.py`), AsCompletedTests,
 * 5 tests. There as_completed is a generator, here an async iterator.
 */
import { asCompleted, Future, TimeoutError, tasksFrom } from 'procfutures';
import { expect, it } from 'vitest';
import { collected, type GateTasks, makeGate, soon } from '../helpers/gate.ts';
import { fixture, newPool } from '../helpers/pool.ts';

const { holdUntil } = tasksFrom<GateTasks>(fixture('conformance-a-gate.js'));
const { multiply } = tasksFrom<{ multiply(x: number, y: number): number }>(fixture('conformance-b-tasks.js'));

function cancelledAndNotified(): Future<unknown> {
  const future = new Future<unknown>();
  future.cancel();
  future.setRunningOrNotifyCancel();
  return future;
}

function successful(): Future<unknown> {
  const future = new Future<unknown>();
  future.setResult(42);
  return future;
}

function failed(): Future<unknown> {
  const future = new Future<unknown>();
  future.setException(new RangeError('failed before'));
  return future;
}

/** All futures that `asCompleted` yields, and what ended it. */
async function drain(
  futures: Iterable<Future<unknown>>,
  options: { timeout?: number } = {},
): Promise<{ yielded: Future<unknown>[]; error?: unknown }> {
  const yielded: Future<unknown>[] = [];
  try {
    for await (const future of asCompleted(futures, options)) yielded.push(future);
  } catch (error) {
    return { yielded, error };
  }
  return { yielded };
}

// 3.2. Without a timeout it yields every future, of whatever outcome, those of a pool and those done before.
it('test_no_timeout: every kind of done future is yielded', async () => {
  const pool = newPool({ maxWorkers: 2 });
  const before = [cancelledAndNotified(), failed(), successful()];
  const submitted: Future<unknown>[] = [pool.submit(multiply, 2, 21), pool.submit(multiply, 7, 6)];
  const { yielded, error } = await soon(drain([...before, ...submitted]), 'asCompleted()');
  expect(error).toBeUndefined();
  expect(yielded).toHaveLength(5);
  expect([...before, ...submitted].every((future) => yielded.includes(future))).toBe(true);
  // Those that were done come first: they could be given at once.
  expect(before.every((future) => yielded.slice(0, 3).includes(future))).toBe(true);
  await pool.shutdown();
});

// 3.2. When the timeout is over, what was done has been yielded, and TimeoutError ends the iteration; also for a
// timeout of 0. The call that was waited for goes on.
it('test_future_times_out: done futures are yielded before the TimeoutError', async () => {
  const gate = makeGate();
  const pool = newPool({ maxWorkers: 1 });
  const held: Future<unknown> = pool.submit(holdUntil, gate.path, 'in the end');
  for (const timeout of [0, 100]) {
    const before = [cancelledAndNotified(), failed(), successful()];
    const { yielded, error } = await soon(drain([...before, held], { timeout }), 'asCompleted()');
    expect(error).toBeInstanceOf(TimeoutError);
    expect(yielded).toHaveLength(3);
    expect(before.every((future) => yielded.includes(future))).toBe(true);
  }
  gate.open();
  expect(await held).toBe('in the end');
  await pool.shutdown();
});

// 3.4 (bpo-20367): a future that is given several times is yielded once. 3.6.3 (bpo-31641): any iterable will do, one
// without a length too.
it('test_duplicate_futures: a future given three times by a generator is yielded once', async () => {
  const gate = makeGate();
  const pool = newPool();
  const future: Future<unknown> = pool.submit(holdUntil, gate.path);
  function* thrice() {
    yield future;
    yield future;
    yield future;
  }
  const draining = drain(thrice());
  gate.open();
  const { yielded, error } = await soon(draining, 'asCompleted()');
  expect(error).toBeUndefined();
  expect(yielded).toHaveLength(1);
  expect(yielded[0]).toBe(future);
  await pool.shutdown();
});

/** Takes the next future out of `futures` and of the iteration, and gives nothing but a weak reference to it. */
async function takeNext(
  iterator: { next(): Promise<IteratorResult<Future<unknown>, unknown>> },
  futures: Set<Future<unknown>>,
): Promise<WeakRef<Future<unknown>>> {
  const { value, done } = await iterator.next();
  if (done) throw new Error('the iteration ended before its last future');
  futures.delete(value);
  return new WeakRef(value);
}

/** Settles one of the futures, and keeps no reference to it. */
function settleOne(futures: Set<Future<unknown>>): void {
  for (const future of futures) {
    future.setResult('test');
    return;
  }
}

// 3.6.3 (bpo-27144). A future that has been yielded belongs to the caller alone: the running iteration does not keep it
// alive, neither one that was done before nor one that was waited for. Adapted: WeakRef and the garbage collector.
it('test_free_reference_yielded_future: the iteration does not keep a yielded future alive', async () => {
  const futures = new Set<Future<unknown>>();
  for (let i = 0; i < 8; i += 1) futures.add(new Future<unknown>());
  futures.add(cancelledAndNotified());
  futures.add(successful());

  const timed = asCompleted([...futures], { timeout: 0 })[Symbol.asyncIterator]();
  for (let i = 0; i < 2; i += 1) await collected(await takeNext(timed, futures), 'a future that was done before');
  await expect(timed.next()).rejects.toBeInstanceOf(TimeoutError);
  expect(futures.size).toBe(8);

  const iterator = asCompleted([...futures])[Symbol.asyncIterator]();
  for (let left = 8; left > 0; left -= 1) {
    const next = takeNext(iterator, futures);
    settleOne(futures);
    await collected(await soon(next, 'asCompleted()'), 'a future that was waited for');
    expect(futures.size).toBe(left - 1);
  }
  expect(await iterator.next()).toEqual({ value: undefined, done: true });
});

// 3.2. The error counts: how many are unfinished, of how many.
it('test_correct_timeout_exception_msg: the TimeoutError counts the unfinished futures', async () => {
  const pending = new Future<unknown>();
  const running = new Future<unknown>();
  running.setRunningOrNotifyCancel();
  const all = [cancelledAndNotified(), pending, running, successful()];
  const { error } = await soon(drain(all, { timeout: 0 }), 'asCompleted()');
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error).toMatchObject({ message: expect.stringContaining('2 (of 4) futures unfinished') });
});

// CPython yields a merely cancelled future only after an executor has noticed it, which may be never (gh-92001).
it('differs from CPython: a cancelled future is yielded, also before an executor has noticed', async () => {
  const before = new Future<unknown>();
  before.cancel();
  const later = new Future<unknown>();
  const draining = drain([before, later]);
  later.cancel();
  const { yielded, error } = await soon(draining, 'asCompleted() of cancelled futures');
  expect(error).toBeUndefined();
  expect(yielded).toHaveLength(2);
});

it('every test of CPython is here', ({ task }) => {
  const cpython = [
    'test_no_timeout',
    'test_future_times_out',
    'test_duplicate_futures',
    'test_free_reference_yielded_future',
    'test_correct_timeout_exception_msg',
  ];
  expect(cpython).toHaveLength(5);
  const mirrored = task.file.tasks.map(({ name }) => name.split(':')[0]!).filter((name) => name.startsWith('test_'));
  expect([...mirrored].sort()).toEqual([...cpython].sort());
});
