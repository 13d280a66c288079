import { deserialize, serialize } from 'node:v8';
import { createContext, runInContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodeFrame,
  type JsonValue,
  ProtocolError,
  ReceivedSegments,
  Segments,
  UnreadableValueError,
} from '../../../runtime/wire/frames.ts';
import { decodeArgs, decodeValue, encodeArgs, encodeThrown, encodeValue } from '../../../runtime/wire/value.ts';
import { framesOf, tripArgs, tripValue } from './frame-trip.ts';

const BIG = 64 * 1024;
const isInline = (encoded: JsonValue) => Array.isArray(encoded) && encoded.length === 1;
const encode = (value: unknown) => encodeValue(value, new Segments());

const anything = fc.anything({
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
  withUnicodeString: true,
} as fc.ObjectConstraints);

describe('a value', () => {
  it('arrives as v8 alone would have copied it', () => {
    fc.assert(
      fc.property(anything, (value) => {
        expect(tripValue(value)).toStrictEqual(deserialize(serialize(value)));
      }),
      { numRuns: 500 },
    );
  });

  it('arrives equal when JSON keeps it, and then travels inline', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expect(tripValue(value)).toStrictEqual(deserialize(serialize(value)));
      }),
    );
    for (const value of [0, -1.5, 'x', '\ud800', '', true, null, [], {}, [[1], [2]], { a: { b: [] } }]) {
      expect([value, isInline(encode(value))]).toEqual([value, true]);
    }
  });

  const shared = {};
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  const sparse = [1, 2, 3];
  delete sparse[1];
  class Sub extends Array {}
  class Point {
    x = 1;
  }
  it.each<[string, unknown]>([
    ['-0', -0],
    ['-0 inside', [-0]],
    ['NaN', Number.NaN],
    ['an infinity inside', { a: Number.NEGATIVE_INFINITY }],
    ['undefined', undefined],
    ['undefined inside', { a: undefined }],
    ['a bigint', 10n],
    ['a hole', sparse],
    ['an array with a property', Object.assign([1], { index: 0 })],
    ['a match', 'abc'.match(/b/)],
    ['a subclass of Array', Sub.of(1, 2)],
    ['an instance of a class', new Point()],
    ['an object without prototype', Object.assign(Object.create(null), { a: 1 })],
    ['an own __proto__', JSON.parse('{"__proto__":{"a":1},"b":2}')],
    ['a shared reference', [shared, shared]],
    ['a cycle', cyclic],
    ['a date', new Date(0)],
    ['a boxed string', Object('x')],
    ['a symbol key', { [Symbol('s')]: 1, a: 2 }],
    ['a property that is not enumerable', Object.defineProperty({ a: 1 }, 'b', { value: 2 })],
    ['a long string', 'é'.repeat(BIG)],
    ['many objects', Array.from({ length: 3_000 }, (_, i) => ({ i, s: `${i}` }))],
    ['deep nesting', Array.from({ length: 1_000 }).reduce((inner) => ({ inner }), 1)],
    ['a regular expression', /a\/b/giu],
    ['an empty Buffer', Buffer.alloc(0)],
    ['an empty ArrayBuffer', new ArrayBuffer(0)],
    ['a DataView', new DataView(new Uint8Array([1, 2, 3, 4, 5]).buffer, 1, 3)],
  ])('keeps %s', (_, value) => {
    // Identity and prototypes are part of what is kept: a cycle compares equal only to a cycle.
    expect(tripValue(value)).toStrictEqual(deserialize(serialize(value)));
  });

  it('keeps an own __proto__ as a property and sets no prototype', () => {
    const value = tripValue(JSON.parse('{"__proto__":{"polluted":1}}')) as { polluted?: number };
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.getOwnPropertyNames(value)).toEqual(['__proto__']);
  });

  it('does not take what an object merely inherits', () => {
    Object.defineProperty(Object.prototype, 'inherited', { value: 1, enumerable: true, configurable: true });
    let arrived: object;
    try {
      arrived = tripValue({ a: 1 }) as object;
    } finally {
      Reflect.deleteProperty(Object.prototype, 'inherited');
    }
    expect(Object.getOwnPropertyNames(arrived)).toEqual(['a']);
  });

  it('keeps keys that objects inherit too, also where the prototype is frozen', () => {
    const value = { constructor: 1, toString: 'x', hasOwnProperty: null };
    const descriptors = Object.getOwnPropertyDescriptors(Object.prototype);
    Object.defineProperty(Object.prototype, 'toString', { writable: false });
    let arrived: unknown;
    try {
      arrived = tripValue(value);
    } finally {
      Object.defineProperty(Object.prototype, 'toString', descriptors.toString);
    }
    expect(arrived).toEqual(value);
  });

  it('is read once where JSON keeps it', () => {
    let reads = 0;
    const value = {
      get a() {
        return ++reads;
      },
    };
    expect(tripValue(value)).toEqual({ a: 1 });
    expect(reads).toBe(1);
  });

  it('is a copy from the moment it is encoded', () => {
    const value = { list: [1], buffer: Buffer.from('before') };
    const segments = new Segments();
    const payload = [
      encodeValue(value.list, segments),
      encodeValue(value.buffer, segments),
      encodeValue(value, segments),
    ];
    value.list.push(2);
    value.buffer.write('after!');
    expect(segments.borrowed).toBe(false);
    const [frame] = framesOf(encodeFrame('values', payload, segments));
    expect((frame!.payload as JsonValue[]).map((encoded) => decodeValue(encoded, frame!.segments))).toEqual([
      [1],
      Buffer.from('before'),
      { list: [1], buffer: Buffer.from('before') },
    ]);
  });

  it('is not kept alive by having been encoded', async () => {
    const references = [{ a: [{ b: 1 }] }, Array.from({ length: 60 }, () => ({})), new Map(), new Error('e')].map(
      (value) => {
        encodeArgs([value], new Segments());
        encodeValue(value, new Segments());
        return new WeakRef<object>(value);
      },
    );
    if (globalThis.gc === undefined) throw new Error('Run this test with node --expose-gc.');
    // A WeakRef holds its object until the turn ends; a serializer holds it until it is itself collected.
    for (let round = 0; round < 3; round++) {
      await new Promise((resolve) => setImmediate(resolve));
      globalThis.gc();
    }
    expect(references.map((reference) => reference.deref())).toEqual(references.map(() => undefined));
  });

  it('may encode another value from within a getter', () => {
    const value = {
      get a() {
        return tripValue({ inner: [1] });
      },
    };
    expect(tripValue(value)).toEqual({ a: { inner: [1] } });
  });

  it('passes on what a getter throws and is ready for the next value', () => {
    const value = {
      get a(): never {
        throw new RangeError('getter');
      },
    };
    expect(() => encode(value)).toThrow(new RangeError('getter'));
    expect(isInline(encode([{ b: 1 }]))).toBe(true);
  });

  it.each<[string, unknown]>([
    ['a function', () => {}],
    ['a symbol', Symbol('s')],
    ['a promise', Promise.resolve()],
    ['a WeakMap', new WeakMap()],
    ['a WeakRef', new WeakRef({})],
    ['a proxy of an object', new Proxy({ a: 1 }, {})],
    ['a proxy of an array', new Proxy([1], {})],
    [
      'arguments',
      (function (..._: unknown[]) {
        // biome-ignore lint/complexity/noArguments: arguments itself is what is sent
        return arguments;
      })(1),
    ],
    ['a SharedArrayBuffer', new SharedArrayBuffer(8)],
    ['an object of native code', new Blob(['x'])],
    ['a detached ArrayBuffer', detached(8).buffer],
    ['a view of a detached ArrayBuffer', detached(8)],
  ])('is refused as v8 refuses it: %s', (_, value) => {
    expect(() => serialize(value)).toThrow();
    for (const inside of [value, [value], { a: { b: value } }]) {
      const segments = new Segments();
      encodeValue(Buffer.alloc(BIG), segments);
      encodeValue(Buffer.from('kept'), segments);
      const before = { bytes: segments.byteLength, big: segments.big.length, borrowed: segments.borrowed };
      expect(() => encodeValue([Buffer.alloc(BIG), Buffer.alloc(9), inside], segments)).toThrow();
      expect(() => encodeArgs([Buffer.alloc(BIG), new Error('e'), inside], segments)).toThrow();
      expect(encodeThrown(inside, segments)).toMatchObject({ ok: false, reason: expect.anything() });
      expect({ bytes: segments.byteLength, big: segments.big.length, borrowed: segments.borrowed }).toEqual(before);
    }
  });

  it('that v8 writes and cannot read is the fault of the value, not of the peer', () => {
    const error = new Error('e');
    error.cause = error;
    expect(() => deserialize(serialize([error]))).toThrow();
    expect(() => tripValue({ deep: [error] })).toThrow(UnreadableValueError);
    expect(() => tripArgs([1, { error }])).toThrow(UnreadableValueError);
    expect((tripValue(error) as Error).cause).toBeInstanceOf(Error);
  });

  it('is refused when nothing ever arrived in this form', () => {
    const none = new ReceivedSegments(new Uint8Array(4), []);
    for (const encoded of [
      undefined,
      null,
      7,
      'x',
      {},
      [],
      [1],
      [9, 9],
      [1, 0],
      [2, [0, 4], 99],
      [2, [0, 3], 7],
      [3, []],
    ]) {
      if (isInline(encoded as JsonValue)) continue;
      expect(() => decodeValue(encoded as JsonValue, none)).toThrow(ProtocolError);
    }
    for (const encoded of [undefined, 0, [1], [[], 1], [4, 1], [3, 0, [], []], [4, [[1], 'x']]]) {
      expect(() => decodeArgs(encoded as JsonValue, none)).toThrow(ProtocolError);
    }
  });
});

