/** ArrayBuffers and their views: what they are called on the wire, and how they are built again. */

import { Buffer } from 'node:buffer';
import { types } from 'node:util';
import { ProtocolError } from './protocol-error.ts';

interface ViewClass {
  readonly BYTES_PER_ELEMENT?: number;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): object;
}

/** The number of a type on the wire is its place in this list. The oldest Node that we run on has no Float16Array. */
const NAMES = [
  'ArrayBuffer',
  'Buffer',
  'DataView',
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
  'Float16Array',
] as const;

const [ARRAY_BUFFER, BUFFER, DATA_VIEW] = [0, 1, 2] as const;

// A typed array's own tag, which a subclass or a property of the same name cannot forge.
const typedArrayName = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype) as object,
  Symbol.toStringTag,
)!.get as (this: object) => string | undefined;

/** The number of a binary value's type, a subclass counting as what it extends; -1 when it is none that we know. */
export function binaryType(value: object): number {
  if (ArrayBuffer.isView(value)) {
    if (Buffer.isBuffer(value)) return BUFFER;
    const name = typedArrayName.call(value);
    return name === undefined ? DATA_VIEW : NAMES.indexOf(name as (typeof NAMES)[number]);
  }
  return types.isArrayBuffer(value) && isFixed(value) ? ARRAY_BUFFER : -1;
}

/** Whether an ArrayBuffer has its memory and keeps its size; v8 knows what to do with the others. */
function isFixed(buffer: ArrayBuffer): boolean {
  const { resizable, detached } = buffer as ArrayBuffer & { readonly resizable?: boolean; readonly detached?: boolean };
  // Where there is no `detached` to ask (Node 20), an empty buffer may be a detached one.
  return resizable !== true && (detached === undefined ? buffer.byteLength > 0 : !detached);
}

/**
 * The memory of a binary value, not copied.
 *
 * @throws TypeError when it is a view of a detached ArrayBuffer.
 */
export function bytesOf(value: object): Uint8Array {
  if (!ArrayBuffer.isView(value)) return new Uint8Array(value as ArrayBuffer);
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}

/**
 * A binary value of the given type around bytes that have an ArrayBuffer of their own.
 *
 * @throws {@link ProtocolError} when there is no such type, or its elements do not fill the bytes.
 */
export function binaryFrom(type: unknown, bytes: Uint8Array): object {
  const buffer = bytes.buffer as ArrayBuffer;
  if (type === ARRAY_BUFFER) return buffer;
  if (type === BUFFER) return Buffer.from(buffer);
  const name = NAMES[type as number];
  const View = name && (globalThis as unknown as { [name: string]: ViewClass | undefined })[name];
  const length = bytes.byteLength / (View?.BYTES_PER_ELEMENT ?? 1);
  if (!View || !Number.isInteger(length)) {
    throw new ProtocolError(
      `A binary value of type ${name ?? type} and ${bytes.byteLength} bytes cannot be built here.`,
    );
  }
  return new View(buffer, 0, length);
}
