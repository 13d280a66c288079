import { describe, expect, it } from 'vitest';
import { binaryFrom, binaryType, bytesOf } from '../../../runtime/wire/binary.ts';
import { isHandle, refuseHandles, UNCOPYABLE } from '../../../runtime/wire/handles.ts';
import { decodePlain, encodeBinary, encodePlain, Form } from '../../../runtime/wire/plain.ts';
import { ProtocolError } from '../../../runtime/wire/protocol-error.ts';
import { BIG_SEGMENT, ReceivedSegments, Segments } from '../../../runtime/wire/segments.ts';

const TYPES = [
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
] as const;

describe('a binary value', () => {
  it.each<[string, number, object]>([
    ['ArrayBuffer', 0, new ArrayBuffer(8)],
    ['Buffer', 1, Buffer.alloc(8)],
    ['DataView', 2, new DataView(new ArrayBuffer(8))],
    ...TYPES.map((name, i) => [name, i + 3, new globalThis[name](8)] as [string, number, object]),
  ])('%s is number %i on the wire, and is built again', (_, type, value) => {
    expect(binaryType(value)).toBe(type);
    const bytes = bytesOf(value);
    bytes[0] = 9;
    expect(bytesOf(value)[0]).toBe(9);
    const arrived = binaryFrom(type, new Uint8Array(bytes));
    expect(arrived).toStrictEqual(value);
    expect(Object.getPrototypeOf(arrived)).toBe(Object.getPrototypeOf(value));
  });

  it('is seen with its own bytes, not with those around it', () => {
    const memory = Uint8Array.from([0, 1, 2, 3, 4]).buffer;
    expect([...bytesOf(new Uint8Array(memory, 1, 3))]).toEqual([1, 2, 3]);
    expect([...bytesOf(new DataView(memory, 4))]).toEqual([4]);
    expect([...bytesOf(memory)]).toEqual([0, 1, 2, 3, 4]);
  });

  it('of a subclass is what it extends, whatever it calls itself', () => {
    class Mine extends Uint16Array {
      override get [Symbol.toStringTag](): 'Uint16Array' {
        return 'Float64Array' as never;
      }
    }
    expect(binaryType(new Mine(1))).toBe(7);
  });

  it.each([
    ['an object', {}],
    ['shared memory', new SharedArrayBuffer(1)],
    ['a blob', new Blob([])],
  ])('is not %s', (_, value) => {
    expect(binaryType(value)).toBe(-1);
  });

  it('is no buffer that may change its size, and none that was given away', () => {
    const Resizable = ArrayBuffer as new (length: number, options: object) => ArrayBuffer;
    expect(binaryType(new Resizable(1, { maxByteLength: 2 }))).toBe(-1);
    const gone = new ArrayBuffer(4);
    structuredClone(gone, { transfer: [gone] });
    expect(binaryType(gone)).toBe(-1);
  });

  it.each([
    [15, 4],
    [-1, 4],
    ['Uint8Array', 4],
    [undefined, 4],
    [6, 3],
    [11, 12],
  ])('of type %s and %i bytes cannot be built', (type, length) => {
    expect(() => binaryFrom(type, new Uint8Array(length))).toThrow(ProtocolError);
  });

  it('that cannot be built is told by its name and its size', () => {
    expect(() => binaryFrom(6, new Uint8Array(3))).toThrow(
      'A binary value of type Int16Array and 3 bytes cannot be built here.',
    );
    expect(() => binaryFrom(99, new Uint8Array(1))).toThrow(/of type 99 and 1 bytes/);
  });
});

describe('a form on the wire', () => {
  const received = new ReceivedSegments(Uint8Array.of(1, 2), []);

  it('is 0 for undefined, a list of one for what JSON keeps, and begins with its number otherwise', () => {
    const segments = new Segments();
    expect(encodePlain(undefined, segments)).toBe(0);
    expect(encodePlain({ a: 1 }, segments)).toEqual([{ a: 1 }]);
    expect(encodePlain(Buffer.of(1, 2), segments)).toEqual([Form.binary, [0, 2], 1]);
    expect(encodePlain(new Map(), segments)).toEqual([Form.graph, [2, expect.any(Number)]]);
    expect(Form).toEqual({ graph: 1, binary: 2, errors: 3, mixedArgs: 4, error: 5, list: 6 });
  });

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a string', 'bytes'],
    ['an object', {}],
    ['a proxy of bytes', new Proxy(new Uint8Array(1), {})],
  ])('is not binary for %s', (_, value) => {
    const segments = new Segments();
    expect(encodeBinary(value, segments)).toBeUndefined();
    expect(segments.byteLength).toBe(0);
  });

  it('leaves nothing behind where it fails', () => {
    const segments = new Segments();
    segments.addOwned(Uint8Array.of(1));
    expect(() => encodePlain({ big: new ArrayBuffer(BIG_SEGMENT), fn: () => {} }, segments)).toThrow();
    expect(segments.byteLength).toBe(1);
    expect(segments.borrowed).toBe(false);
  });

  it.each([[[]], [[1, 2, 3]], [[9, [0, 1], 1]], [1], ['text'], [null], [{}], [undefined]])(
    'is refused where it is none: %j',
    (encoded) => {
      expect(() => decodePlain(encoded as never, received)).toThrow(ProtocolError);
    },
  );

  it('that is none says so', () => {
    expect(() => decodePlain([9, 9], received)).toThrow('A value arrived in no known form.');
    expect(decodePlain([2, [0, 2], 1], received)).toEqual(Buffer.of(1, 2));
    expect(decodePlain([5], received)).toBe(5);
    expect(decodePlain(0, received)).toBeUndefined();
  });
});

describe('what stands for something in this process alone', () => {
  class Handle {}
  Object.defineProperty(Handle.prototype, UNCOPYABLE, { value: true });

  it('is known by its key, whichever copy of the package made it', () => {
    expect(UNCOPYABLE).toBe(Symbol.for('procfutures.uncopyable'));
    expect(isHandle(new Handle())).toBe(true);
  });

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a string', 'text'],
    ['a function', () => {}],
    ['an object', {}],
    ['a proxy of one', new Proxy(new Handle(), {})],
  ])('is not %s', (_, value) => {
    expect(isHandle(value)).toBe(false);
    expect(() => refuseHandles(value)).not.toThrow();
    expect(() => refuseHandles([value])).not.toThrow();
  });

  it('is refused itself and in a list, in the words of v8', () => {
    const refusal = new TypeError('#<Handle> could not be cloned.');
    expect(() => refuseHandles(new Handle())).toThrow(refusal);
    expect(() => refuseHandles([1, new Handle()])).toThrow(refusal);
    expect(() => refuseHandles({ deep: new Handle() })).not.toThrow();
  });
});