describe('memory', () => {
  const binaries = (bytes: number): [string, ArrayBuffer | ArrayBufferView][] => {
    const memory = Uint8Array.from({ length: bytes + 16 }, (_, i) => i % 253).buffer;
    return [
      ['ArrayBuffer', memory.slice(0, bytes)],
      ['Buffer', Buffer.from(memory, 8, bytes)],
      ['DataView', new DataView(memory, 8, bytes)],
      ['Uint8Array', new Uint8Array(memory, 8, bytes)],
      ['Uint16Array', new Uint16Array(memory, 8, bytes / 2)],
      ['Float64Array', new Float64Array(memory, 8, bytes / 8)],
      ['BigInt64Array', new BigInt64Array(memory, 8, bytes / 8)],
    ];
  };

  it.each([...binaries(64), ...binaries(BIG)])('a %s has an ArrayBuffer of its own and nothing more', (_, value) => {
    const trips = [tripValue(value), (tripValue({ a: [value] }) as { a: unknown[] }).a[0], tripArgs([1, value])[1]];
    for (const arrived of trips) {
      expect(Object.getPrototypeOf(arrived)).toBe(Object.getPrototypeOf(value));
      expect(bytesOf(arrived as typeof value).equals(bytesOf(value))).toBe(true);
      const buffer = ArrayBuffer.isView(arrived) ? arrived.buffer : (arrived as ArrayBuffer);
      expect(buffer.byteLength).toBe(value.byteLength);
    }
  });

  it('is not shared between two values or two parts of a frame', () => {
    const memory = new Uint8Array(16);
    const [a, b, c] = tripValue([memory.subarray(0, 8), memory.subarray(0, 8), memory.buffer]) as Uint8Array[];
    expect(new Set([a!.buffer, b!.buffer, c]).size).toBe(3);
  });

  it('of a big ArrayBuffer is borrowed at the top, in an argument and in a property', () => {
    const buffer = new ArrayBuffer(BIG);
    for (const encodeIt of [
      (segments: Segments) => encodeValue(buffer, segments),
      (segments: Segments) => encodeValue({ buffer, again: buffer, x: 1n }, segments),
      (segments: Segments) => encodeArgs([{ buffer }, [1n]], segments),
    ]) {
      const segments = new Segments();
      encodeIt(segments);
      expect(segments.big.map((bytes) => bytes.buffer)).toEqual([buffer]);
      expect(segments.borrowed).toBe(true);
    }
    const both = tripValue({ buffer, again: buffer }) as { buffer: unknown; again: unknown };
    expect(both.buffer).toBe(both.again);
  });

  it('of threads, or of a size that may change, is copied and not borrowed', () => {
    const sharedView = new Uint8Array(new SharedArrayBuffer(BIG)).fill(3);
    const resizable = resizableBuffer(BIG);
    for (const value of [sharedView, new Uint8Array(resizable)]) {
      const segments = new Segments();
      encodeValue(value, segments);
      expect(segments.borrowed).toBe(false);
      expect(bytesOf(tripValue(value) as Uint8Array).equals(bytesOf(value))).toBe(true);
    }
    expect((tripValue(resizable) as ArrayBuffer).byteLength).toBe(BIG);
  });

  it('that was borrowed may change once the segments own it', () => {
    const value = new Uint8Array(BIG).fill(1);
    const segments = new Segments();
    const payload = encodeValue(value, segments);
    segments.own();
    value.fill(2);
    expect(segments.borrowed).toBe(false);
    const [frame] = framesOf(encodeFrame('value', payload, segments));
    expect(bytesOf(decodeValue(payload, frame!.segments) as Uint8Array).every((byte) => byte === 1)).toBe(true);
  });

  it('of a small Buffer in a large pool sends its own bytes only', () => {
    const segments = new Segments();
    encodeValue({ a: Buffer.from('abc') }, segments);
    expect(segments.byteLength).toBeLessThan(64);
  });
});

