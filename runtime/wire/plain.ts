/**
 * One value that is no error, in the cheapest form that keeps it: inline, as bytes, or as a v8 graph.
 *
 * On the wire `[json]` is an inline value and `0` is undefined; every other form begins with its number.
 */

import { types } from 'node:util';
import { binaryFrom, binaryType, bytesOf } from './binary.ts';
import { decodeGraph, encodeGraph } from './graph.ts';
import { jsonCopy, NOT_JSON } from './json.ts';
import { ProtocolError } from './protocol-error.ts';
import type { JsonValue, ReceivedSegments, Segments } from './segments.ts';

/** The first element of forms that have more than one. */
export const Form = { graph: 1, binary: 2, errors: 3, mixedArgs: 4, error: 5, list: 6 } as const;

/** The form of undefined, which has no other. */
export const UNDEFINED = 0;

/**
 * Encodes any value but an error at the top.
 *
 * @throws what v8 or a getter throws; `segments` is then as it was.
 */
export function encodePlain(value: unknown, segments: Segments): JsonValue {
  if (value === undefined) return UNDEFINED;
  const json = jsonCopy(value);
  if (json !== NOT_JSON) return [json];
  const mark = segments.mark();
  try {
    return encodeBinary(value, segments) ?? [Form.graph, ...encodeGraph(value, segments)];
  } catch (error) {
    segments.rollback(mark);
    throw error;
  }
}

/** The form of a value that is bytes and nothing else, else undefined. */
export function encodeBinary(value: unknown, segments: Segments): JsonValue | undefined {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return undefined;
  const type = binaryType(value);
  return type === -1 ? undefined : [Form.binary, segments.addBorrowed(bytesOf(value)), type];
}

/**
 * Builds a value again that {@link encodePlain} encoded.
 *
 * @throws {@link ProtocolError} when it did not, `UnreadableValueError` when v8 cannot build what it wrote.
 */
export function decodePlain(encoded: JsonValue | undefined, segments: ReceivedSegments): unknown {
  if (encoded === UNDEFINED) return undefined;
  if (Array.isArray(encoded)) {
    const form = encoded as readonly JsonValue[];
    if (form.length === 1) return form[0];
    if (form[0] === Form.graph) return decodeGraph(form.slice(1), segments);
    if (form[0] === Form.binary) return binaryFrom(form[2], segments.own(form[1]));
  }
  throw new ProtocolError('A value arrived in no known form.');
}
