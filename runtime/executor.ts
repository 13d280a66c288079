/**
 * `Executor`: what every executor has in common, whatever runs its calls.
 *
 * CPython 3.14 `concurrent/futures/_base.py:562-680`.
 */
import { engine } from './engine.ts';
import type { Future } from './future.ts';
import type { MapIterator, MapOptions, Submitter } from './map-plan.ts';
import type { Task } from './task.ts';
import { UNCOPYABLE } from './wire/handles.ts';

/** How an executor is asked to end. */
export interface ShutdownOptions {
  /**
   * Whether the promise waits until every future is settled and every worker reaped.
   * @defaultValue true
   */
  readonly wait?: boolean | undefined;
  /**
   * Whether calls that have not started are cancelled.
   * @defaultValue false
   */
  readonly cancelFutures?: boolean | undefined;
}

/**
 * The abstract base of executors: `submit` and `shutdown` are theirs, `map` and `starmap` follow from `submit`.
 *
 * For executors of one's own: over threads, over a queue, or in the same process for tests.
 */
export abstract class Executor implements AsyncDisposable {
  /** Schedules a call and returns its future at once. */
  abstract submit<A extends readonly unknown[], R>(task: Task<A, R>, ...args: A): Future<R>;

  /** Takes no more calls; resolves as {@link ShutdownOptions.wait} says. */
  abstract shutdown(options?: ShutdownOptions): Promise<void>;

  /**
   * Calls a task with each item, and iterates over the results in the order of the items.
   *
   * Calls are submitted here and now, not at the first `next`. A failed item is thrown by the `next` that reaches it,
   * and iteration may go on after it. `return()`, as when a `for await` is left, cancels what has not started, and so
   * does a timeout.
   *
   * @throws TypeError or RangeError at once for bad arguments; what `submit` or the input throws, after cancelling
   * what was submitted
   */
  map<T, R>(task: Task<readonly [T], R>, items: Iterable<T> | AsyncIterable<T>, options?: MapOptions): MapIterator<R> {
    return engine().mapOver<T, R>(this.submitter(), 'map()', task, items, (item) => [item], options);
  }

  /** As {@link Executor.map}, for functions of several arguments: each item is the list of arguments of one call. */
  starmap<A extends readonly unknown[], R>(
    task: Task<A, R>,
    tuples: Iterable<Readonly<A>> | AsyncIterable<Readonly<A>>,
    options?: MapOptions,
  ): MapIterator<R> {
    // A copy: an input may use one array for all its tuples.
    const argsOf = (tuple: Readonly<A>): readonly unknown[] => (Array.isArray(tuple) ? [...tuple] : tuple);
    return engine().mapOver<Readonly<A>, R>(this.submitter(), 'starmap()', task, tuples, argsOf, options);
  }

  /** `await using` an executor shuts it down and waits. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  /**
   * What `map` submits through; an executor that must be collectable while iterators live returns something else than
   * itself.
   */
  protected submitter(): Submitter {
    return { submit: (task, args) => this.submit(task as Task<readonly unknown[], unknown>, ...args) };
  }
}

Object.defineProperty(Executor.prototype, UNCOPYABLE, { value: true });
