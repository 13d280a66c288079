/**
 * What a `map` is to do: its input, synchronous or not, its bounds, and what it submits through.
 */
import type { Outcome } from '../machines/vocabulary.ts';
import type { Future } from './future.ts';
import { wrongType } from './options.ts';
import type { Task } from './task.ts';

/** What `map` submits through. */
export interface Submitter {
  submit(task: Task<never, unknown>, args: readonly unknown[]): Future<unknown>;
  /** Several calls as one; where there is none, each item is submitted alone. */
  submitChunk?(task: Task<never, unknown>, items: readonly (readonly unknown[])[]): Future<Outcome[]>;
}

/** What is to be done, checked. */
export interface Plan<T> {
  readonly submitter: Submitter;
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

/** Tells the input that no more is wanted. */
export function endSource(source: Source<unknown>): void {
  if (source.sync) source.sync.return?.();
  else source.async.return?.()?.catch(() => {});
}
