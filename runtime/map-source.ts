/**
 * The input of a `map`: synchronous or not, but always taken one item at a time.
 */
import { wrongType } from './options.ts';

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
