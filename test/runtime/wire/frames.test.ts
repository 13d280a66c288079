import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodeFrame,
  FrameReader,
  type JsonValue,
  ProtocolError,
  Segments,
  UnreadableValueError,
} from '../../../runtime/wire/frames.ts';
import { decodeArgs, decodeValue, encodeArgs, encodeValue } from '../../../runtime/wire/value.ts';
import { framesOf } from './frame-trip.ts';

const BIG = 64 * 1024;
const MIB = 1024 * 1024;
const NO_HEAD = 'The head of a frame is not [kind, payload, lengths of its big segments].';

/** A frame whose payload is a list of encoded values. */
function encodeValues(values: readonly unknown[]): Uint8Array[] {
  const segments = new Segments();
  const payload = values.map((value) => encodeValue(value, segments));
  return encodeFrame('values', payload, segments);
}

function decodeValues(chunks: Iterable<Uint8Array>): unknown[] {
  return framesOf(chunks).map((frame) =>
    (frame.payload as JsonValue[]).map((encoded) => decodeValue(encoded, frame.segments)),
  );
}

function patterned(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, i) => i % 251));
}

/** Values with large binaries replaced by what is quick to compare. */
function brief(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(brief);
  if (!Buffer.isBuffer(value)) return value;
  return `${value.byteLength} bytes ${createHash('sha256').update(value).digest('hex')}`;
}

/** The bytes of two frames: one of the head alone, one with body and big segments. */
function stream(): { bytes: Buffer; values: unknown } {
  const first = [1, 'two', { three: [null, true] }];
  const second = [patterned(10), patterned(BIG), new Map([['ä€😀', 1n]]), patterned(BIG + 1), undefined];
  return { bytes: Buffer.concat([...encodeValues(first), ...encodeValues(second)]), values: brief([first, second]) };
}

describe('encodeFrame', () => {
  it('writes header, head and body in one chunk', () => {
    const chunks = encodeValues([patterned(1000), new Set(['x']), 'text']);
    expect(chunks).toHaveLength(1);
    const header = Buffer.from(chunks[0]!);
    expect(header.readUInt32LE(0)).toBe(0x50465554);
    expect(chunks[0]!.byteLength).toBe(12 + header.readUInt32LE(4) + header.readUInt32LE(8));
    expect(JSON.parse(header.toString('utf8', 12, 12 + header.readUInt32LE(4)))[0]).toBe('values');
  });

  it('sends large binaries as they lie in memory, without a copy', () => {
    const large = patterned(BIG);
    const chunks = encodeValues([large, { inside: new Uint8Array(large.buffer) }]);
    expect(chunks).toHaveLength(3);
    for (const chunk of chunks.slice(1)) expect(chunk.buffer).toBe(large.buffer);
  });

  it('leaves its chunks valid when the segments are used for another frame', () => {
    const segments = new Segments();
    const chunks = encodeFrame('values', [encodeValue(patterned(3 * BIG), segments)], segments);
    const small = encodeFrame('values', [encodeValue(patterned(5), segments)], segments);
    segments.clear();
    expect(segments.byteLength).toBe(0);
    encodeFrame('values', [encodeValue(Buffer.alloc(BIG), segments), encodeValue(Buffer.alloc(5), segments)], segments);
    expect(brief(decodeValues(chunks))).toEqual(brief([[patterned(3 * BIG)]]));
    expect(Buffer.from(small[0]!).includes(patterned(5))).toBe(true);
  });

  it('is not misled by a toJSON that somebody gave to all arrays or objects', () => {
    for (const prototype of [Array.prototype, Object.prototype]) {
      Object.defineProperty(prototype, 'toJSON', { value: () => 'wrong', configurable: true });
      let chunks: Uint8Array[];
      try {
        chunks = encodeValues([[1, { a: ['b'] }], { toJSON: 'mine' }]);
      } finally {
        Reflect.deleteProperty(prototype, 'toJSON');
      }
      expect(decodeValues(chunks)).toEqual([[[1, { a: ['b'] }], { toJSON: 'mine' }]]);
    }
  });
});

