/** Calls as they arrive in a worker, of functions that are given by their source. */
import { encodeFrame, Segments } from '../../../runtime/wire/frames.ts';
import { CallForm, type TaskRef } from '../../../runtime/wire/messages.ts';
import { encodeArgs } from '../../../runtime/wire/value.ts';
import type { ReceivedCall } from '../../../runtime/worker/runner.ts';
import { framesOf } from '../wire/frame-trip.ts';

let keys = 0;

/** A key that no function has yet: what a worker knows of functions is kept for all of this process. */
export function newKey(): number {
  return keys++;
}

/** A function that is given by its source, as the first call of it names it. */
export function inline(source: string, key = newKey()): TaskRef & readonly unknown[] {
  return [key, null, 'given', source];
}

/** A function of a module, as the first call of it names it. */
export function exported(module: string, name: string, key = newKey()): TaskRef & readonly unknown[] {
  return [key, module, name];
}

/** A call with any arguments. */
export function call(id: number, ref: TaskRef, ...args: readonly unknown[]): ReceivedCall {
  return arrive(id, ref, CallForm.args, (segments) => encodeArgs(args, segments));
}

/** A call with one primitive argument. */
export function primitiveCall(id: number, ref: TaskRef, arg: number | string): ReceivedCall {
  return arrive(id, ref, CallForm.primitive, () => arg);
}

/** A chunk; an item that is `null` could not be copied. */
export function chunk(id: number, ref: TaskRef, items: readonly (readonly unknown[] | null)[]): ReceivedCall {
  return arrive(id, ref, CallForm.chunk, (segments) => items.map((args) => args && [encodeArgs(args, segments)]));
}

/** A chunk of primitives. */
export function plainChunk(id: number, ref: TaskRef, items: readonly (number | null)[]): ReceivedCall {
  return arrive(id, ref, CallForm.plainChunk, () => items);
}

function arrive(
  id: number,
  ref: TaskRef,
  form: number,
  encode: (segments: Segments) => ReceivedCall['value'],
): ReceivedCall {
  const segments = new Segments();
  const [frame] = framesOf(encodeFrame('test', encode(segments), segments));
  return { id, ref, form, value: frame!.payload, segments: frame!.segments };
}
