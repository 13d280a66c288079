/**
 * CPython's test_future.py, for futures that no executor owns. Real pools add nothing here: a future obeys the same
 * machine whoever settles it, and the other files of this folder settle theirs through processes.
 *
 * Read against: CPython main as of 2026-08 (`Lib/test/test_concurrent_futures/test_future.py`), FutureTests, 22 tests.
 */
import { inspect } from 'node:util';
import { CancelledError, Future, InvalidStateError, TimeoutError } from 'procfutures';
import { expect, it } from 'vitest';
import { expectWarning } from '../helpers/warnings.ts';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** One future in each state, fresh for every test: a shared one would hide a callback that a test left behind. */
function everyState() {
  const pending = new Future<number>();
  const running = new Future<number>();
  running.setRunningOrNotifyCancel();
  const cancelled = new Future<number>();
  cancelled.cancel();
  const notified = new Future<number>();
  notified.cancel();
  notified.setRunningOrNotifyCancel();
  const failed = new Future<number>();
  failed.setException(new RangeError('out of range'));
  const successful = new Future<number>();
  successful.setResult(42);
  return { pending, running, cancelled, notified, failed, successful };
}

/** What warnings say, in full, while `act` runs and until the next turn, in which they are told. */
async function warningsOf(act: () => void): Promise<string> {
  const seen: string[] = [];
  const listener = (warning: Error & { detail?: string }): void => {
    seen.push(`${warning.message}\n${warning.detail}\n${inspect(warning.cause)}`);
  };
  // Announced, so that the leak check lets it pass; it must come, and say which callback.
  expectWarning(/callback/);
  process.on('warning', listener);
  try {
    act();
    await nextTurn();
  } finally {
    process.off('warning', listener);
  }
  expect(seen).toHaveLength(1);
  return seen.join();
}

/** Runs `act` and gives what it threw. */
function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('expected a throw, and nothing was thrown');
}

// 3.2. A callback registered before the result is called with the future and can read the result from it. At once:
// set_result returns after its callbacks.
it('test_done_callback_with_result: a callback reads the result from the future it is given', () => {
  const seen: unknown[] = [];
  const future = new Future<number>();
  future.addDoneCallback((done) => seen.push(done === future, done.resultNow()));
  future.setResult(5);
  expect(seen).toEqual([true, 5]);
});

// 3.2. The same for a failure: the callback sees the very exception object.
it('test_done_callback_with_exception: a callback reads the exception from the future it is given', () => {
  const error = new Error('test');
  const seen: unknown[] = [];
  const future = new Future<number>();
  future.addDoneCallback((done) => seen.push(done.exceptionNow()));
  future.setException(error);
  expect(seen).toHaveLength(1);
  expect(seen[0]).toBe(error);
});

// 3.2. cancel() runs the callbacks before it returns, and they see a cancelled future.
it('test_done_callback_with_cancel: cancel() returns after its callbacks, which see the cancellation', () => {
  const seen: boolean[] = [];
  const future = new Future<number>();
  future.addDoneCallback((done) => seen.push(done.cancelled()));
  expect(future.cancel()).toBe(true);
  expect(seen).toEqual([true]);
});

// 3.2. A callback that throws does not keep the next one from running, nor setResult from returning; the error is
// logged there, and a process warning here.
it('test_done_callback_raises: a throwing callback becomes a warning and the next callback runs', async () => {
  const order: string[] = [];
  const future = new Future<number>();
  future.addDoneCallback(() => {
    order.push('raising');
    throw new Error('doh!');
  });
  future.addDoneCallback(() => order.push('next'));
  expect(await warningsOf(() => future.setResult(5))).toContain('doh!');
  expect(order).toEqual(['raising', 'next']);
  expect(future.resultNow()).toBe(5);
});

// 3.2. A callback added to a finished future is called before addDoneCallback returns.
it('test_done_callback_already_successful: a callback on a finished future runs at once', () => {
  const seen: number[] = [];
  const future = new Future<number>();
  future.setResult(5);
  future.addDoneCallback((done) => seen.push(done.resultNow()));
  expect(seen).toEqual([5]);
});

