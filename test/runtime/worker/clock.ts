/**
 * A clock that stands still between two `advance`s, for the sources of a worker: they keep `performance.now` as it is when
 * they are loaded. Imported before them, and undone by `clock-back.ts`, so that nobody else sees it.
 */

let ms = 1_000;

/** Lets time pass. */
export function advance(by: number): void {
  ms += by;
}

/** The time by this clock. */
export function time(): number {
  return ms;
}

Object.defineProperty(performance, 'now', { value: time, configurable: true, writable: true });
