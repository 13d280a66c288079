/**
 * Frames: how one message lies in the byte stream between parent and worker.
 *
 * ```text
 * u32LE magic | u32LE headLength | u32LE bodyLength | head | body | big segments
 * ```
 *
 * The head is UTF-8 JSON, `[kind, payload, bigLengths]`; body and big segments are the pieces that {@link Segments}
 * collected. Header, head and body leave in one buffer, because a second small write costs more than the copy. The
 * magic is checked byte by byte as it comes: a stray line of text on the descriptor is noticed before a length is
 * believed.
 */

import { Buffer } from 'node:buffer';
import { ProtocolError } from './protocol-error.ts';
import { BIG_SEGMENT, isLength, type JsonValue, MAX_BODY, ReceivedSegments, type Segments } from './segments.ts';

export { ProtocolError, UnreadableValueError } from './protocol-error.ts';
export { type JsonValue, ReceivedSegments, Segments } from './segments.ts';

// Taken before any task runs: one may replace the global.
const { parse: fromJson, stringify: toJson } = JSON;

/** One message as it arrived. */
export interface Frame {
  readonly kind: string;
  readonly payload: JsonValue;
  readonly segments: ReceivedSegments;
}

/** 'PFUT', read as a little-endian number. */
const MAGIC = 0x50465554;
const MAGIC_BYTES = [0x54, 0x55, 0x46, 0x50] as const;
const HEADER = 12;
const MAX_HEAD = 512 * 1024 * 1024;

/** Bytes that {@link FrameReader.pull} takes at most, so that the event loop turns while a large value arrives. */
const PULL_AT_ONCE = 2 * 1024 * 1024;

const NO_BIG: readonly number[] = [];
const NO_BYTES = new Uint8Array(0);

/**
 * The chunks of one frame, to be written in order and without anything between them.
 *
 * The first chunk is a fresh buffer; the others are the big segments themselves, so their owners must not change them
 * before they are written. `segments` may be cleared and used again at once.
 *
 * @throws RangeError when the head would be longer than a string can be: send fewer values in one frame.
 */
export function encodeFrame(kind: string, payload: JsonValue, segments: Segments): Uint8Array[] {
  const { big, bodyLength } = segments;
  const head = stringify([kind, payload, big.length === 0 ? NO_BIG : big.map((bytes) => bytes.byteLength)]);
  const headLength = Buffer.byteLength(head);
  if (headLength > MAX_HEAD) {
    throw new RangeError(`The head of one frame is limited to ${MAX_HEAD} bytes; send fewer values in one frame.`);
  }
  const first = Buffer.allocUnsafe(HEADER + headLength + bodyLength);
  first.writeUInt32LE(MAGIC, 0);
  first.writeUInt32LE(headLength, 4);
  first.writeUInt32LE(bodyLength, 8);
  first.write(head, HEADER);
  if (bodyLength > 0) segments.copyBody(first, HEADER + headLength);
  return big.length === 0 ? [first] : [first, ...big];
}

/** JSON of plain data, also where a library gave arrays or objects a `toJSON` of its own. */
function stringify(value: JsonValue): string {
  // Arrays inherit from Object.prototype too, so one look finds either.
  if ((Array.prototype as { toJSON?: unknown }).toJSON === undefined) return toJson(value);
  return toJson(shielded(value));
}

function shielded(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  const copy = Array.isArray(value) ? value.map(shielded) : mapValues(value as { readonly [key: string]: JsonValue });
  if (!Object.hasOwn(copy, 'toJSON')) Object.defineProperty(copy, 'toJSON', { value: undefined });
  return copy as JsonValue;
}

function mapValues(value: { readonly [key: string]: JsonValue }): { [key: string]: JsonValue } {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shielded(item)]));
}

/** A frame whose head is read and whose big segments are still arriving. */
interface Opening {
  readonly kind: string;
  readonly payload: JsonValue;
  readonly body: Uint8Array;
  readonly bigLengths: readonly number[];
  readonly big: Uint8Array[];
  /** The segment that is being filled, and how far. */
  filling: Uint8Array;
  filled: number;
}

/**
 * Cuts a byte stream into frames, however it is chunked.
 *
 * A frame that lies whole in one chunk is read in place. Decoded values never keep a chunk alive, but a {@link Frame}
 * does.
 */
export class FrameReader {
  readonly #onFrame: (frame: Frame) => void;
  /** The beginning of a frame whose header, head or body is not complete, and how many bytes complete it. */
  #parts: Uint8Array[] = [];
  #have = 0;
  #need = HEADER;
  #opening: Opening | undefined;
  #failure: ProtocolError | undefined;

  /** @param onFrame - called synchronously, once for each complete frame, in order. */
  constructor(onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame;
  }

  /** Whether the stream may end here: no frame has begun that is not complete. */
  get atBoundary(): boolean {
    return this.#have === 0 && this.#opening === undefined;
  }

