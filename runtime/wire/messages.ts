/**
 * What parent and worker say to each other: the kinds of frames, and the shape of their payloads.
 *
 * Everything here is JSON; values are in the encoded form of value.ts. Call ids stand outside the values, so that one
 * that cannot be decoded fails one call and not the stream (CPython breaks the pool there: gh-80041).
 */
import type { JsonValue } from './segments.ts';

/** Parent to worker: who you are, and your initializer. The first frame. */
export const BOOT = 'boot';
/** Parent to worker: calls, in the order in which they are to run. */
export const CALLS = 'calls';
/** Parent to worker: leave. */
export const STOP = 'stop';
/** Worker to parent: loaded, and the initializer has returned. */
export const READY = 'ready';
/** Worker to parent: how calls ended, in the order of the calls. */
export const RESULTS = 'results';
/** Worker to parent: the error that ends this process, as `[code, value]` of {@link Code}; the last frame. */
export const FAULT = 'fault';

/** A function: the key under which the worker knows it, and the first time also what it is. */
export type TaskRef =
  | number
  | readonly [key: number, module: string, name: string]
  | readonly [key: number, module: null, name: string, source: string];

/** Payload of {@link BOOT}. */
export type Boot = readonly [worker: number, initializer: TaskRef | null, args: JsonValue];

/**
 * Payload of {@link CALLS}: four values for each call, `id, task, form, value`, one call after the other. One list
 * instead of one for each call: half the work of writing and reading it, and nothing to collect.
 */
export type Calls = readonly JsonValue[];

/** What the value of a call is. */
export const CallForm = {
  /** Its arguments, as `encodeArgs` made them. */
  args: 0,
  /** Its only argument, a primitive that JSON keeps. */
  primitive: 1,
  /** A chunk: `[arguments]` of each item; an item whose arguments could not be copied is `null` and not run. */
  chunk: 2,
  /** A chunk whose items have one argument each, a primitive that JSON keeps: those, and nothing around them. */
  plainChunk: 3,
} as const;

/** How a call ended. */
export const Code = {
  /** It returned: the value. */
  result: 0,
  /** It threw: the value. */
  thrown: 1,
  /** What it returned or threw cannot be copied: `[side, path, reason]`. */
  uncopyable: 2,
  /** There is no such function: `[text, reason]`; no reason is `null`. */
  notFound: 3,
  /** A chunk: one `[code, value]` for each item that was run. */
  chunk: 4,
  /** A chunk whose items all returned primitives that JSON keeps: those. */
  plainChunk: 5,
  /** It returned a primitive that JSON keeps: that. */
  primitive: 6,
} as const;

/**
 * Payload of {@link RESULTS}: four values for each call, `id, micros, code, value`; wall-clock microseconds of the
 * function itself.
 */
export type Results = readonly JsonValue[];

/** How many values of {@link Calls} and {@link Results} belong to one call. */
export const STRIDE = 4;
