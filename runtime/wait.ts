/**
 * `wait` and `asCompleted`: for several futures, of one executor or of many.
 *
 * Guarantees
 * - A cancelled future counts as done for everybody, at once (CPython leaves such waiters behind: gh-136655).
 * - A future that is there twice counts once. Every exit path deregisters (I6).
 * - Deadlines count from the call, by the monotonic clock.
 *
 * CPython 3.14 `_base.py:149-306`.
 */

import { bag, timeoutOf, wrongType, wrongValue } from './checks.ts';
import { TimeoutError } from './errors.ts';
import { addWatcher, Future, removeWatcher, workOf } from './future.ts';
import type { Watcher } from './observers.ts';

/** `wait` returns when any future is done. */
export const FIRST_COMPLETED = 'FIRST_COMPLETED';
/** `wait` returns when any future has failed, or all are done; a cancellation is no failure. */
export const FIRST_EXCEPTION = 'FIRST_EXCEPTION';
/** `wait` returns when all futures are done. */
export const ALL_COMPLETED = 'ALL_COMPLETED';

/** When `wait` returns. */
export type ReturnWhen = typeof FIRST_COMPLETED | typeof FIRST_EXCEPTION | typeof ALL_COMPLETED;

/** Options of {@link wait}. */
export interface WaitOptions {
  /**
   * Milliseconds, after which the promise resolves with what is done by then.
   * @defaultValue for ever
   */
  readonly timeout?: number | undefined;
  /** @defaultValue `ALL_COMPLETED` */
  readonly returnWhen?: ReturnWhen | undefined;
}

/** What {@link wait} resolves to. */
export interface DoneAndNotDoneFutures<F> {
  readonly done: Set<F>;
  readonly notDone: Set<F>;
}

const OPTIONS = new Set(['timeout', 'returnWhen']);
const RETURN_WHEN = 'FIRST_COMPLETED, FIRST_EXCEPTION or ALL_COMPLETED';

/**
 * Waits for several futures; a timeout is no error.
 *
 * @param futures - any iterable; duplicates count once
 * @returns the futures that are done and those that are not, when it returned; an empty input returns at once
 * @throws TypeError or RangeError at once for bad arguments
 */
export function wait<F extends Future<unknown>>(
  futures: Iterable<F>,
  options: WaitOptions = {},
): Promise<DoneAndNotDoneFutures<F>> {
  const all = futureSet(futures, 'wait()');
  bag(options, 'the options of wait()', OPTIONS);
  const timeout = timeoutOf({ timeout: options.timeout }, 'wait()');
  const { returnWhen = ALL_COMPLETED } = options;
  if (typeof returnWhen !== 'string') wrongType('returnWhen', RETURN_WHEN, returnWhen);
  if (![FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED].includes(returnWhen))
    wrongValue('returnWhen', RETURN_WHEN, returnWhen);

  const isEnough = (future: Future<unknown>): boolean =>
    returnWhen === FIRST_COMPLETED || (returnWhen === FIRST_EXCEPTION && !future.cancelled() && hasFailed(future));
  let open = 0;
  let enough = all.size === 0;
  for (const future of all) {
    if (!future.done()) open++;
    else if (isEnough(future)) enough = true;
  }
  const sorted = (): DoneAndNotDoneFutures<F> => {
    // The set is ours: nobody else has seen it.
    if (open === 0) return { done: all, notDone: new Set() };
    const done = new Set<F>();
    const notDone = new Set<F>();
    for (const future of all) (future.done() ? done : notDone).add(future);
    return { done, notDone };
  };
  if (enough || open === 0 || timeout === 0) return Promise.resolve(sorted());
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      for (const future of all) removeWatcher(future, watcher);
      resolve(sorted());
    };
    const watcher: Watcher = {
      futureDone: (future) => {
        if (--open === 0 || isEnough(future as F)) finish();
      },
    };
    const timer = timeout === undefined ? undefined : setTimeout(finish, timeout);
    for (const future of all) if (!future.done()) addWatcher(future, watcher);
  });
}

/** Not by `exceptionNow() !== null`: a task may throw `null`. */
function hasFailed(future: Future<unknown>): boolean {
  const { outcome } = workOf(future);
  return outcome !== undefined && outcome.kind !== 'result';
}

/** Options of {@link asCompleted}. */
export interface AsCompletedOptions {
  /**
   * Milliseconds from the call, after which `next` throws `TimeoutError` once all that was done by then has been read.
   * @defaultValue for ever
   */
  readonly timeout?: number | undefined;
}

