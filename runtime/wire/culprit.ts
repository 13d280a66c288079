/**
 * Finds the part of a value that v8 refuses to copy: its own message names the kind of object and not the place.
 *
 * The search visits parts in the order in which v8 does, so what it finds first is what v8 met first. It is only made
 * after a copy has failed, and its work is bounded: of a huge value it may have to answer with the value as a whole.
 */

import { types } from 'node:util';
import { isError } from './error-envelope.ts';
import { isHandle } from './handles.ts';

/** `node:v8` is loaded when it is needed. */
const { getBuiltinModule } = process;

/** Parts that are looked at before the search gives up. */
const MAX_PARTS = 100_000;
/** Objects of unknown kind that are given to v8 to find out. */
const MAX_TRIALS = 200;

/** A part of the value and the way to it; steps are joined only for the one that is reported. */
interface Part {
  readonly value: unknown;
  readonly step: string;
  readonly parent: Part | undefined;
}

/** Thrown by a getter: reading the part is what fails. */
const UNREADABLE = Symbol('unreadable');

/**
 * The path from `root` to what cannot be copied, for example `args[0].callback`, `result.items[3]` or
 * `args[1].get("key")`; `root` itself when no part of the value is to blame.
 *
 * @param root - how the value is called in the path. Given 'args', the value is the list of arguments, among which an
 * Error is never the culprit: it crosses in an envelope.
 */
export function findCulprit(value: unknown, root: string): string {
  const top: Part = { value, step: root, parent: undefined };
  const seen = new Set<unknown>();
  const trials: Part[] = [];
  const stack: Part[] = [top];
  let budget = MAX_PARTS;
  while (stack.length > 0 && budget > 0) {
    const part = stack.pop()!;
    if (refused(part.value)) return path(part);
    if (typeof part.value !== 'object' || part.value === null || seen.has(part.value)) continue;
    seen.add(part.value);
    if (isError(part.value) && (part === top || (part.parent === top && root === 'args'))) continue;
    if (isUnknownKind(part.value)) trials.push(part);
    const parts = partsOf(part, budget);
    budget -= parts.length + 1;
    for (let i = parts.length - 1; i >= 0; i--) stack.push(parts[i]!);
  }
  return path(refusedOnTrial(trials) ?? top);
}

/** The part that v8 refuses when asked, latest first: an object that holds a culprit fails as well. */
function refusedOnTrial(parts: readonly Part[]): Part | undefined {
  const copied = new Set<unknown>();
  let trials = 0;
  for (let i = parts.length - 1; i >= 0 && trials < MAX_TRIALS; i--) {
    const kind: unknown = Object.getPrototypeOf(parts[i]!.value);
    if (copied.has(kind)) continue;
    if (!copies(parts[i]!.value)) return parts[i];
    copied.add(kind);
    trials++;
  }
  return undefined;
}

/** Whether v8 copies no value of this kind, whatever is in it. */
function refused(value: unknown): boolean {
  if (value === UNREADABLE || typeof value === 'function' || typeof value === 'symbol') return true;
  if (typeof value !== 'object' || value === null) return false;
  return (
    types.isProxy(value) ||
    isHandle(value) ||
    types.isPromise(value) ||
    types.isSharedArrayBuffer(value) ||
    types.isWeakMap(value) ||
    types.isWeakSet(value) ||
    types.isGeneratorObject(value) ||
    types.isArgumentsObject(value) ||
    types.isSymbolObject(value) ||
    types.isMapIterator(value) ||
    types.isSetIterator(value)
  );
}

/** Objects that might belong to native code (Blob, MessagePort, …), which only v8 can tell. */
function isUnknownKind(value: object): boolean {
  if (Array.isArray(value) || types.isMap(value) || types.isSet(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype !== Object.prototype && prototype !== null;
}

function copies(value: unknown): boolean {
  try {
    getBuiltinModule('node:v8').serialize(value);
    return true;
  } catch {
    return false;
  }
}

/** The parts of an object in v8's order, at most `limit` of them. */
function partsOf(parent: Part, limit: number): Part[] {
  const object = parent.value as object;
  const parts: Part[] = [];
  const add = (value: unknown, step: string): void => {
    if (parts.length < limit) parts.push({ value, step, parent });
  };
  if (ArrayBuffer.isView(object) || types.isAnyArrayBuffer(object)) return parts;
  if (types.isMap(object)) {
    let i = 0;
    for (const [key, value] of Map.prototype.entries.call(object)) {
      add(key, `.keys()[${i}]`);
      add(value, isPrimitive(key) ? `.get(${literal(key)})` : `.values()[${i}]`);
      i++;
    }
  } else if (types.isSet(object)) {
    let i = 0;
    for (const value of Set.prototype.values.call(object)) add(value, `.values()[${i++}]`);
  } else if (types.isNativeError(object)) {
    // v8 takes these three from an error, and nothing else.
    for (const key of ['message', 'cause', 'stack']) if (key in object) add(read(object, key), `.${key}`);
  } else {
    const length = Array.isArray(object) ? object.length : 0;
    for (let i = 0; i < length && parts.length < limit; i++) add(read(object, String(i)), `[${i}]`);
    // The keys of a long list would cost more than the search may.
    if (length < limit) {
      for (const key of Object.keys(object)) {
        if (parts.length < limit && !(length > 0 && /^\d+$/.test(key))) add(read(object, key), property(key));
      }
    }
  }
  return parts;
}

function read(object: object, key: string): unknown {
  try {
    return (object as { [key: string]: unknown })[key];
  } catch {
    return UNREADABLE;
  }
}

function isPrimitive(value: unknown): boolean {
  return (typeof value !== 'object' && typeof value !== 'function') || value === null;
}

function literal(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  return typeof value === 'bigint' ? `${value}n` : String(value);
}

function property(key: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function path(part: Part): string {
  const steps: string[] = [];
  for (let at: Part | undefined = part; at !== undefined; at = at.parent) steps.push(at.step);
  return steps.reverse().join('');
}
