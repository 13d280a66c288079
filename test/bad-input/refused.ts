import type { ProcessPoolExecutor } from 'procfutures';
import { expect } from 'vitest';

/** `TypeError` for a wrong type, `RangeError` for a wrong value. */
export type Refusal = typeof TypeError | typeof RangeError;

/** How a value that is no number, string or plain object reads in the title of a test. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return value.toString().startsWith('class') ? 'a class' : 'a function';
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value);
  if (Object.getPrototypeOf(value) === null) return 'an object without prototype';
  if (value instanceof URL) return `URL ${value.href}`;
  if (value.constructor !== Object) return `a ${value.constructor.name}`;
  const entries = Object.entries(value).map(([key, inner]) => `${key}: ${shown(inner)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

/** Rows for `it.each`, each behind the title that `%s` shows. */
export const titled = <T>(rows: readonly T[], title: (row: T) => string = shown): [title: string, row: T][] =>
  rows.map((row) => [title(row), row]);

/** The error must be exactly of that class and its text must match each pattern: what was wrong, and what would be right. */
export function expectRefusal(error: unknown, kind: Refusal, ...texts: readonly RegExp[]): void {
  expect(error, 'nothing was thrown: the wrong input was accepted').toBeInstanceOf(Error);
  expect((error as Error).name).toBe(kind.name);
  expect(error).toBeInstanceOf(kind);
  for (const text of texts) expect((error as Error).message).toMatch(text);
}

/** What a synchronous call throws; undefined when it accepts. */
export function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}

/**
 * What a call that returns a promise throws or rejects with; undefined when it accepts. Validation needs nobody: a promise
 * that is still pending after a few turns of the event loop has accepted.
 */
export async function refusalOf(call: () => PromiseLike<unknown>): Promise<unknown> {
  let error: unknown;
  const asked = (async () => {
    try {
      await call();
    } catch (reason) {
      error = reason;
    }
  })();
  const turns = (async () => {
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
  })();
  await Promise.race([asked, turns]);
  return error;
}

/** Runs a call that must be refused and checks that the pool is as it was: state, every number, nothing spawned. */
export async function expectUnchanged<T>(pool: ProcessPoolExecutor, refused: () => T | Promise<T>): Promise<T> {
  const state = pool.state;
  const before = structuredClone(pool.stats());
  const returned = await refused();
  // whatever a refused call might still have set going would show after a turn of the event loop
  await new Promise(setImmediate);
  expect(pool.state, 'the state of the pool').toBe(state);
  expect(pool.stats(), 'the numbers of the pool').toEqual(before);
  return returned;
}