describe('FrameReader', () => {
  it('finds the same frames however the bytes are cut', () => {
    const { bytes, values } = stream();
    const cuts = fc.array(fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: bytes.byteLength })), { maxLength: 40 });
    fc.assert(
      fc.property(cuts, (offsets) => {
        const sorted = [0, ...offsets.sort((a, b) => a - b), bytes.byteLength];
        const chunks = sorted.slice(1).map((end, i) => bytes.subarray(sorted[i], end));
        expect(brief(decodeValues(chunks))).toEqual(values);
      }),
      { numRuns: 60 },
    );
  });

  it('finds the frames in one chunk, and one byte at a time', () => {
    const { bytes, values } = stream();
    expect(brief(decodeValues([bytes]))).toEqual(values);
    expect(brief(decodeValues(Array.from(bytes, (byte) => Uint8Array.of(byte))))).toEqual(values);
  });

  it('finds the same frames when big segments are read to where they belong', () => {
    const { bytes, values } = stream();
    fc.assert(
      fc.property(fc.infiniteStream(fc.integer({ min: 0, max: 50_000 })), (sizes) => {
        const frames: unknown[] = [];
        const reader = new FrameReader(({ payload, segments }) => {
          frames.push((payload as JsonValue[]).map((encoded) => decodeValue(encoded, segments)));
        });
        let at = 0;
        while (at < bytes.byteLength) {
          const size = 1 + sizes.next().value;
          reader.push(bytes.subarray(at, at + size));
          at += size;
          reader.pull((into, offset, length) => {
            const count = Math.min(length, sizes.next().value, bytes.byteLength - at);
            if (count <= 0) return 0;
            into.set(bytes.subarray(at, at + count), offset);
            at += count;
            return count;
          });
        }
        expect(reader.atBoundary).toBe(true);
        expect(brief(frames)).toEqual(values);
      }),
      { numRuns: 50 },
    );
  });

  it('takes no more than 2 MiB at once from where big segments come', () => {
    const chunks = encodeValues([Buffer.alloc(5 * 1024 * 1024, 1)]);
    const reader = new FrameReader(() => {});
    let taken = 0;
    const read = (into: Uint8Array, offset: number, length: number): number => {
      into.fill(1, offset, offset + length);
      taken += length;
      return length;
    };
    reader.pull(read);
    expect(taken).toBe(0);
    reader.push(chunks[0]!);
    reader.pull(read);
    expect(taken).toBe(2 * 1024 * 1024);
    reader.pull(read);
    reader.pull(read);
    expect(taken).toBe(5 * 1024 * 1024);
    expect(reader.atBoundary).toBe(true);
  });

  it('accepts chunks that are no Buffers, at any offset of their memory', () => {
    const { bytes, values } = stream();
    const shifted = new Uint8Array(bytes.byteLength + 3);
    shifted.set(bytes, 3);
    expect(brief(decodeValues([new Uint8Array(shifted.buffer, 3)]))).toEqual(values);
  });

  it('tells whether the stream may end', () => {
    const { bytes } = stream();
    const reader = new FrameReader(() => {});
    expect(reader.atBoundary).toBe(true);
    reader.push(bytes.subarray(0, 5));
    expect(reader.atBoundary).toBe(false);
    reader.push(bytes.subarray(5, bytes.byteLength - 1));
    expect(reader.atBoundary).toBe(false);
    reader.push(bytes.subarray(bytes.byteLength - 1));
    expect(reader.atBoundary).toBe(true);
  });

  it('has let go of a frame when it hands it over, so that a handler that throws does no harm', () => {
    const frame = encodeValues([1])[0]!;
    let throws = true;
    let count = 0;
    const reader = new FrameReader(() => {
      count++;
      if (throws) throw new Error('handler');
    });
    expect(() => reader.push(frame)).toThrow('handler');
    expect(reader.atBoundary).toBe(true);
    throws = false;
    reader.push(frame);
    expect(count).toBe(2);
  });

  it.each<[string, Buffer, string]>([
    ['a line of text', Buffer.from('hello\n'), stray('"hello\\n"')],
    ['one wrong byte', Buffer.from([0]), stray('"\\u0000"')],
    ['a wrong fourth byte', Buffer.from('TUFx'), stray('"TUFx"')],
    ['a wrong fourth byte, and a whole header', Buffer.from('TUFx23456789'), stray('"TUFx23456789"')],
    ['a length that is too large', header(0xffffffff, 0), announces(0xffffffff, 0)],
    ['a body that is too large', header(10, 0xffffffff), announces(10, 0xffffffff)],
    ['a head of one byte too many', header(512 * MIB + 1, 0), announces(512 * MIB + 1, 0)],
    ['a body of one byte too many', header(1, 1024 * MIB + 1), announces(1, 1024 * MIB + 1)],
    ['no head', header(0, 0), announces(0, 0)],
    ['a head that is no JSON', frame('{'), 'The head of a frame is no JSON.'],
    ['a head of another shape', frame('{"kind":1}'), NO_HEAD],
    ['a head that is null', frame('null'), NO_HEAD],
    ['a head without a kind', frame('[1,2,[]]'), NO_HEAD],
    ['a head of two', frame('["k",null]'), NO_HEAD],
    ['a head of four', frame('["k",null,[],1]'), NO_HEAD],
    ['a head without a list', frame('["k",null,70000]'), NO_HEAD],
    ['a negative segment', frame('["k",null,[-1]]'), NO_HEAD],
    ['a segment that would fit the body', frame(`["k",null,[${BIG - 1}]]`), NO_HEAD],
    ['a segment that is no number', frame('["k",null,["70000"]]'), NO_HEAD],
    ['one segment that is none, of two', frame(`["k",null,[${BIG},1]]`), NO_HEAD],
    ['a segment that no memory can hold', frame('["k",null,[9007199254740991]]'), NO_HEAD],
    ['bytes behind a whole frame', Buffer.concat([frame('["k",null,[]]'), Buffer.from('x')]), stray('"x"')],
  ])('refuses %s, and everything after it', (_, bytes, why) => {
    const reader = new FrameReader(() => {});
    const refusal = new ProtocolError(why);
    expect(() => reader.push(bytes)).toThrow(refusal);
    expect(() => reader.push(encodeValues([1])[0]!)).toThrow(refusal);
    const slow = new FrameReader(() => {});
    expect(() => {
      for (const byte of bytes) slow.push(Uint8Array.of(byte));
    }).toThrow(ProtocolError);
  });

  it('says with a head that is no JSON what was wrong with it', () => {
    const refused = (() => {
      try {
        new FrameReader(() => {}).push(frame('{'));
      } catch (error) {
        return error as ProtocolError;
      }
      return undefined;
    })();
    expect(refused?.cause).toBeInstanceOf(SyntaxError);
  });

  it('gives a frame with its kind, its payload and its bytes', () => {
    const segments = new Segments();
    const small = segments.addOwned(Buffer.of(1, 2));
    const big = segments.addOwned(patterned(BIG));
    const [frame] = framesOf(encodeFrame('kind', [small, big], segments));
    expect(frame).toMatchObject({ kind: 'kind', payload: [[0, 2], 0] });
    expect([...(frame?.segments.take(small as JsonValue) ?? [])]).toEqual([1, 2]);
    expect(frame?.segments.take(big as JsonValue)).toEqual(patterned(BIG));
  });

  it('begins with a frame that is complete, and goes on with one that is not, in one chunk', () => {
    const [one, two] = [encodeValues([1])[0]!, encodeValues([2])[0]!];
    for (let cut = 1; cut < two.byteLength; cut++) {
      const first = Buffer.concat([one, two.subarray(0, cut)]);
      expect(decodeValues([first, Buffer.concat([two.subarray(cut), one])])).toEqual([[1], [2], [1]]);
    }
  });

  it('quotes stray bytes, which often tell who wrote them', () => {
    expect(() => new FrameReader(() => {}).push(Buffer.from('console.log was here'))).toThrow(/"console.log was here"/);
  });

  it('meets mutated bytes with its own errors or a value, never with anything else', () => {
    const segments = new Segments();
    const values = [{ a: [1, 'x'] }, patterned(20), new Map([[{ b: 1 }, new Float64Array(2)]]), new TypeError('t')];
    const payload = [
      ...values.map((value) => encodeValue(value, segments)),
      encodeArgs([1, new Date(), values], segments),
    ];
    const whole = Buffer.concat(encodeFrame('values', payload, segments));
    const mutation = fc.tuple(fc.nat({ max: whole.byteLength - 1 }), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        const bytes = Buffer.from(whole);
        for (const [offset, byte] of mutations) bytes[offset] = byte;
        try {
          new FrameReader(({ payload, segments }) => {
            for (const item of Array.isArray(payload) ? payload : [payload]) {
              attempt(() => decodeValue(item, segments));
              attempt(() => decodeArgs(item, segments));
            }
          }).push(bytes);
        } catch (error) {
          if (!(error instanceof ProtocolError)) throw error;
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

/** One value may be unreadable and the next fine. */
function attempt(decode: () => unknown): void {
  try {
    decode();
  } catch (error) {
    if (error instanceof ProtocolError || error instanceof UnreadableValueError) return;
    throw new Error('A decoder threw an error that its callers do not expect.', { cause: error });
  }
}

function stray(bytes: string): string {
  return `Bytes that are no frame arrived: ${bytes}. Something else writes to this descriptor.`;
}

function announces(head: number, body: number): string {
  return `A frame announces a head of ${head} and a body of ${body} bytes.`;
}

function header(headLength: number, bodyLength: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32LE(0x50465554, 0);
  bytes.writeUInt32LE(headLength, 4);
  bytes.writeUInt32LE(bodyLength, 8);
  return bytes;
}

function frame(head: string): Buffer {
  return Buffer.concat([header(Buffer.byteLength(head), 0), Buffer.from(head)]);
}
