/**
 * `Future`: a thin handle over the state of one call.
 *
 * The state is the work item's, moved by the future chart alone. A future of an executor sends its commands there.
 *
 * Guarantees
 * - State and outcome become readable together, before anybody is told.
 * - Watchers (waits) hear before callbacks; callbacks run once, in order of registration (I4).
 * - Once done it refers to neither task nor arguments (I7).
 *
 * CPython 3.14 `concurrent/futures/_base.py:319-560`.
 */
import { inspect } from 'node:util';
import type { Charts } from '../machines/chart.ts';
import { loneFuture } from '../machines/lone-future.ts';
import type { Outcome, WorkItem } from '../machines/vocabulary.ts';
import { createWork, stepFuture } from '../machines/work.ts';
import { brokenPoolError } from './broken.ts';
import { type TimeoutOptions, timeoutOf } from './checks.ts';
import { CancelledError, InvalidStateError } from './errors.ts';
import type { FutureOwner, Observer, Observers, Submission, Watcher } from './observers.ts';
import { callBack, ResultReader, readInTime, tell, withObserver, withoutObserver } from './observers.ts';
import type { Task } from './task.ts';
import { brief, show } from './wire/describe.ts';
import { UNCOPYABLE } from './wire/handles.ts';

/** The five states of CPython's futures. */
export type FutureState = 'PENDING' | 'RUNNING' | 'CANCELLED' | 'CANCELLED_AND_NOTIFIED' | 'FINISHED';

const NO_RESULT =
  'setResult() takes no Future, which every promise would wait for: await it, and give what it comes to.';

let publish: (future: Future<unknown>) => void;
let submissionOf: (future: Future<unknown>) => Submission | undefined;
let workOf: (future: Future<unknown>) => WorkItem;
let addWatcher: (future: Future<unknown>, watcher: Watcher) => void;
let removeWatcher: (future: Future<unknown>, watcher: Watcher) => void;

/**
 * The outcome of a call that may not have happened yet.
 *
 * Awaitable: `await future` gives the result, or throws what the task threw. A failed future that nobody awaits
 * raises no unhandled rejection; the promises that `then`, `catch`, `finally` and `result()` return are ordinary
 * ones. A future made with `new Future()` belongs to no executor and does not keep the process alive.
 */
export class Future<T> implements PromiseLike<T> {
  readonly #work: WorkItem;
  readonly #owner: FutureOwner | undefined;
  #task: Task<never, unknown> | undefined;
  #args: readonly unknown[] | undefined;
  #observers: Observers;