// 3.2. The same after a failure.
it('test_done_callback_already_failed: a callback on a failed future runs at once', () => {
  const error = new Error('test');
  const seen: unknown[] = [];
  const future = new Future<number>();
  future.setException(error);
  future.addDoneCallback((done) => seen.push(done.exceptionNow()));
  expect(seen).toHaveLength(1);
  expect(seen[0]).toBe(error);
});

// 3.2. The same after a cancellation.
it('test_done_callback_already_cancelled: a callback on a cancelled future runs at once', () => {
  const seen: boolean[] = [];
  const future = new Future<number>();
  expect(future.cancel()).toBe(true);
  future.addDoneCallback((done) => seen.push(done.cancelled()));
  expect(seen).toEqual([true]);
});

// 3.8 (bpo-33110). On the late path, too, the error of a callback is reported and not thrown at whoever registers it.
it('test_done_callback_raises_already_succeeded: a throwing late callback warns and does not throw', async () => {
  const future = new Future<number>();
  future.setResult(5);
  let called = 0;
  const late = () =>
    future.addDoneCallback(() => {
      called += 1;
      throw new Error('doh!');
    });
  expect(await warningsOf(late)).toContain('doh!');
  expect(called).toBe(1);
});

// 3.2. The printed form names the state, and for a finished future the class of what it holds. Adapted: `repr` is
// util.inspect, and the state is written as `state` has it.
it('test_repr: util.inspect shows the state and the kind of outcome in one line', () => {
  const states = everyState();
  const printed = Object.fromEntries(Object.entries(states).map(([name, future]) => [name, inspect(future)]));
  for (const text of Object.values(printed)) {
    expect(text).toContain('Future');
    expect(text).not.toContain('\n');
  }
  expect(printed.pending).toMatch(/PENDING/);
  expect(printed.running).toMatch(/RUNNING/);
  expect(printed.cancelled).toMatch(/CANCELLED/);
  expect(printed.notified).toMatch(/CANCELLED/);
  expect(printed.failed).toMatch(/FINISHED.*RangeError/);
  expect(printed.successful).toMatch(/FINISHED.*(42|number)/);
});

// 3.2. Only a pending future can be cancelled; asking again for a cancelled one is answered true; nothing else moves.
it('test_cancel: only a pending future can be cancelled, and a cancelled one stays what it was', () => {
  const { pending, running, cancelled, notified, failed, successful } = everyState();
  expect([pending.cancel(), pending.state]).toEqual([true, 'CANCELLED']);
  expect([running.cancel(), running.state]).toEqual([false, 'RUNNING']);
  expect([cancelled.cancel(), cancelled.state]).toEqual([true, 'CANCELLED']);
  expect([notified.cancel(), notified.state]).toEqual([true, 'CANCELLED_AND_NOTIFIED']);
  expect([failed.cancel(), failed.state]).toEqual([false, 'FINISHED']);
  expect([successful.cancel(), successful.state]).toEqual([false, 'FINISHED']);
});

// 3.2. Both cancelled states, and only they, count as cancelled.
it('test_cancelled: cancelled() is true in the two cancelled states', () => {
  const answers = Object.entries(everyState()).map(([name, future]) => [name, future.cancelled()]);
  expect(Object.fromEntries(answers)).toEqual({
    pending: false,
    running: false,
    cancelled: true,
    notified: true,
    failed: false,
    successful: false,
  });
});

// 3.2. Done is: cancelled in either form, failed or successful.
it('test_done: done() is true in every state but PENDING and RUNNING', () => {
  const answers = Object.entries(everyState()).map(([name, future]) => [name, future.done()]);
  expect(Object.fromEntries(answers)).toEqual({
    pending: false,
    running: false,
    cancelled: true,
    notified: true,
    failed: true,
    successful: true,
  });
});

// 3.2. Running is RUNNING and nothing else.
it('test_running: running() is true only while RUNNING', () => {
  const answers = Object.entries(everyState()).map(([name, future]) => [name, future.running()]);
  expect(Object.fromEntries(answers)).toEqual({
    pending: false,
    running: true,
    cancelled: false,
    notified: false,
    failed: false,
    successful: false,
  });
});

