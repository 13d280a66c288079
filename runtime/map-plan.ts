/**
 * What a `map` is to do: its input, synchronous or not, its bounds, and what it submits through.
 */
import type { Outcome } from '../machines/vocabulary.ts';
import { wrongType } from './checks.ts';
import type { Future } from './future.ts';
import type { Task } from './task.ts';

/** What `map` submits through. */
export interface Submitter {
  /** Whom to keep from being collected until the input has ended. */
  readonly keeper?: object;
  submit(task: Task<never, unknown>, args: readonly unknown[]): Future<unknown>;
  /** Several calls as one; where there is none, each item is submitted alone. */
  submitChunk?(task: Task<never, unknown>, items: readonly (readonly unknown[])[]): Future<Outcome[]>;
}

/** Options of `map` and `starmap`. */
export interface MapOptions {
  /**
   * How many items travel to a worker as one call: an integer from 1.
   * @defaultValue 1
   */
  readonly chunksize?: number | undefined;
  /**
   * How many items are taken ahead of the reader: an integer from 1. The input is then pulled lazily.
   * @defaultValue all
   */
  readonly buffersize?: number | undefined;
  /**
   * Milliseconds from the call to `map`, after which `next` throws `TimeoutError` and what has not started is
   * cancelled.
   * @defaultValue for ever
   */
  readonly timeout?: number | undefined;
}

/** The iterator that `map` and `starmap` return; one reader at a time, in order. */
export interface MapIterator<R> extends AsyncIterableIterator<R> {
  next(): Promise<IteratorResult<R, undefined>>;
  /**
   * Ends the iteration, cancels what has not started and closes the input. It never fails: an error that the input
   * throws when it is closed is not reported, be it synchronous or not.
   */
  return(): Promise<IteratorResult<R, undefined>>;
  /** All remaining results as an array; throws the first error, after cancelling what has not started. */
  collect(): Promise<R[]>;
  [Symbol.asyncIterator](): MapIterator<R>;
}

/** What is to be done, checked. */
export interface Plan<T> {
  readonly of: string;
  readonly task: Task<never, unknown>;
  readonly source: Source<T>;
  readonly argsOf: (item: T) => readonly unknown[];
  readonly chunksize: number;
  readonly buffersize: number;
  readonly timeout: number | undefined;
}

/** Where items come from. */
export type Source<T> = { readonly sync: Iterator<T> } | { readonly sync: undefined; readonly async: AsyncIterator<T> };

/** The iterator of an input; an async one is preferred where there are both. */
export function sourceOf<T>(items: Iterable<T> | AsyncIterable<T>, of: string): Source<T> {
  const iterable = items as Partial<Iterable<T> & AsyncIterable<T>> | null | undefined;
  if (iterable !== null && iterable !== undefined) {
    if (typeof iterable[Symbol.asyncIterator] === 'function')
      return { sync: undefined, async: (items as AsyncIterable<T>)[Symbol.asyncIterator]() };
    if (typeof iterable[Symbol.iterator] === 'function') return { sync: (items as Iterable<T>)[Symbol.iterator]() };
  }
  return wrongType(`The input of ${of}`, 'iterable or async iterable', items);
}

/** Tells the input that no more is wanted; never throws. */
export function endSource(source: Source<unknown>): void {
  try {
    // Anything may come back, or be thrown, where an iterator is written by hand; nobody reads on to be told.
    if (source.sync) source.sync.return?.();
    else Promise.resolve(source.async.return?.()).catch(() => {});
  } catch {}
}
