/**
 * Errors cross in full, where v8 alone would drop their class, `code`, other own properties and
 * `AggregateError.errors`.
 *
 * All errors that are reached from one another through own properties form one flat table, in which they refer to each
 * other by number. So identity and cycles survive (`error.cause === error`), and no chain is long enough to overflow
 * the stack. Symbols and accessors do not cross: an accessor arrives as the value that it had. No constructor of a
 * user's class runs.
 */

import { types } from 'node:util';
import { decodePlain, encodePlain, Form, UNDEFINED } from './plain.ts';
import { ProtocolError, UnreadableValueError } from './protocol-error.ts';
import type { JsonValue, ReceivedSegments, Segments } from './segments.ts';

/** Errors that are further than this from the one that was sent, along `cause` or any other property, are left out. */
export const MAX_ERROR_DEPTH = 100;

/** One error on the wire; classes are names of globals, nearest first. */
type EncodedError = readonly [classes: readonly string[], properties: readonly EncodedProperty[]];
type EncodedProperty = readonly [key: string, enumerable: 0 | 1, value: JsonValue];

interface ErrorClass {
  readonly prototype: Error;
}

/** Whether a value is sent as an error: an instance of Error, or an error of another realm. */
export function isError(value: unknown): value is Error {
  if (typeof value !== 'object' || value === null) return false;
  try {
    return value instanceof Error || types.isNativeError(value);
  } catch {
    // A proxy whose traps throw is not an error; whoever copies it will say what it is.
    return false;
  }
}

/** The table while it is written: errors in the order of their numbers, and how far each is from the top. */
class ErrorTable {
  readonly errors: Error[] = [];
  readonly depths: number[] = [];
  readonly #numbers = new Map<Error, number>();

  numberOf(error: Error, depth: number): number {
    let number = this.#numbers.get(error);
    if (number === undefined) {
      number = this.errors.push(error) - 1;
      this.depths.push(depth);
      this.#numbers.set(error, number);
    }
    return number;
  }
}

/**
 * Encodes errors and whatever they refer to; the given ones come first, an error that is given twice once.
 *
 * Never throws: what cannot be copied is left out, property by property.
 */
export function encodeErrors(roots: readonly Error[], segments: Segments): JsonValue {
  const table = new ErrorTable();
  for (const error of roots) table.numberOf(error, 0);
  const encoded: EncodedError[] = [];
  // The table grows while it is walked, nearest errors first.
  for (let i = 0; i < table.errors.length; i++) {
    const error = table.errors[i]!;
    encoded.push([globalClasses(error), encodeProperties(error, table.depths[i]!, table, segments)]);
  }
  return encoded;
}

function encodeProperties(error: Error, depth: number, table: ErrorTable, segments: Segments): EncodedProperty[] {
  const properties: EncodedProperty[] = [];
  const add = (key: string, enumerable: boolean, value: unknown): void => {
    const encoded = encodeProperty(value, depth, table, segments);
    if (encoded !== undefined) properties.push([key, enumerable ? 1 : 0, encoded]);
  };
  const own = new Set(attempt(() => Object.getOwnPropertyNames(error)) ?? []);
  for (const key of own) {
    const enumerable = attempt(() => Object.getOwnPropertyDescriptor(error, key)?.enumerable) ?? false;
    const value = attempt(() => ({ value: (error as unknown as { [key: string]: unknown })[key] }));
    if (value !== undefined) add(key, enumerable, value.value);
  }
  // A class may keep these on its prototype, which stays behind.
  for (const key of ['name', 'message', 'stack'] as const) {
    const value = own.has(key) ? undefined : attempt(() => error[key]);
    if (typeof value === 'string' && value !== '') add(key, false, value);
  }
  return properties;
}

/** A property's value, or undefined when it cannot cross. */
function encodeProperty(value: unknown, depth: number, table: ErrorTable, segments: Segments): JsonValue | undefined {
  const encodeItem = (item: unknown): JsonValue | undefined => {
    if (!isError(item)) return attempt(() => encodePlain(item, segments));
    return depth < MAX_ERROR_DEPTH ? [Form.error, table.numberOf(item, depth + 1)] : undefined;
  };
  const holdsErrors = attempt(() => Array.isArray(value) && value.some(isError)) === true;
  if (!holdsErrors) return encodeItem(value);
  // AggregateError.errors, or its like: a place that cannot cross stays, undefined, so that the others keep theirs.
  const items = attempt(() => Array.from(value as unknown[], (item) => encodeItem(item) ?? UNDEFINED));
  return items && [Form.list, items];
}