// 3.2. A timeout of 0 polls: unfinished futures give TimeoutError and go on; the others answer as they always do.
it('test_result_with_timeout: result() with a timeout of 0 polls in every state', async () => {
  const { pending, running, cancelled, notified, failed, successful } = everyState();
  await expect(pending.result({ timeout: 0 })).rejects.toBeInstanceOf(TimeoutError);
  await expect(running.result({ timeout: 0 })).rejects.toBeInstanceOf(TimeoutError);
  await expect(cancelled.result({ timeout: 0 })).rejects.toBeInstanceOf(CancelledError);
  await expect(notified.result({ timeout: 0 })).rejects.toBeInstanceOf(CancelledError);
  await expect(failed.result({ timeout: 0 })).rejects.toBeInstanceOf(RangeError);
  await expect(successful.result({ timeout: 0 })).resolves.toBe(42);
  expect([pending.state, running.state]).toEqual(['PENDING', 'RUNNING']);
});

// 3.2. Whoever waits for the result is released by a result that comes later. Adapted: another thread there, a later
// turn of the event loop here.
it('test_result_with_success: a waiting result() is released by a later result', async () => {
  const future = new Future<number>();
  const waiting = future.result({ timeout: 30_000 });
  await nextTurn();
  future.setResult(42);
  await expect(waiting).resolves.toBe(42);
});

// 3.2. ... and by a later cancellation, with CancelledError and not with a timeout.
it('test_result_with_cancel: a waiting result() is released by a later cancel()', async () => {
  const future = new Future<number>();
  const waiting = future.result({ timeout: 30_000 });
  await nextTurn();
  expect(future.cancel()).toBe(true);
  await expect(waiting).rejects.toBeInstanceOf(CancelledError);
});

// 3.2. exception() polls in the same way: the exception of a failed future is its answer, a cancellation is thrown.
it('test_exception_with_timeout: exception() with a timeout of 0 polls in every state', async () => {
  const { pending, running, cancelled, notified, failed, successful } = everyState();
  await expect(pending.exception({ timeout: 0 })).rejects.toBeInstanceOf(TimeoutError);
  await expect(running.exception({ timeout: 0 })).rejects.toBeInstanceOf(TimeoutError);
  await expect(cancelled.exception({ timeout: 0 })).rejects.toBeInstanceOf(CancelledError);
  await expect(notified.exception({ timeout: 0 })).rejects.toBeInstanceOf(CancelledError);
  await expect(failed.exception({ timeout: 0 })).resolves.toBeInstanceOf(RangeError);
  await expect(successful.exception({ timeout: 0 })).resolves.toBeNull();
});

// 3.2. Whoever waits for the exception is released by a failure that comes later.
it('test_exception_with_success: a waiting exception() is released by a later failure', async () => {
  const error = new Error('later');
  const future = new Future<number>();
  const waiting = future.exception({ timeout: 30_000 });
  await nextTurn();
  future.setException(error);
  expect(await waiting).toBe(error);
});

// 3.8 (bpo-33238). Before, a second result silently replaced the first. The refusal names the state.
it('test_multiple_set_result: a second result is refused and the first one kept', () => {
  const future = new Future<number>();
  future.setResult(1);
  const refusal = thrownBy(() => future.setResult(2));
  expect(refusal).toBeInstanceOf(InvalidStateError);
  expect(refusal).toMatchObject({ code: 'ERR_PROCFUTURES_INVALID_STATE', message: expect.stringMatching(/FINISHED/) });
  expect(future.done()).toBe(true);
  expect(future.resultNow()).toBe(1);
});

// 3.8 (bpo-33238). The same for a second exception.
it('test_multiple_set_exception: a second exception is refused and the first one kept', () => {
  const error = new TypeError('first');
  const future = new Future<number>();
  future.setException(error);
  const refusal = thrownBy(() => future.setException(new Error('second')));
  expect(refusal).toBeInstanceOf(InvalidStateError);
  expect(refusal).toMatchObject({ code: 'ERR_PROCFUTURES_INVALID_STATE', message: expect.stringMatching(/FINISHED/) });
  expect(future.exceptionNow()).toBe(error);
});

