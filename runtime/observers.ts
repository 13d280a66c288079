/**
 * Those who are told when a future is done, and the executor that moves it.
 */
import type { Charts } from '../machines/chart.ts';
import type { Command } from '../machines/events.ts';
import type { TaskKey } from '../machines/vocabulary.ts';
import { TimeoutError } from './errors.ts';
import type { Task } from './task.ts';
import { describe } from './wire/describe.ts';

/** What a future of an executor needs of it; never the executor object itself. */
export interface FutureOwner {
  readonly charts: Charts;
  command(event: Command): void;
  /** How the function behind a task key is called in messages. */
  nameOf(task: TaskKey): string;
}

/** What is to run, until the future is done. */
export interface Submission {
  readonly task: Task<never, unknown>;
  readonly args: readonly unknown[];
}

/** Told that a future is done; internal, and before any callback. */
export interface Watcher {
  futureDone(future: object): void;
}

export type Observer = Watcher | ((future: never) => unknown);

/** One alone stands for itself: most futures are awaited once, and a list is larger than all the rest of a future. */
export type Observers = Observer | Observer[] | undefined;

/** As they were, and one more at the end. */
export function withObserver(observers: Observers, observer: Observer): Observers {
  if (observers === undefined) return observer;
  if (!Array.isArray(observers)) return [observers, observer];
  observers.push(observer);
  return observers;
}

/** As they were, without one. */
export function withoutObserver(observers: Observers, observer: Observer): Observers {
  if (observers === observer) return undefined;
  if (Array.isArray(observers) && observers.includes(observer)) observers.splice(observers.indexOf(observer), 1);
  return observers;
}

/** Tells them all, watchers first. */
export function tell(observers: Observers, future: object): void {
  if (observers === undefined) return;
  if (!Array.isArray(observers)) {
    if (typeof observers === 'function') callBack(observers, future as never);
    else observers.futureDone(future);
    return;
  }
  for (const observer of observers) if (typeof observer !== 'function') observer.futureDone(future);
  for (const observer of observers) if (typeof observer === 'function') callBack(observer, future as never);
}

/** What the executor of the promise under construction was given. */
let captured: ((value: never) => void) | undefined;

/**
 * Settles one promise with the result.
 *
 * An object and one function of the promise, because ten thousand calls that are awaited at once survive the young
 * generation with all that they hold: closures of our own and the second function are a fifth of it.
 */
export class ResultReader<T> implements Watcher {
  readonly #resolve: (value: T | Promise<never>) => void;

  private constructor(resolve: (value: T | Promise<never>) => void) {
    this.#resolve = resolve;
  }

  /** To be given to `new Promise`, which calls it at once. */
  static capture(resolve: (value: never) => void): void {
    captured = resolve;
  }

  /** The reader for the promise that was just made. */
  static ofCaptured<T>(): ResultReader<T> {
    const reader = new ResultReader<T>(captured as never);
    // Not kept: it holds the promise, and so the result of the last future that was awaited.
    captured = undefined;
    return reader;
  }

  futureDone(future: { resultNow(): T }): void {
    let result: T | Promise<never>;
    try {
      result = future.resultNow();
    } catch (error) {
      result = Promise.reject(error);
    }
    this.#resolve(result);
  }
}

/** How the watchers of a future come and go. */
interface Watching<F> {
  add(future: F, watcher: Watcher): void;
  remove(future: F, watcher: Watcher): void;
}

/** What `read` answers once the future is done, unless `timeout` milliseconds pass before. */
export function readInTime<F extends { readonly state: string; done(): boolean }, R>(
  future: F,
  watching: Watching<F>,
  timeout: number | undefined,
  read: () => R,
): Promise<R> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      try {
        resolve(read());
      } catch (error) {
        reject(error);
      }
    };
    if (future.done()) return settle();
    const watcher: Watcher = {
      futureDone: () => {
        clearTimeout(timer);
        settle();
      },
    };
    const giveUp = (): void => {
      watching.remove(future, watcher);
      reject(new TimeoutError(`The future was still ${future.state} after ${timeout} ms; it goes on.`));
    };
    if (timeout === 0) return giveUp();
    const timer = timeout === undefined ? undefined : setTimeout(giveUp, timeout);
    watching.add(future, watcher);
  });
}

/** Calls a done callback; what it throws, or rejects with, becomes a process warning and disturbs nothing. */
export function callBack<F>(fn: (future: F) => unknown, future: F): void {
  try {
    const returned: unknown = fn(future);
    if (returned instanceof Promise) returned.catch(warnOfCallback);
  } catch (error) {
    warnOfCallback(error);
  }
}

function warnOfCallback(error: unknown): void {
  process.emitWarning('A done callback of a future threw; the other callbacks and the executor are not affected.', {
    type: 'ProcfuturesWarning',
    code: 'PROCFUTURES_CALLBACK',
    detail: describe(error),
  });
}
