/**
 * A clock that stands still between two `advance`s, and an end of the process that is thrown, for the sources of a worker:
 * they keep `performance.now` and `process.exit` as these are when they are loaded. Imported before them, and undone by
 * `clock-back.ts`, so that nobody else sees it.
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

/** What is thrown instead of ending the process. */
export class Exit extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`The worker would have ended with code ${code}.`);
    this.code = code;
  }
}

/** The true one, for `clock-back.ts`. */
export const { exit } = process;

process.exit = ((code: number) => {
  throw new Exit(code);
}) as never;