describe('arguments', () => {
  it('arrive as v8 would have copied the list', () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 4 }), (args) => {
        expect(tripArgs(args)).toStrictEqual(deserialize(serialize(args)));
      }),
    );
  });

  it('may share an object, a view or an error', () => {
    const object = { a: 1 };
    const view = new Uint8Array(4);
    const error = new Error('e');
    const cases = [
      [object, object],
      [object, new Map([[1, object]])],
      [view, view],
      [view, { view }],
      [error, 1, error],
    ];
    for (const args of cases) {
      const arrived = tripArgs(args);
      expect(arrived).toEqual(args);
      const [first, second] = [arrived[0], arrived.at(-1)];
      const inside = second instanceof Map ? second.get(1) : ((second as { view?: unknown }).view ?? second);
      expect(inside).toBe(first);
    }
  });

  it('need no serializer when they are bytes, undefined and one plain object', () => {
    const encoded = encodeArgs([Buffer.from('x'), undefined, { a: 1 }, 'y'], new Segments()) as JsonValue[];
    expect(encoded[0]).toBe(4);
    expect(tripArgs([Buffer.from('x'), undefined, { a: 1 }, 'y'])).toStrictEqual([
      Buffer.from('x'),
      undefined,
      { a: 1 },
      'y',
    ]);
    expect(tripArgs([])).toEqual([]);
    expect(tripArgs([undefined])).toStrictEqual([undefined]);
  });

  it('that are errors arrive in full, wherever they stand', () => {
    const error = Object.assign(new TypeError('bad', { cause: { why: 1n } }), { code: 'E1' });
    const [one, two, three] = tripArgs([new Map(), error, 3]) as [Map<unknown, unknown>, typeof error, number];
    expect([one, three]).toEqual([new Map(), 3]);
    expect(two).toBeInstanceOf(TypeError);
    expect(two).toMatchObject({ message: 'bad', code: 'E1', cause: { why: 1n } });
  });
});

it('values of another realm arrive as v8 copies them', () => {
  const context = createContext({});
  const value: unknown = runInContext(
    '({ list: [1, { a: 2 }], map: new Map([[1, 2]]), bytes: new Uint8Array(3) })',
    context,
  );
  expect(tripValue(value)).toStrictEqual(deserialize(serialize(value)));
});

function bytesOf(value: ArrayBuffer | ArrayBufferView): Buffer {
  return ArrayBuffer.isView(value) ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : Buffer.from(value);
}

function resizableBuffer(bytes: number): ArrayBuffer {
  // Younger than the library that the sources are checked against.
  const Resizable = ArrayBuffer as unknown as new (bytes: number, options: { maxByteLength: number }) => ArrayBuffer;
  return new Resizable(bytes, { maxByteLength: 2 * bytes });
}

function detached(bytes: number): Uint8Array {
  const view = new Uint8Array(bytes);
  structuredClone(view.buffer, { transfer: [view.buffer] });
  return view;
}