/** What user code answers, or undefined when it throws: a getter or trap that fails costs its property and no more. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Names of the global classes on the prototype chain, by identity: `MyError extends TypeError` is TypeError. */
function globalClasses(error: Error): string[] {
  const names: string[] = [];
  attempt(() => {
    for (let at: unknown = Object.getPrototypeOf(error); at !== null; at = Object.getPrototypeOf(at)) {
      const ctor: unknown = Object.getOwnPropertyDescriptor(at, 'constructor')?.value;
      if (typeof ctor !== 'function' || ctor.prototype !== at) continue;
      if (errorClass(ctor.name) === ctor) names.push(ctor.name);
    }
  });
  return names;
}

function errorClass(name: unknown): ErrorClass | undefined {
  if (typeof name !== 'string') return undefined;
  // A global may be an accessor of the user's that throws.
  const found = attempt(() => (globalThis as { [name: string]: unknown })[name]);
  if (typeof found !== 'function') return undefined;
  return found === Error || found.prototype instanceof Error ? (found as unknown as ErrorClass) : undefined;
}

/**
 * Builds errors again that {@link encodeErrors} encoded: the given ones first, then those that they refer to.
 *
 * @throws {@link ProtocolError} when these are no such errors.
 */
export function decodeErrors(encoded: JsonValue | undefined, segments: ReceivedSegments): Error[] {
  if (!Array.isArray(encoded) || !encoded.every(isEncodedError)) {
    throw new ProtocolError('An error arrived in no known form.');
  }
  const properties = encoded.map((error) => new Map(error[1].map((property) => [property[0], property])));
  // All errors exist before any property is set, so that they can refer to one another.
  const errors = encoded.map((error, i) => emptyError(error[0], properties[i]!, segments));
  errors.forEach((error, i) => {
    for (const [key, enumerable, encodedValue] of properties[i]!.values()) {
      const read = decodeProperty(encodedValue, errors, segments);
      if (read === undefined) continue;
      const flags = { enumerable: enumerable === 1, writable: true, configurable: true };
      Object.defineProperty(error, key, { value: read.value, ...flags });
    }
  });
  return errors;
}

/**
 * An error that says nothing yet, not made by its own constructor: what that would do with no arguments is not known.
 *
 * Without a stack, and without the place at which Node would quote this file above an uncaught one: both would send
 * their reader to the wrong process.
 */
function bareError(): Error {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  const error = new Error();
  Error.stackTraceLimit = limit;
  Reflect.deleteProperty(error, 'stack');
  return error;
}

function emptyError(
  classes: readonly string[],
  properties: Map<string, EncodedProperty>,
  segments: ReceivedSegments,
): Error {
  const known = classes.map(errorClass).find((found) => found !== undefined) ?? Error;
  if (known === DOMException || known.prototype instanceof DOMException) return emptyDOMException(properties, segments);
  const error = bareError();
  if (known !== Error) Object.setPrototypeOf(error, known.prototype);
  const name = properties.get('name');
  // Where the class says it already, an own property would be too much.
  if (name?.[1] === 0 && inlineText(name[2]) === attempt(() => error.name)) properties.delete('name');
  return error;
}

/** A DOMException keeps name and message where only its constructor reaches. */
function emptyDOMException(properties: Map<string, EncodedProperty>, segments: ReceivedSegments): Error {
  const [message, name] = ['message', 'name'].map((key) => {
    const value = decodePlain(properties.get(key)?.[2] ?? [''], segments);
    if (typeof value === 'string') properties.delete(key);
    return typeof value === 'string' ? value : '';
  });
  const error = new DOMException(message, name);
  Reflect.deleteProperty(error, 'stack');
  return error;
}

function inlineText(encoded: JsonValue): JsonValue | undefined {
  return Array.isArray(encoded) && encoded.length === 1 ? (encoded[0] as JsonValue) : undefined;
}

/** A property's value, or undefined when v8 cannot read what it wrote: that counts as one that cannot cross. */
function decodeProperty(
  encoded: JsonValue,
  errors: readonly Error[],
  segments: ReceivedSegments,
): { value: unknown } | undefined {
  const [form, content] = Array.isArray(encoded) && encoded.length === 2 ? (encoded as readonly JsonValue[]) : [];
  if (form === Form.list && Array.isArray(content)) {
    return { value: content.map((item) => decodeProperty(item, errors, segments)?.value) };
  }
  if (form === Form.error) {
    const value = typeof content === 'number' ? errors[content] : undefined;
    if (value === undefined) throw new ProtocolError('An error refers to one that did not arrive.');
    return { value };
  }
  try {
    return { value: decodePlain(encoded, segments) };
  } catch (error) {
    if (error instanceof UnreadableValueError) return undefined;
    throw error;
  }
}

function isEncodedError(error: unknown): error is EncodedError {
  if (!Array.isArray(error) || !Array.isArray(error[0]) || !Array.isArray(error[1])) return false;
  return error[1].every(
    (property) => Array.isArray(property) && typeof property[0] === 'string' && property.length === 3,
  );
}
