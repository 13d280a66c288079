/**
 * Values on the wire: arguments, results and what was thrown.
 *
 * An error at the top crosses in an envelope, everything else as `v8.serialize` would copy it. What this module returns
 * belongs in the payload of the frame whose segments it was given.
 */

import { decodeErrors, encodeErrors, isError } from './error-envelope.ts';
import { decodeGraph, encodeGraph } from './graph.ts';
import { jsonCopy, jsonCopyArgs, NOT_JSON } from './json.ts';
import { decodePlain, encodeBinary, encodePlain, Form, UNDEFINED } from './plain.ts';
import { ProtocolError } from './protocol-error.ts';
import type { JsonValue, ReceivedSegments, Segments } from './segments.ts';

/** What {@link encodeThrown} answers: the encoded value, or why there is none. */
export type EncodedThrown =
  | { readonly ok: true; readonly encoded: JsonValue }
  | { readonly ok: false; readonly reason: unknown };

/**
 * Encodes one value; nothing of the value is referenced afterwards, except memory while `segments.borrowed` is true.
 *
 * @throws what v8 throws for what cannot be copied, or what a getter throws; `segments` is then as it was.
 */
export function encodeValue(value: unknown, segments: Segments): JsonValue {
  return isError(value) ? [Form.errors, encodeErrors([value], segments)] : encodePlain(value, segments);
}

/**
 * Builds a value again that {@link encodeValue} or {@link encodeThrown} encoded, once.
 *
 * It shares no memory with the frame or with another value.
 *
 * @throws {@link ProtocolError} when this is no such value, `UnreadableValueError` when it is one that v8 cannot build.
 */
export function decodeValue(encoded: JsonValue | undefined, segments: ReceivedSegments): unknown {
  if (Array.isArray(encoded) && encoded.length === 2 && encoded[0] === Form.errors) {
    const [error] = decodeErrors(encoded[1], segments);
    if (error === undefined) throw new ProtocolError('An envelope arrived without an error in it.');
    return error;
  }
  return decodePlain(encoded, segments);
}

/** Encodes whatever was thrown, an Error or not; never throws. */
export function encodeThrown(value: unknown, segments: Segments): EncodedThrown {
  try {
    return { ok: true, encoded: encodeValue(value, segments) };
  } catch (reason) {
    return { ok: false, reason };
  }
}

/**
 * Encodes the arguments of one call, as one graph: two arguments may share an object, two calls never do.
 *
 * An error that is itself an argument arrives in full, but no longer is the same object as one deeper in another
 * argument.
 *
 * @throws as {@link encodeValue} does.
 */
export function encodeArgs(args: readonly unknown[], segments: Segments): JsonValue {
  const json = jsonCopyArgs(args);
  if (json !== NOT_JSON) return [json];
  const mark = segments.mark();
  try {
    return encodeMixedArgs(args, segments) ?? encodeGraphArgs(args, segments);
  } catch (error) {
    segments.rollback(mark);
    throw error;
  }
}

/** Argument by argument, where none can share an object with another: no serializer is needed. Else undefined. */
function encodeMixedArgs(args: readonly unknown[], segments: Segments): JsonValue | undefined {
  // One plain object among bytes and primitives has nobody to share with; two might.
  const views = args.filter(ArrayBuffer.isView);
  const objects = args.filter((arg) => typeof arg === 'object' && arg !== null).length - views.length;
  if (objects > 1 || new Set(views).size < views.length) return undefined;
  const mark = segments.mark();
  const forms: JsonValue[] = [];
  for (const arg of args) {
    const form = encodeWithoutGraph(arg, segments);
    if (form === undefined) {
      segments.rollback(mark);
      return undefined;
    }
    forms.push(form);
  }
  return [Form.mixedArgs, forms];
}

function encodeWithoutGraph(arg: unknown, segments: Segments): JsonValue | undefined {
  if (arg === undefined) return UNDEFINED;
  const json = jsonCopy(arg);
  return json !== NOT_JSON ? [json] : encodeBinary(arg, segments);
}

/** One graph of all arguments, beside a table of those that are errors. */
function encodeGraphArgs(args: readonly unknown[], segments: Segments): JsonValue {
  const errors = [...new Set(args.filter(isError))];
  if (errors.length === 0) return [Form.graph, ...encodeGraph([...args], segments)];
  const numbers = args.map((arg) => (isError(arg) ? errors.indexOf(arg) : -1));
  const others = args.map((arg, i) => (numbers[i] === -1 ? arg : undefined));
  const graph = encodePlain(others, segments);
  return [Form.errors, graph, numbers, encodeErrors(errors, segments)];
}

/**
 * Builds the arguments of a call again.
 *
 * @throws as {@link decodeValue} does.
 */
export function decodeArgs(encoded: JsonValue | undefined, segments: ReceivedSegments): unknown[] {
  const form = Array.isArray(encoded) ? (encoded as readonly JsonValue[]) : [];
  let args: unknown;
  if (form.length === 1) args = form[0];
  else if (form[0] === Form.graph) args = decodeGraph(form.slice(1), segments);
  else if (form[0] === Form.mixedArgs && Array.isArray(form[1]))
    args = form[1].map((arg) => decodePlain(arg, segments));
  else if (form[0] === Form.errors) args = decodeErrorArgs(form, segments);
  if (!Array.isArray(args)) throw new ProtocolError('The arguments of a call arrived in no known form.');
  return args;
}

function decodeErrorArgs([, graph, numbers, table]: readonly JsonValue[], segments: ReceivedSegments): unknown {
  const others = decodePlain(graph, segments);
  const errors = decodeErrors(table, segments);
  if (!Array.isArray(others) || !Array.isArray(numbers) || numbers.length !== others.length) return undefined;
  return others.map((arg: unknown, i) => {
    const number = (numbers as readonly JsonValue[])[i];
    if (number === -1) return arg;
    const error = typeof number === 'number' ? errors[number] : undefined;
    if (error === undefined) throw new ProtocolError('An argument refers to an error that did not arrive.');
    return error;
  });
}
