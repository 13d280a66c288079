/**
 * The binary part of a frame: what JSON cannot carry, beside the head.
 *
 * Small pieces are copied into one body when they are added, so that head and body leave in one write. Pieces of
 * {@link BIG_SEGMENT} bytes and more are only referenced: they leave after the head, as they lie in memory, and are
 * received into a buffer of their exact size. The price is a window: see {@link Segments.borrowed}.
 */

import { Buffer, constants } from 'node:buffer';
import { ProtocolError } from './protocol-error.ts';

/** Anything that `JSON.parse` can return. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Where a piece lies: the index of a big segment, or offset and length within the body. */
export type SegmentRef = number | readonly [offset: number, length: number];

/** Bytes from which a piece travels as a segment of its own. */
export const BIG_SEGMENT = 64 * 1024;

/** Bytes that the body of one frame may have. */
export const MAX_BODY = 1024 * 1024 * 1024;

/** The state of a {@link Segments} to which it can be rolled back. */
export interface Mark {
  readonly body: number;
  readonly big: number;
  readonly borrowed: boolean;
}

const NOTHING = Buffer.alloc(0);

/** Collects the binary pieces of one frame while its values are encoded. */
export class Segments {
  #body: Buffer = NOTHING;
  #bodyLength = 0;
  #big: Uint8Array[] = [];
  #bigLength = 0;
  /** Indices of the big segments that are a user's memory. */
  #borrowed: number[] = [];

  /** Bytes collected so far, the head not included. */
  get byteLength(): number {
    return this.#bodyLength + this.#bigLength;
  }

  /**
   * Whether a big segment is memory that still belongs to a user's value.
   *
   * Such a value must not change before its bytes are written. A sender that runs user code between encoding and
   * writing writes first when this is true, or calls {@link Segments.own}.
   */
  get borrowed(): boolean {
    return this.#borrowed.length > 0;
  }

  /** The big segments in the order of their indices. */
  get big(): readonly Uint8Array[] {
    return this.#big;
  }

  /** Bytes in the body. */
  get bodyLength(): number {
    return this.#bodyLength;
  }

  /** Copies the body to its place in a frame. */
  copyBody(target: Buffer, offset: number): void {
    this.#body.copy(target, offset, 0, this.#bodyLength);
  }

  /** Adds memory that a user's value owns: copied when small, borrowed when big. */
  addBorrowed(bytes: Uint8Array): SegmentRef {
    if (bytes.byteLength < BIG_SEGMENT) return this.#addSmall(bytes);
    // Only memory of fixed size that no thread shares stays as it is until the kernel has read it.
    const buffer = bytes.buffer as ArrayBufferLike & { readonly resizable?: boolean };
    const stable = buffer instanceof ArrayBuffer && buffer.resizable !== true;
    if (!stable) return this.#addBig(Buffer.from(bytes));
    this.#borrowed.push(this.#big.length);
    return this.#addBig(bytes);
  }

  /** Adds memory that nobody else holds: copied when small, handed over when big. */
  addOwned(bytes: Uint8Array): SegmentRef {
    return bytes.byteLength < BIG_SEGMENT ? this.#addSmall(bytes) : this.#addBig(bytes);
  }

  /** Copies what is borrowed: from now on the values may change. */
  own(): void {
    for (const index of this.#borrowed) this.#big[index] = Buffer.from(this.#big[index]!);
    this.#borrowed = [];
  }

  /** Remembers what is collected now, for {@link Segments.rollback}. */
  mark(): Mark {
    return { body: this.#bodyLength, big: this.#big.length, borrowed: this.borrowed };
  }

  /** Forgets what was added since the mark. */
  rollback(mark: Mark): void {
    this.#bodyLength = mark.body;
    while (this.#big.length > mark.big) this.#bigLength -= this.#big.pop()!.byteLength;
    this.#borrowed = this.#borrowed.filter((index) => index < mark.big);
  }

  /** Makes room for the next frame; chunks of frames that were encoded stay valid. */
  clear(): void {
    this.#bodyLength = 0;
    this.#bigLength = 0;
    if (this.#borrowed.length > 0) this.#borrowed = [];
    // Not emptied in place: a frame may still hold the list that it was made from.
    if (this.#big.length > 0) this.#big = [];
    if (this.#body.byteLength > BIG_SEGMENT * 4) this.#body = NOTHING;
  }

  #addSmall(bytes: Uint8Array): SegmentRef {
    const offset = this.#bodyLength;
    const end = offset + bytes.byteLength;
    if (end > MAX_BODY) {
      throw new RangeError(`The body of one frame is limited to ${MAX_BODY} bytes; send fewer values in one frame.`);
    }
    if (end > this.#body.byteLength) {
      const grown = Buffer.allocUnsafeSlow(Math.max(end, this.#body.byteLength * 2, 1024));
      grown.set(this.#body.subarray(0, offset));
      this.#body = grown;
    }
    this.#body.set(bytes, offset);
    this.#bodyLength = end;
    return [offset, bytes.byteLength];
  }

  #addBig(bytes: Uint8Array): SegmentRef {
    this.#bigLength += bytes.byteLength;
    return this.#big.push(bytes) - 1;
  }
}

/** The binary pieces of one received frame, each taken by the value that owns it. */
export class ReceivedSegments {
  readonly #body: Uint8Array;
  readonly #big: (Uint8Array | undefined)[];

  constructor(body: Uint8Array, big: Uint8Array[]) {
    this.#body = body;
    this.#big = big;
  }

  /**
   * The bytes of a piece, for reading at once: a small one is a view of the frame.
   *
   * @throws {@link ProtocolError} when there is no such piece, or when a big one was taken before.
   */
  take(ref: JsonValue | undefined): Uint8Array {
    if (typeof ref === 'number') {
      const big = this.#big[ref];
      if (big === undefined) throw new ProtocolError(`The frame has no segment ${ref}, or two values claim it.`);
      this.#big[ref] = undefined;
      return big;
    }
    if (Array.isArray(ref)) {
      const [offset, length] = ref as readonly unknown[];
      if (isLength(offset) && isLength(length) && offset + length <= this.#body.byteLength) {
        return this.#body.subarray(offset, offset + length);
      }
    }
    throw new ProtocolError(`The frame refers to bytes that it does not have: ${JSON.stringify(ref)}.`);
  }

  /**
   * The bytes of a piece in an ArrayBuffer of their own: a small one is copied, a big one handed over.
   *
   * @throws {@link ProtocolError} as {@link ReceivedSegments.take} does.
   */
  own(ref: JsonValue | undefined): Uint8Array {
    const bytes = this.take(ref);
    return typeof ref === 'number' ? bytes : new Uint8Array(bytes);
  }
}

/** Whether a number from the wire can be a length in bytes. */
export function isLength(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= constants.MAX_LENGTH;
}