  /**
   * Takes the next bytes of the stream.
   *
   * @throws {@link ProtocolError} when they are no frame; from then on every call throws it again.
   */
  push(chunk: Uint8Array): void {
    if (this.#failure !== undefined) throw this.#failure;
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let offset = 0;
    while (offset < bytes.byteLength) {
      if (this.#opening !== undefined) offset = this.#fill(this.#opening, bytes, offset);
      else if (this.#have === 0) offset = this.#readInPlace(bytes, offset);
      else offset = this.#collect(bytes, offset);
    }
  }

  #readInPlace(bytes: Buffer, start: number): number {
    const available = bytes.byteLength - start;
    if (available >= HEADER) {
      const length = this.#frameLength(bytes, start);
      if (available >= length) {
        this.#open(bytes, start, length);
        return start + length;
      }
    }
    return this.#collect(bytes, start);
  }

  #collect(bytes: Buffer, start: number): number {
    for (let i = this.#have; i < 4 && start + i - this.#have < bytes.byteLength; i++) {
      if (bytes[start + i - this.#have] !== MAGIC_BYTES[i]) throw this.#fail(strayBytes(bytes, start));
    }
    const end = Math.min(bytes.byteLength, start + this.#need - this.#have);
    this.#parts.push(bytes.subarray(start, end));
    this.#have += end - start;
    if (this.#have < this.#need) return end;
    const whole = this.#parts.length === 1 ? (this.#parts[0] as Buffer) : Buffer.concat(this.#parts, this.#have);
    if (this.#need === HEADER) {
      this.#need = this.#frameLength(whole, 0);
      this.#parts = [whole];
    } else {
      this.#parts = [];
      this.#have = 0;
      this.#need = HEADER;
      this.#open(whole, 0, whole.byteLength);
    }
    return end;
  }

  /** Bytes of header, head and body of the frame whose header lies at `start`. */
  #frameLength(bytes: Buffer, start: number): number {
    if (bytes.readUInt32LE(start) !== MAGIC) throw this.#fail(strayBytes(bytes, start));
    const headLength = bytes.readUInt32LE(start + 4);
    const bodyLength = bytes.readUInt32LE(start + 8);
    if (headLength === 0 || headLength > MAX_HEAD || bodyLength > MAX_BODY) {
      throw this.#fail(`A frame announces a head of ${headLength} and a body of ${bodyLength} bytes.`);
    }
    return HEADER + headLength + bodyLength;
  }

  #open(bytes: Buffer, start: number, length: number): void {
    const headEnd = start + HEADER + bytes.readUInt32LE(start + 4);
    let head: unknown;
    try {
      head = fromJson(bytes.toString('utf8', start + HEADER, headEnd));
    } catch (error) {
      throw this.#fail('The head of a frame is no JSON.', error);
    }
    if (!isHead(head)) throw this.#fail('The head of a frame is not [kind, payload, lengths of its big segments].');
    const [kind, payload, bigLengths] = head;
    const body = headEnd === start + length ? NO_BYTES : bytes.subarray(headEnd, start + length);
    if (bigLengths.length === 0) this.#onFrame({ kind, payload, segments: new ReceivedSegments(body, []) });
    else
      this.#opening = { kind, payload, body, bigLengths, big: [], filling: this.#allocate(bigLengths[0]!), filled: 0 };
  }

  /**
   * Lets `read` put bytes that have not been read yet where they belong in the big segment that is arriving, if one is:
   * that saves the chunk and a copy of it.
   *
   * @param read - as `readSync` does: how many of at most `length` bytes it put at `offset`; 0 ends this.
   */
  pull(read: (into: Uint8Array, offset: number, length: number) => number): void {
    for (let left = PULL_AT_ONCE; left > 0 && this.#opening !== undefined; ) {
      const { filling, filled } = this.#opening;
      const count = read(filling, filled, Math.min(left, filling.byteLength - filled));
      if (count === 0) return;
      left -= count;
      this.#filled(this.#opening, count);
    }
  }

  #fill(opening: Opening, bytes: Buffer, start: number): number {
    const { filling, filled } = opening;
    const end = Math.min(bytes.byteLength, start + filling.byteLength - filled);
    bytes.copy(filling, filled, start, end);
    this.#filled(opening, end - start);
    return end;
  }

  /** So many more bytes of a big segment are there. */
  #filled(opening: Opening, count: number): void {
    const { bigLengths, big, filling } = opening;
    opening.filled += count;
    if (opening.filled < filling.byteLength) return;
    big.push(filling);
    const next = bigLengths[big.length];
    if (next !== undefined) {
      opening.filling = this.#allocate(next);
      opening.filled = 0;
    } else {
      this.#opening = undefined;
      const { kind, payload, body } = opening;
      this.#onFrame({ kind, payload, segments: new ReceivedSegments(body, big) });
    }
  }

  /** Memory of its own for one big segment; every byte is overwritten before a value sees it. */
  #allocate(length: number): Uint8Array {
    try {
      return Buffer.allocUnsafeSlow(length);
    } catch (error) {
      throw this.#fail(`A frame announces a segment of ${length} bytes, for which there is no memory.`, error);
    }
  }

  #fail(message: string, cause?: unknown): ProtocolError {
    this.#failure = new ProtocolError(message, { cause });
    this.#parts = [];
    this.#opening = undefined;
    return this.#failure;
  }
}

/** Says which bytes stand where a frame should begin: they often tell who wrote them. */
function strayBytes(bytes: Buffer, start: number): string {
  const text = stringify(bytes.toString('latin1', start, start + 40));
  return `Bytes that are no frame arrived: ${text}. Something else writes to this descriptor.`;
}

function isHead(head: unknown): head is [string, JsonValue, readonly number[]] {
  if (!Array.isArray(head) || head.length !== 3 || typeof head[0] !== 'string') return false;
  return Array.isArray(head[2]) && head[2].every((length) => isLength(length) && length >= BIG_SEGMENT);
}