// 3.15. One locked read of (done, cancelled, result, exception), made for asyncio. Adapted: in one thread the four
// synchronous readers are such a snapshot, provided that none of them contradicts another in any state.
it('test_get_snapshot: the synchronous readers agree with one another in every state', () => {
  const { pending, running, cancelled, notified, failed, successful } = everyState();
  for (const future of [pending, running]) {
    expect([future.done(), future.cancelled()]).toEqual([false, false]);
    expect(() => future.resultNow()).toThrow(InvalidStateError);
    expect(() => future.exceptionNow()).toThrow(InvalidStateError);
  }
  expect([successful.done(), successful.cancelled(), successful.resultNow(), successful.exceptionNow()]).toEqual([
    true,
    false,
    42,
    null,
  ]);
  expect([failed.done(), failed.cancelled()]).toEqual([true, false]);
  expect(failed.exceptionNow()).toBeInstanceOf(RangeError);
  expect(thrownBy(() => failed.resultNow())).toBe(failed.exceptionNow());
  for (const future of [cancelled, notified]) {
    expect([future.done(), future.cancelled()]).toEqual([true, true]);
    expect(() => future.resultNow()).toThrow(CancelledError);
    expect(() => future.exceptionNow()).toThrow(CancelledError);
  }
});

// CPython's result() and exception() block their thread; there is none to block.
it('differs from CPython: result() and exception() are promises, and a future itself can be awaited', async () => {
  const future = new Future<number>();
  const both = Promise.all([future.result(), future.exception(), future]);
  future.setResult(42);
  expect(await both).toEqual([42, null, 42]);
});

// A promise that rejects unseen ends a Node process. A failed future that nobody awaits must not, as in CPython.
it('differs from CPython: a failed future is no promise, so that nobody has to look at it', async () => {
  const seen: unknown[] = [];
  const listener = (reason: unknown): void => void seen.push(reason);
  process.on('unhandledRejection', listener);
  try {
    new Future<number>().setException(new Error('nobody looks'));
    new Future<number>().cancel();
    await nextTurn();
    await nextTurn();
  } finally {
    process.off('unhandledRejection', listener);
  }
  expect(seen).toEqual([]);
});

// CPython up to 3.13 returned None for an exception that is falsy (gh-132063), and set_exception(None) means "returned
// None" to this day. In JavaScript anything may be thrown, and a failure stays a failure.
it('differs from CPython: a falsy exception is an exception', async () => {
  for (const value of [undefined, null, 0, '', false, Number.NaN]) {
    const future = new Future<number>();
    future.setException(value);
    const settled = await future.then(
      (result) => ({ result }),
      (reason: unknown) => ({ reason }),
    );
    expect(settled).toStrictEqual({ reason: value });
    expect(thrownBy(() => future.resultNow())).toBe(value);
  }
});

// CPython logs a critical message and raises RuntimeError; the machine has one word for "not in this state".
it('differs from CPython: setRunningOrNotifyCancel() out of turn is an InvalidStateError', () => {
  const { running, notified, failed, successful } = everyState();
  for (const future of [running, notified, failed, successful]) {
    const before = future.state;
    expect(() => future.setRunningOrNotifyCancel()).toThrow(InvalidStateError);
    expect(future.state).toBe(before);
  }
});

const excluded = [
  // Asserts the public module names that CPython prints for its classes (2026). A JavaScript class has no module name.
  'test_class_str',
];

it('every test of CPython is here or has a reason not to be', ({ task }) => {
  const cpython = [
    'test_done_callback_with_result',
    'test_done_callback_with_exception',
    'test_done_callback_with_cancel',
    'test_done_callback_raises',
    'test_done_callback_already_successful',
    'test_done_callback_already_failed',
    'test_done_callback_already_cancelled',
    'test_done_callback_raises_already_succeeded',
    'test_repr',
    'test_class_str',
    'test_cancel',
    'test_cancelled',
    'test_done',
    'test_running',
    'test_result_with_timeout',
    'test_result_with_success',
    'test_result_with_cancel',
    'test_exception_with_timeout',
    'test_exception_with_success',
    'test_multiple_set_result',
    'test_multiple_set_exception',
    'test_get_snapshot',
  ];
  expect(cpython).toHaveLength(22);
  const mirrored = task.file.tasks.map(({ name }) => name.split(':')[0]!).filter((name) => name.startsWith('test_'));
  expect([...mirrored, ...excluded].sort()).toEqual([...cpython].sort());
});
