import { constants } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../../runtime/wire/protocol-error.ts';
import { BIG_SEGMENT, isLength, MAX_BODY, ReceivedSegments, Segments } from '../../../runtime/wire/segments.ts';

const filled = (length: number, fill: number) => new Uint8Array(length).fill(fill);

/** What `copyBody` gives, with a byte on each side that must stay. */
function bodyOf(segments: Segments): number[] {
  const target = Buffer.alloc(segments.bodyLength + 2, 0xff);
  segments.copyBody(target, 1);
  expect([target[0], target.at(-1)]).toEqual([0xff, 0xff]);
  return [...target.subarray(1, -1)];
}

describe('Segments', () => {
  it('copies what is small into one body, in the order in which it came', () => {
    const segments = new Segments();
    expect(segments.addBorrowed(filled(3, 1))).toEqual([0, 3]);
    expect(segments.addOwned(filled(2, 2))).toEqual([3, 2]);
    expect(segments.addOwned(filled(0, 0))).toEqual([5, 0]);
    expect(bodyOf(segments)).toEqual([1, 1, 1, 2, 2]);
    expect(segments).toMatchObject({ bodyLength: 5, byteLength: 5, big: [], borrowed: false });
  });

  it('keeps what it has when its body grows', () => {
    const segments = new Segments();
    const pieces = [1, 1_000, 30, 5_000, BIG_SEGMENT - 1, 7].map((length) => filled(length, length % 200));
    for (const piece of pieces) segments.addOwned(piece);
    const body = Buffer.alloc(segments.bodyLength);
    segments.copyBody(body, 0);
    expect(body.equals(Buffer.concat(pieces))).toBe(true);
  });

  it.each(['addOwned', 'addBorrowed'] as const)('%s leaves what is big where it is, and no byte less is big', (add) => {
    const segments = new Segments();
    const [small, big, other] = [filled(BIG_SEGMENT - 1, 1), filled(BIG_SEGMENT, 2), filled(BIG_SEGMENT + 1, 3)];
    expect([segments[add](small), segments[add](big), segments[add](other)]).toEqual([[0, BIG_SEGMENT - 1], 0, 1]);
    expect(segments.big[0]).toBe(big);
    expect(segments.big[1]).toBe(other);
    expect(segments.byteLength).toBe(3 * BIG_SEGMENT);
    expect(segments.borrowed).toBe(add === 'addBorrowed');
  });

  it('borrows no memory that may change its size or belongs to several threads: copies it', () => {
    const segments = new Segments();
    const shared = new Uint8Array(new SharedArrayBuffer(BIG_SEGMENT)).fill(4);
    expect(segments.addBorrowed(shared)).toBe(0);
    expect(segments.borrowed).toBe(false);
    shared.fill(5);
    expect(segments.big[0]?.[BIG_SEGMENT - 1]).toBe(4);
    const Resizable = ArrayBuffer as new (length: number, options: object) => ArrayBuffer;
    const growing = new Uint8Array(new Resizable(BIG_SEGMENT, { maxByteLength: 2 * BIG_SEGMENT })).fill(6);
    expect(segments.addBorrowed(growing)).toBe(1);
    expect(segments.borrowed).toBe(false);
    growing.fill(7);
    expect(segments.big[1]?.[0]).toBe(6);
  });

  it('owns what it had borrowed, and nothing else is copied for that', () => {
    const segments = new Segments();
    const [owned, borrowed] = [filled(BIG_SEGMENT, 1), filled(BIG_SEGMENT, 2)];
    segments.addOwned(owned);
    segments.addBorrowed(borrowed);
    segments.own();
    expect(segments.borrowed).toBe(false);
    borrowed.fill(9);
    expect(segments.big[0]).toBe(owned);
    expect(segments.big[1]?.[5]).toBe(2);
  });

  it('forgets what came after a mark, and that alone', () => {
    const segments = new Segments();
    segments.addOwned(filled(3, 1));
    segments.addBorrowed(filled(BIG_SEGMENT, 2));
    const mark = segments.mark();
    expect(mark).toEqual({ body: 3, big: 1, borrowed: true });
    segments.addOwned(filled(4, 3));
    segments.addBorrowed(filled(BIG_SEGMENT, 4));
    segments.addOwned(filled(BIG_SEGMENT + 5, 4));
    segments.rollback(mark);
    expect(segments).toMatchObject({ bodyLength: 3, byteLength: 3 + BIG_SEGMENT, borrowed: true });
    expect(segments.big).toHaveLength(1);
    expect(segments.addOwned(filled(1, 5))).toEqual([3, 1]);
    expect(bodyOf(segments)).toEqual([1, 1, 1, 5]);
  });

  it('borrows nothing any more when what it had borrowed was rolled back', () => {
    const segments = new Segments();
    const mark = segments.mark();
    expect(mark).toEqual({ body: 0, big: 0, borrowed: false });
    segments.addBorrowed(filled(BIG_SEGMENT, 1));
    segments.rollback(mark);
    expect(segments).toMatchObject({ byteLength: 0, borrowed: false, big: [] });
  });

  it('begins again when it is cleared, and what was made of it stays', () => {
    const segments = new Segments();
    segments.addOwned(filled(3, 1));
    segments.addBorrowed(filled(BIG_SEGMENT, 2));
    const { big } = segments;
    segments.clear();
    expect(segments).toMatchObject({ bodyLength: 0, byteLength: 0, borrowed: false, big: [] });
    expect(big).toHaveLength(1);
    expect(segments.addOwned(filled(2, 8))).toEqual([0, 2]);
    expect(bodyOf(segments)).toEqual([8, 8]);
    expect(segments.addBorrowed(filled(BIG_SEGMENT, 3))).toBe(0);
  });

  it('refuses a body that no frame can have', () => {
    const segments = new Segments();
    segments.rollback({ body: MAX_BODY, big: 0, borrowed: false });
    expect(() => segments.addOwned(filled(1, 1))).toThrow(
      new RangeError(`The body of one frame is limited to ${MAX_BODY} bytes; send fewer values in one frame.`),
    );
    expect(segments.bodyLength).toBe(MAX_BODY);
  });
});

