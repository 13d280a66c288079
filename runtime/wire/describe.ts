/**
 * The words for values of the user: for errors that they threw, and for what they passed in a wrong place.
 *
 * Total: an inspection, a getter or a trap of the user's may itself throw, and whoever needs words is busy with another
 * failure already.
 */
import { type InspectOptions, inspect } from 'node:util';

/** Any value, as `util.inspect` shows it; `using` is the one that an inspection under way hands on. */
export function show(value: unknown, options?: InspectOptions, using = inspect): string {
  try {
    return using(value, options);
  } catch {
    return 'a value that cannot be shown';
  }
}

/** All that a thrown value says: the stack of an error, else the value. */
export function describe(value: unknown): string {
  return textual(value, 'stack') ?? textual(value, 'message') ?? show(value);
}

/** What a thrown value says in the middle of a sentence: the message of an error, else the value. */
export function textOf(value: unknown): string {
  const message = property(value, 'message');
  const text = typeof message === 'string' ? message : typeof value === 'string' ? value : show(message ?? value);
  return text.replace(/\.$/, '');
}

/** An error with its name, without its stack. */
export function brief(value: unknown): string {
  const name = property(value, 'name');
  return name === undefined ? textOf(value) : `${typeof name === 'string' ? name : 'Error'}: ${textOf(value)}`;
}

function textual(value: unknown, key: 'message' | 'stack'): string | undefined {
  const text = property(value, key);
  return typeof text === 'string' && text !== '' ? text : undefined;
}

/** A property of an error; undefined for what is none, or does not let itself be asked. */
function property(value: unknown, key: 'name' | 'message' | 'stack'): unknown {
  try {
    return value instanceof Error ? value[key] : undefined;
  } catch {
    return undefined;
  }
}
