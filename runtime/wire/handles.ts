/**
 * Objects that stand for something in this process and mean nothing in another: futures and executors.
 *
 * v8 would copy them as `{}`, since all that they have is private. CPython refuses to pickle them; so do we, where
 * one is an argument or a result itself. Deeper inside a value v8 has its way.
 */

import { types } from 'node:util';

/** A class whose instances must not be copied carries this key on its prototype. */
export const UNCOPYABLE: unique symbol = Symbol.for('procfutures.uncopyable') as never;

/** Whether the value is such an object. */
export function isHandle(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !types.isProxy(value) && UNCOPYABLE in value;
}

/**
 * Refuses a value that is such an object, or a list with one in it.
 *
 * @throws TypeError, worded as v8 does
 */
export function refuseHandles(value: unknown): void {
  const handle = isHandle(value) ? value : Array.isArray(value) ? value.find(isHandle) : undefined;
  if (handle !== undefined) throw new TypeError(`#<${handle.constructor.name}> could not be cloned.`);
}