describe('ReceivedSegments', () => {
  const body = Uint8Array.from([1, 2, 3, 4]);

  it('gives views of the body, up to its end', () => {
    const received = new ReceivedSegments(body, []);
    expect([...received.take([0, 4])]).toEqual([1, 2, 3, 4]);
    expect([...received.take([1, 2])]).toEqual([2, 3]);
    expect([...received.take([4, 0])]).toEqual([]);
    expect(received.take([1, 2]).buffer).toBe(body.buffer);
  });

  it('gives a copy of a small piece to who wants to own it, and a big one itself', () => {
    const big = filled(10, 7);
    const received = new ReceivedSegments(body, [big]);
    const own = received.own([1, 2]);
    expect([...own]).toEqual([2, 3]);
    expect(own.buffer).not.toBe(body.buffer);
    expect(own.buffer.byteLength).toBe(2);
    expect(received.own(0)).toBe(big);
  });

  it('gives a big piece once', () => {
    const received = new ReceivedSegments(body, [filled(1, 1), filled(2, 2)]);
    expect(received.take(1)).toHaveLength(2);
    expect(() => received.take(1)).toThrow(new ProtocolError('The frame has no segment 1, or two values claim it.'));
    expect(received.take(0)).toHaveLength(1);
    expect(() => received.own(2)).toThrow(/^The frame has no segment 2/);
  });

  it.each([
    ['[2,3]'],
    ['[5,0]'],
    ['[-1,2]'],
    ['[0,-1]'],
    ['[0.5,1]'],
    ['[0,1.5]'],
    ['["0",1]'],
    ['[0,"1"]'],
    ['[0]'],
    ['"01"'],
    ['null'],
    ['{"0":0,"1":1}'],
  ])('has no bytes at %s', (ref) => {
    expect(() => new ReceivedSegments(body, []).take(JSON.parse(ref))).toThrow(
      new ProtocolError(`The frame refers to bytes that it does not have: ${ref}.`),
    );
  });
});

it.each<[unknown, boolean]>([
  [0, true],
  [1, true],
  [constants.MAX_LENGTH, true],
  [constants.MAX_LENGTH + 1, false],
  [-1, false],
  [0.5, false],
  [Number.NaN, false],
  ['1', false],
  [null, false],
])('%s as a length: %s', (value, isOne) => {
  expect(isLength(value)).toBe(isOne);
});
