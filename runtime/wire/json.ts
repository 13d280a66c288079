/**
 * Values that JSON keeps exactly travel inside the head of a frame, which is several times cheaper than a v8
 * serializer.
 *
 * "Exactly" means: what comes out equals what `v8.deserialize(v8.serialize(value))` gives. One walk decides and copies.
 * The copy is what is sent, so a value that changes between encoding and writing (a result that the next task mutates)
 * does no harm, and a getter runs once.
 */

import { types } from 'node:util';
import type { JsonValue } from './segments.ts';

/** Beyond this many values v8 is as fast, and the search for shared references would need more memory than it saves. */
const MAX_NODES = 500;
/** Beyond this many UTF-16 units v8 is faster: it copies a string where JSON escapes it. */
const MAX_CHARS = 2_048;
/** A fraction costs JSON as much as this many units of text: v8 copies its eight bytes. */
const FRACTION = 64;
/** Up to here a linear search beats a set. */
const LINEAR = 32;

/** What {@link jsonCopy} answers for a value that JSON would change; no value that JSON keeps is a symbol. */
export const NOT_JSON: unique symbol = Symbol('not JSON');

const seen: (object | undefined)[] = new Array(LINEAR).fill(undefined);
let seenCount = 0;
let seenSet: Set<object> | undefined;
let nodes = 0;
let chars = 0;
let walking = false;

/**
 * A copy of the value when JSON keeps it exactly, else {@link NOT_JSON}.
 *
 * Throws only what a getter of the value throws.
 */
export function jsonCopy(value: unknown): JsonValue | typeof NOT_JSON {
  if (typeof value !== 'object' || value === null) return isJsonPrimitive(value) ? value : NOT_JSON;
  // A getter that comes back here finds the tables in use: its value takes the other way.
  if (walking) return NOT_JSON;
  walking = true;
  try {
    return Array.isArray(value) ? copyArray(value, true) : copyObject(value);
  } finally {
    forget();
  }
}

/** As {@link jsonCopy} for a list that nobody else holds; one walk, so that shared references are noticed. */
export function jsonCopyArgs(args: readonly unknown[]): readonly JsonValue[] | typeof NOT_JSON {
  if (walking) return NOT_JSON;
  walking = true;
  try {
    return copyArray(args, false);
  } finally {
    forget();
  }
}

/** Whether the value is a primitive that JSON keeps; a short one, where it is a string. */
export function isJsonPrimitive(value: unknown): value is string | number | boolean | null {
  return isKept(value) && (typeof value !== 'string' || value.length <= MAX_CHARS);
}

/** Whether JSON keeps a value that is no object; a string of any length. */
function isKept(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      // `value - value` is NaN for what is not finite; JSON writes -0 as 0.
      return value - value === 0 && (value !== 0 || 1 / value > 0);
    default:
      return value === null;
  }
}

/** As {@link isKept}, within a walk: what costs JSON more than v8 ends it. */
function keepsPrimitive(value: unknown): boolean {
  if (++nodes > MAX_NODES) return false;
  if (typeof value === 'string') chars += value.length;
  else if (typeof value === 'number' && (value | 0) !== value) chars += FRACTION;
  return chars <= MAX_CHARS && isKept(value);
}

function copyNested(object: object): JsonValue | typeof NOT_JSON {
  if (++nodes > MAX_NODES) return NOT_JSON;
  return Array.isArray(object) ? copyArray(object, true) : copyObject(object);
}

function copyArray(array: readonly unknown[], foreign: boolean): JsonValue[] | typeof NOT_JSON {
  const { length } = array;
  if (length > MAX_NODES) return NOT_JSON;
  if (foreign) {
    if (Object.getPrototypeOf(array) !== Array.prototype || types.isProxy(array) || !remember(array)) return NOT_JSON;
    // An array may carry properties beside its elements, as a RegExp match does.
    if (Object.keys(array).length !== length) return NOT_JSON;
  }
  // Sized at once: an array that grows from nothing takes room for seventeen.
  const result: JsonValue[] = new Array(length);
  for (let i = 0; i < length; i++) {
    const value = array[i];
    if (typeof value !== 'object' || value === null) {
      if (!keepsPrimitive(value)) return NOT_JSON;
      result[i] = value as JsonValue;
    } else {
      const item = copyNested(value);
      if (item === NOT_JSON) return NOT_JSON;
      result[i] = item;
    }
  }
  return result;
}

/**
 * A clone first, then its values: V8 copies an object of a known shape at once, in half the time of key by key, and
 * defines what an assignment would give to a setter (`__proto__`). Each getter runs once.
 */
function copyObject(object: object): { [key: string]: JsonValue } | typeof NOT_JSON {
  if (Object.getPrototypeOf(object) !== Object.prototype || types.isProxy(object)) return NOT_JSON;
  // `arguments`, and built-in objects whose prototype was exchanged, are no plain objects to v8.
  if (types.isArgumentsObject(object) || !remember(object)) return NOT_JSON;
  const clone = { ...(object as { [key: string]: JsonValue }) };
  for (const key in clone) {
    chars += key.length;
    const value: unknown = clone[key];
    if (typeof value !== 'object' || value === null) {
      if (!keepsPrimitive(value)) return NOT_JSON;
      continue;
    }
    const item = copyNested(value);
    // Not its own: somebody gave Object.prototype a property that is enumerable.
    if (item === NOT_JSON || !Object.hasOwn(clone, key)) return NOT_JSON;
    clone[key] = item;
  }
  return clone;
}

/** False for an object that this walk met before. */
function remember(object: object): boolean {
  if (seenSet === undefined) {
    for (let i = 0; i < seenCount; i++) if (seen[i] === object) return false;
    if (seenCount < LINEAR) {
      seen[seenCount++] = object;
      return true;
    }
    seenSet = new Set(seen as object[]);
  }
  if (seenSet.has(object)) return false;
  seenSet.add(object);
  return true;
}

/** Nothing of a walk outlives it: a table that is reused must not keep a user's value alive. */
function forget(): void {
  for (let i = 0; i < seenCount; i++) seen[i] = undefined;
  seenCount = 0;
  seenSet = undefined;
  nodes = 0;
  chars = 0;
  walking = false;
}
