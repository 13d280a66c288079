/**
 * Arguments, checked when they are given: a wrong type is a `TypeError`, a wrong value a `RangeError`, and the text
 * names the argument and what would be right.
 */
import { show } from './wire/describe.ts';

/** How long to wait; several calls take it. */
export interface TimeoutOptions {
  /**
   * Milliseconds from 0.
   * @defaultValue for ever
   */
  readonly timeout?: number | undefined;
}

/** The longest delay that a timer of Node keeps: 2 ** 31 - 1 ms, some 24 days. */
const LONGEST_TIMER = 2_147_483_647;

const TIMEOUT_OPTIONS = new Set(['timeout']);

/** Checks a `{ timeout }`; `undefined` means no limit. */
export function timeoutOf(options: TimeoutOptions | undefined, of: string): number | undefined {
  if (options === undefined) return undefined;
  bag(options, `the options of ${of}`, TIMEOUT_OPTIONS);
  const { timeout } = options;
  if (timeout === undefined || timeout === Number.POSITIVE_INFINITY) return undefined;
  return duration('timeout', timeout, 0);
}

/** Checks an option that is a whole number from 1. */
export function integer(name: string, value: unknown, fallback: () => number): number {
  if (value === undefined) return fallback();
  if (typeof value !== 'number') wrongType(name, 'an integer from 1', value);
  if (!Number.isSafeInteger(value) || value < 1) wrongValue(name, 'an integer from 1', value);
  return value;
}

/** Checks a yes or no. */
export function flag(name: string, value: unknown, fallback: boolean): boolean {
  if (value === undefined) return fallback;
  if (typeof value !== 'boolean') wrongType(name, 'true or false', value);
  return value;
}

/** Checks that an argument holds options at all, and none that does not exist. */
export function bag(options: unknown, name: string, known: ReadonlySet<string> | undefined): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) wrongType(name, 'an object', options);
  for (const key of known ? Object.keys(options) : [])
    if (!known?.has(key))
      throw new TypeError(`There is no option '${key}' in ${name}; there are ${[...(known ?? [])].join(', ')}.`);
}

/** Checks milliseconds. */
export function duration(name: string, value: unknown, fallback: number, mayBeInfinite = false): number {
  if (value === undefined) return fallback;
  const right = `milliseconds from 0 to ${LONGEST_TIMER}${mayBeInfinite ? ', or Infinity' : ''}`;
  if (typeof value !== 'number') wrongType(name, right, value);
  if (mayBeInfinite && value === Number.POSITIVE_INFINITY) return value;
  if (!(value >= 0 && value <= LONGEST_TIMER)) wrongValue(name, right, value);
  return value;
}

/** Throws the error for a wrong type. */
export function wrongType(name: string, right: string, value: unknown): never {
  throw new TypeError(`${name} must be ${right}, not ${show(value, { depth: 0 })}.`);
}

/** Throws the error for a wrong value of the right type. */
export function wrongValue(name: string, right: string, value: unknown): never {
  throw new RangeError(`${name} must be ${right}, not ${show(value, { depth: 0 })}.`);
}
