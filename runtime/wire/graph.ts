/**
 * Values that JSON would change: v8's own serialization, with binaries taken out of the way.
 *
 * One serializer for one value, never for two: within a graph v8 keeps shared references, and two calls must not share.
 * Views are written by us, because v8 would send the whole ArrayBuffer below a small Buffer (other people's bytes
 * included) and would build all views of a message on one common ArrayBuffer. Node documents the underscored methods
 * for this use.
 */

import { types } from 'node:util';
import { binaryFrom, binaryType, bytesOf } from './binary.ts';
import { refuseHandles } from './handles.ts';
import { ProtocolError, UnreadableValueError } from './protocol-error.ts';
import { BIG_SEGMENT, type JsonValue, type ReceivedSegments, type SegmentRef, type Segments } from './segments.ts';

const [INLINE, SEGMENT] = [0, 1] as const;

/**
 * What speaks with v8, made for the first value that needs it: `node:v8` brings the streams of Node along, which takes
 * a start 2 ms and a worker memory, and most values never need it.
 */
function makeCodec({ DefaultSerializer, Deserializer }: typeof import('node:v8')) {
  class GraphSerializer extends DefaultSerializer {
    readonly #segments: Segments;

    constructor(segments: Segments) {
      super();
      this.#segments = segments;
    }

    /** Called by v8 for views, and for objects that only native code understands. */
    _writeHostObject(value: object): void {
      const type = binaryType(value);
      if (!ArrayBuffer.isView(value) || type === -1) {
        throw new Error(`#<${value.constructor?.name ?? 'Object'}> could not be cloned.`);
      }
      const bytes = bytesOf(value);
      this.writeUint32(type);
      if (bytes.byteLength < BIG_SEGMENT) {
        this.writeUint32(INLINE);
        this.writeUint32(bytes.byteLength);
        this.writeRawBytes(bytes);
      } else {
        this.writeUint32(SEGMENT);
        this.writeUint32(this.#segments.addBorrowed(bytes) as number);
      }
    }
  }

  class GraphDeserializer extends Deserializer {
    readonly #segments: ReceivedSegments;

    constructor(bytes: Uint8Array, segments: ReceivedSegments) {
      super(bytes);
      this.#segments = segments;
    }

    /** Called by v8 where {@link GraphSerializer._writeHostObject} wrote. */
    _readHostObject(): object {
      const type = this.readUint32();
      const inline = this.readUint32() === INLINE;
      const number = this.readUint32();
      const bytes = inline ? new Uint8Array(this.readRawBytes(number)) : this.#segments.own(number);
      return binaryFrom(type, bytes);
    }
  }

  return { GraphSerializer, GraphDeserializer };
}

/** Taken before any task runs: one may replace the global. */
const { getBuiltinModule } = process;
let codec: ReturnType<typeof makeCodec> | undefined;

function v8Codec(): ReturnType<typeof makeCodec> {
  codec ??= makeCodec(getBuiltinModule('node:v8'));
  return codec;
}

/** A graph on the wire: where its bytes are, then the segments that are ArrayBuffers of the value. */
export type EncodedGraph = readonly [graph: SegmentRef, ...arrayBuffers: SegmentRef[]];

/**
 * Serializes one value.
 *
 * @throws what v8 throws for what cannot be copied, with segments added already: the caller rolls back.
 */
export function encodeGraph(value: unknown, segments: Segments): EncodedGraph {
  refuseHandles(value);
  const serializer = new (v8Codec().GraphSerializer)(segments);
  serializer.writeHeader();
  const arrayBuffers: SegmentRef[] = [];
  for (const buffer of largeArrayBuffers(value)) {
    serializer.transferArrayBuffer(arrayBuffers.length, buffer);
    arrayBuffers.push(segments.addBorrowed(new Uint8Array(buffer)));
  }
  serializer.writeValue(value);
  return [segments.addOwned(serializer.releaseBuffer()), ...arrayBuffers];
}

/**
 * Builds the value again.
 *
 * @throws {@link ProtocolError} when it refers to bytes that are not there, {@link UnreadableValueError} when v8 gives
 * up.
 */
export function decodeGraph([graph, ...arrayBuffers]: readonly JsonValue[], segments: ReceivedSegments): unknown {
  try {
    const deserializer = new (v8Codec().GraphDeserializer)(segments.take(graph), segments);
    arrayBuffers.forEach((ref, id) => {
      deserializer.transferArrayBuffer(id, segments.own(ref).buffer as ArrayBuffer);
    });
    deserializer.readHeader();
    return deserializer.readValue();
  } catch (error) {
    if (error instanceof ProtocolError) throw error;
    throw new UnreadableValueError(
      'A value was copied by the other process but cannot be built here. Does it hold an error that is reached ' +
        'again from its own cause, or does the other process run a newer Node?',
      { cause: error },
    );
  }
}

/**
 * ArrayBuffers that travel as segments of their own: those that lie at most two steps below the top.
 *
 * v8 does not ask before it copies an ArrayBuffer, so they must be named first, and a search of the whole value would
 * cost more than the copy. Two steps reach `args[0].data` and `result.data`. Others are copied, as v8 does.
 */
function largeArrayBuffers(value: unknown): Set<ArrayBuffer> {
  const found = new Set<ArrayBuffer>();
  collectArrayBuffers(value, 2, found);
  return found;
}

function collectArrayBuffers(value: unknown, steps: number, found: Set<ArrayBuffer>): void {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return;
  if (types.isArrayBuffer(value)) {
    if (value.byteLength >= BIG_SEGMENT && binaryType(value) !== -1) found.add(value);
    return;
  }
  if (steps === 0) return;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== Array.prototype) return;
  let looked = 0;
  for (const key in value) {
    // A large collection is not searched: its many small values are what v8 is good at.
    if (++looked > 64) return;
    const property = Object.getOwnPropertyDescriptor(value, key);
    if (property && 'value' in property) collectArrayBuffers(property.value, steps - 1, found);
  }
}