/**
 * The iterator that {@link asCompleted} returns.
 *
 * Not TypeScript's own `AsyncIterableIterator`: that one takes what it yields for awaited, and would give a future
 * its result's type.
 */
export interface CompletedFutures<F> {
  next(): Promise<IteratorResult<F, undefined>>;
  /** Leaves the iteration. */
  return(): Promise<IteratorResult<F, undefined>>;
  [Symbol.asyncIterator](): CompletedFutures<F>;
}

const AS_COMPLETED_OPTIONS = new Set(['timeout']);

/**
 * Iterates over futures as they are done, those that are done already first.
 *
 * It yields futures, not results: read them with `resultNow()`, or `await` them. Leaving the iteration early
 * deregisters it.
 *
 * @throws TypeError or RangeError at once for bad arguments
 */
export function asCompleted<F extends Future<unknown>>(
  futures: Iterable<F>,
  options: AsCompletedOptions = {},
): CompletedFutures<F> {
  const all = futureSet(futures, 'asCompleted()');
  bag(options, 'the options of asCompleted()', AS_COMPLETED_OPTIONS);
  return new Completions(all, timeoutOf({ timeout: options.timeout }, 'asCompleted()'));
}

/** Written by hand: an async generator awaits what it yields, and would turn futures into their results. */
class Completions<F extends Future<unknown>> implements CompletedFutures<F>, Watcher {
  readonly #open = new Set<F>();
  readonly #total: number;
  readonly #deadline: number;
  #done: F[] = [];
  #read = 0;
  /** A reader that waits for the next one; at most one, since calls of `next` take turns. */
  #wake: (() => void) | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(futures: Set<F>, timeout: number | undefined) {
    this.#total = futures.size;
    this.#deadline = timeout === undefined ? Number.POSITIVE_INFINITY : performance.now() + timeout;
    for (const future of futures) {
      if (future.done()) {
        this.#done.push(future);
      } else {
        this.#open.add(future);
        addWatcher(future, this);
      }
    }
  }

  futureDone(future: Future<unknown>): void {
    this.#open.delete(future as F);
    this.#done.push(future as F);
    this.#wake?.();
  }

  next(): Promise<IteratorResult<F, undefined>> {
    const answer = this.#turn.then(
      () => this.#next(),
      () => this.#next(),
    );
    // Not the answer itself: it would keep the last future alive until the next call (H52).
    this.#turn = answer.then(ignore, ignore);
    return answer;
  }

  return(): Promise<IteratorResult<F, undefined>> {
    this.#leave();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #next(): Promise<IteratorResult<F, undefined>> {
    if (this.#read === this.#done.length && this.#open.size > 0) await this.#change();
    if (this.#read < this.#done.length) return { value: this.#takeOne(), done: false };
    const unfinished = this.#open.size;
    if (unfinished === 0) return { value: undefined, done: true };
    this.#leave();
    throw new TimeoutError(`${unfinished} (of ${this.#total}) futures unfinished`);
  }

  /** Not kept once it was yielded (H52). */
  #takeOne(): F {
    const future = this.#done[this.#read] as F;
    delete this.#done[this.#read++];
    if (this.#read === this.#done.length) {
      this.#done = [];
      this.#read = 0;
    }
    return future;
  }

  /** Until one more is done, or the deadline is over. */
  #change(): Promise<void> {
    return new Promise((resolve) => {
      const left = this.#deadline - performance.now();
      const timer = left === Number.POSITIVE_INFINITY ? undefined : setTimeout(() => this.#wake?.(), Math.max(0, left));
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
    });
  }

  #leave(): void {
    for (const future of this.#open) removeWatcher(future, this);
    this.#open.clear();
    this.#done = [];
    this.#read = 0;
    this.#wake?.();
  }
}

function ignore(): void {}

function futureSet<F extends Future<unknown>>(futures: Iterable<F>, of: string): Set<F> {
  const iterable = futures as Partial<Iterable<F>> | null | undefined;
  if (typeof iterable?.[Symbol.iterator] !== 'function' || typeof futures === 'string')
    wrongType(`The input of ${of}`, 'an iterable of futures', futures);
  const all = new Set(futures);
  for (const future of all) if (!(future instanceof Future)) wrongType(`Each item of ${of}`, 'a Future', future);
  return all;
}