  static {
    publish = (future) => future.#publish();
    submissionOf = (future) => (future.#task && future.#args ? { task: future.#task, args: future.#args } : undefined);
    workOf = (future) => future.#work;
    addWatcher = (future, watcher) => future.#observe(watcher);
    removeWatcher = (future, watcher) => {
      future.#observers = withoutObserver(future.#observers, watcher);
    };
  }

  constructor();
  /** @internal */
  constructor(owner: FutureOwner, task: Task<never, unknown>, taskKey: number, args: readonly unknown[]);
  constructor(owner?: FutureOwner, task?: Task<never, unknown>, taskKey = -1, args?: readonly unknown[]) {
    this.#owner = owner;
    this.#task = task;
    this.#args = args;
    this.#observers = undefined;
    this.#work = createWork(this.#charts, taskKey, this);
  }

  /** The state, in CPython's words. */
  get state(): FutureState {
    return this.#charts.future.name(this.#work.state) as FutureState;
  }

  /**
   * Cancels the call if it has not started.
   *
   * @returns true if and only if it was pending or cancelled already; then the function never starts. The callbacks
   * have run when it returns, unless it was called inside a callback of the same executor: then they run after that
   * one.
   */
  cancel(): boolean {
    if (this.#owner) this.#owner.command({ type: 'cancel', work: this.#work });
    else this.#step('cancel', undefined);
    return this.cancelled();
  }

  /** Whether it was cancelled. */
  cancelled(): boolean {
    return this.#charts.future.has(this.#work.state, 'cancelled');
  }

  /** Whether its call was handed to a worker and has not ended. */
  running(): boolean {
    return this.#charts.future.has(this.#work.state, 'running');
  }

  /** Whether it was cancelled or has finished. */
  done(): boolean {
    return this.#charts.future.has(this.#work.state, 'done');
  }

  /**
   * The result, as a promise.
   *
   * It rejects with what the task threw, with `CancelledError`, or after `timeout` milliseconds with `TimeoutError`;
   * the future itself goes on. A timeout of 0 asks for what is there now.
   *
   * @defaultValue no timeout
   * @throws TypeError or RangeError at once for a bad timeout
   */
  result(options?: TimeoutOptions): Promise<T> {
    const timeout = timeoutOf(options, 'result()');
    if (timeout !== undefined) return this.#wait(timeout, () => this.resultNow());
    const promise = new Promise<T>(ResultReader.capture);
    if (this.done()) ResultReader.ofCaptured<T>().futureDone(this);
    else this.#observe(ResultReader.ofCaptured<T>());
    return promise;
  }

  /**
   * What the task threw, or `null` if it returned (or threw `null`), as a promise.
   *
   * It rejects with `CancelledError` if cancelled, and with `TimeoutError` as {@link Future.result} does.
   */
  exception(options?: TimeoutOptions): Promise<unknown> {
    return this.#wait(timeoutOf(options, 'exception()'), () => this.exceptionNow());
  }

  /**
   * The result, now.
   *
   * @throws InvalidStateError unless done; CancelledError if cancelled; else what the task threw
   */
  resultNow(): T {
    const outcome = this.#outcomeNow('resultNow()');
    if (outcome.kind === 'result') return outcome.value as T;
    throw outcome.error;
  }

  /**
   * What the task threw, or `null`, now.
   *
   * @throws InvalidStateError unless done; CancelledError if cancelled
   */
  exceptionNow(): unknown {
    const outcome = this.#outcomeNow('exceptionNow()');
    return outcome.kind === 'result' ? null : outcome.error;
  }

  /** As `Promise.prototype.then`. */
  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.result().then(onFulfilled, onRejected);
  }

  /** As for a promise. */
  catch<B = never>(onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.result().catch(onRejected);
  }

  /** As for a promise. */
  finally(onFinally?: (() => void) | null): Promise<T> {
    return this.result().finally(onFinally);
  }

  /**
   * Calls `fn` with this future once it is done; at once if it is.
   *
   * Callbacks run in order of registration, each once, after the state is readable. One that throws becomes a process
   * warning and disturbs neither the others nor the executor.
   *
   * @throws TypeError when `fn` is no function
   */
  addDoneCallback(fn: (future: Future<T>) => unknown): void {
    if (typeof fn !== 'function') throw new TypeError(`addDoneCallback() takes a function, not ${show(fn)}.`);
    // Done, and others still wait to be told, since a callback that runs now has made it so: then it is their turn
    // first.
    if (this.done() && this.#observers === undefined) callBack(fn, this);
    else this.#observe(fn as Observer);
  }

  /**
   * Marks the future RUNNING, or a cancelled one as seen; for executors and tests.
   *
   * @returns false if it was cancelled, so that its call must not run
   * @throws InvalidStateError when it runs or ran already, or belongs to a pool: that alone starts its calls
   */
  setRunningOrNotifyCancel(): boolean {
    if (this.#owner) throw this.#invalid('setRunningOrNotifyCancel()', 'only its executor starts it');
    this.#step('setRunningOrNotifyCancel', undefined, 'setRunningOrNotifyCancel()');
    return this.running();
  }

  /**
   * Settles the future with a result; for executors and tests. On a future of a pool, what its worker answers later
   * is dropped.
   *
   * A Future is no result, itself least of all: whoever awaits would wait for that one, and never see it.
   *
   * @throws InvalidStateError when it is done; TypeError for a Future
   */
  setResult(value: T): void {
    if (typeof value === 'object' && value !== null && #work in value) throw new TypeError(NO_RESULT);
    this.#settle({ kind: 'result', value }, 'setResult()');
  }

  /**
   * Settles the future with a failure, any value at all; for executors and tests.
   *
   * @throws InvalidStateError when it is done
   */
  setException(error: unknown): void {
    this.#settle({ kind: 'exception', error }, 'setException()');
  }

  /** `Future { PENDING }`, in one line. */
  [inspect.custom](_depth: number, options: object, using?: typeof inspect): string {
    const { outcome } = this.#work;
    if (!outcome) return `Future { ${this.state} }`;
    const shown =
      outcome.kind === 'result' ? show(outcome.value, options, using) : `failed: ${brief(this.exceptionNow())}`;
    return `Future { ${this.state}, ${shown.replace(/\s*\n\s*/g, ' ')} }`;
  }

  get #charts(): Pick<Charts, 'future'> {
    return this.#owner?.charts ?? loneFuture;
  }

  #settle(outcome: Outcome, asked: string): void {
    if (this.#owner && !this.done()) this.#owner.command({ type: 'settle', work: this.#work, outcome });
    else this.#step(outcome.kind === 'result' ? 'setResult' : 'setException', outcome, asked);
  }

  /** A future of its own: the effects of its chart are performed here. */
  #step(event: Parameters<typeof stepFuture>[2], outcome: Outcome | undefined, asked = ''): void {
    for (const effect of stepFuture(this.#charts, this.#work, event, outcome).effects) {
      if (effect === 'refuse') throw this.#invalid(asked, 'that can happen only once, and not when it is done');
      this.#publish();
    }
  }

  #invalid(asked: string, why: string): InvalidStateError {
    return new InvalidStateError(`${asked} is not possible on a future that is ${this.state}: ${why}.`);
  }

  #outcomeNow(asked: string): Exclude<Outcome, { kind: 'lost' }> {
    const { outcome } = this.#work;
    if (!outcome && this.cancelled()) throw new CancelledError();
    if (!outcome) throw this.#invalid(asked, 'there is no outcome yet; await the future, or use wait()');
    if (outcome.kind !== 'lost') return outcome;
    // Each future makes its own error of a shared loss, when somebody asks for it, and keeps it (gh-101267).
    const own = {
      kind: 'exception',
      error: brokenPoolError(outcome.loss, (task) => this.#owner?.nameOf(task) ?? 'a task'),
    } as const;
    this.#work.outcome = own;
    return own;
  }

  #wait<R>(timeout: number | undefined, read: () => R): Promise<R> {
    return readInTime(this, { add: addWatcher, remove: removeWatcher }, timeout, read);
  }

  #observe(observer: Observer): void {
    this.#observers = withObserver(this.#observers, observer);
  }

  #publish(): void {
    const observers = this.#observers;
    this.#observers = undefined;
    this.#task = undefined;
    this.#args = undefined;
    tell(observers, this);
  }
}

Object.defineProperty(Future.prototype, UNCOPYABLE, { value: true });

export { addWatcher, publish, removeWatcher, submissionOf, workOf };
