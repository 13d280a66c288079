/** What arrives that no correct peer has sent, and what is built of what one has: form by form. */
import { describe, expect, it } from 'vitest';
import { decodeErrors, encodeErrors, isError } from '../../../runtime/wire/error-envelope.ts';
import { decodeGraph, encodeGraph } from '../../../runtime/wire/graph.ts';
import * as messages from '../../../runtime/wire/messages.ts';
import { ProtocolError, UnreadableValueError } from '../../../runtime/wire/protocol-error.ts';
import { BIG_SEGMENT, type JsonValue, ReceivedSegments, Segments } from '../../../runtime/wire/segments.ts';
import { decodeArgs, decodeValue, encodeArgs, encodeThrown, encodeValue } from '../../../runtime/wire/value.ts';

const NOTHING = new ReceivedSegments(new Uint8Array(0), []);
const NO_ERROR = new ProtocolError('An error arrived in no known form.');

/** One error as it lies on the wire; `[value]` is a value that JSON keeps. */
function decodeOne(classes: readonly unknown[], properties: readonly unknown[] = []): Error {
  return decodeErrors([[classes, properties]] as unknown as JsonValue, NOTHING)[0] as Error;
}

/** What the other side received. */
function received(segments: Segments): ReceivedSegments {
  const body = Buffer.alloc(segments.bodyLength);
  segments.copyBody(body, 0);
  return new ReceivedSegments(body, [...segments.big]);
}

describe('errors', () => {
  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['a number', 1],
    ['an object', {}],
    ['a list of numbers', [1]],
    ['an error without classes', [['Error', []]]],
    ['an error without properties', [[['Error']]]],
    ['an error whose properties are none', [[['Error'], {}]]],
    ['a property that is none', [[['Error'], ['a']]]],
    ['a property whose name is none', [[['Error'], [[1, 0, [1]]]]]],
    ['a property without a value', [[['Error'], [['a', 0]]]]],
    ['a property with more than a value', [[['Error'], [['a', 0, [1], 1]]]]],
    ['one that is right and one that is wrong', [[['Error'], []], 1]],
    ['one property that is right and one that is wrong', [[['Error'], [['a', 0, [1]], ['b']]]]],
  ])('are refused: %s', (_, encoded) => {
    expect(() => decodeErrors(encoded as JsonValue, NOTHING)).toThrow(NO_ERROR);
  });

  it('are refused where one refers to what did not arrive', () => {
    for (const number of [1, -1, '0', null])
      expect(() => decodeErrors([[['Error'], [['cause', 0, [5, number]]]]] as never, NOTHING)).toThrow(
        new ProtocolError('An error refers to one that did not arrive.'),
      );
    expect(() => decodeOne(['Error'], [['cause', 0, [9, 9]]])).toThrow('A value arrived in no known form.');
  });

  it('are of the first class that there is here', () => {
    expect(Object.getPrototypeOf(decodeOne(['NoSuchError', 'RangeError', 'Error']))).toBe(RangeError.prototype);
    for (const classes of [[], ['NoSuchError'], ['Object'], ['parseInt'], ['undefined'], [5], [null]])
      expect(Object.getPrototypeOf(decodeOne(classes))).toBe(Error.prototype);
  });

  it('are of no class that throws when it is asked for', () => {
    Object.defineProperty(globalThis, 'TrapError', {
      configurable: true,
      get: () => {
        throw new Error('global');
      },
    });
    try {
      expect(Object.getPrototypeOf(decodeOne(['TrapError', 'TypeError']))).toBe(TypeError.prototype);
    } finally {
      Reflect.deleteProperty(globalThis, 'TrapError');
    }
  });

  it('have the properties that were sent, as they were, and no stack of this process', () => {
    const error = decodeOne(
      ['TypeError'],
      [
        ['a', 1, [1]],
        ['b', 0, [null]],
        ['c', 2, 0],
      ],
    );
    const flags = { writable: true, configurable: true };
    expect(Object.getOwnPropertyDescriptors(error)).toEqual({
      a: { value: 1, enumerable: true, ...flags },
      b: { value: null, enumerable: false, ...flags },
      c: { value: undefined, enumerable: false, ...flags },
    });
  });

  it('have no name of their own where the class says it, unless that was to be seen', () => {
    expect(Object.hasOwn(decodeOne(['TypeError'], [['name', 0, ['TypeError']]]), 'name')).toBe(false);
    expect(Object.hasOwn(decodeOne(['TypeError'], [['name', 1, ['TypeError']]]), 'name')).toBe(true);
    expect(decodeOne(['TypeError'], [['name', 0, ['Mine']]]).name).toBe('Mine');
    expect(decodeOne(['TypeError'], [['name', 0, [5]]]).name).toBe(5);
    expect(decodeOne(['TypeError'], [['name', 0, 0]]).name).toBe(undefined);
  });

  it('leave the limit of stacks as it was', () => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 7;
    try {
      decodeOne(['Error']);
      expect(Error.stackTraceLimit).toBe(7);
    } finally {
      Error.stackTraceLimit = limit;
    }
  });

  it('may be DOMExceptions, with what is missing empty and what is no text as a property', () => {
    const empty = decodeOne(['DOMException']);
    expect(empty).toBeInstanceOf(DOMException);
    expect([empty.message, empty.name, empty.stack]).toEqual(['', '', undefined]);
    expect(Object.hasOwn(empty, 'name')).toBe(false);
    const odd = decodeOne(
      ['DOMException'],
      [
        ['message', 0, [{ a: 1 }]],
        ['name', 0, ['AbortError']],
      ],
    ) as DOMException;
    expect([odd.message, odd.name, odd.code]).toEqual([{ a: 1 }, 'AbortError', 20]);
  });

  it('cross once, the given ones first, however often they are given or referred to', () => {
    const [one, two] = [new Error('one'), new Error('two')];
    one.cause = two;
    const encoded = encodeErrors([one, two, one], new Segments());
    expect(encoded).toHaveLength(2);
    const errors = decodeErrors(encoded, NOTHING);
    expect(errors.map(({ message }) => message)).toEqual(['one', 'two']);
    expect(errors[0]?.cause).toBe(errors[1]);
  });

  it.each<[string, unknown, boolean]>([
    ['an error', new RangeError('e'), true],
    ['what inherits from an error', Object.create(Error.prototype), true],
    ['what looks like one', { name: 'Error', message: 'm', stack: 's' }, false],
    ['null', null, false],
    ['a class', Error, false],
    ['a string', 'Error', false],
    [
      'a proxy that throws',
      new Proxy(
        {},
        {
          getPrototypeOf: () => {
            throw new Error('trap');
          },
        },
      ),
      false,
    ],
  ])('%s: is it one?', (_, value, isOne) => {
    expect(isError(value)).toBe(isOne);
  });
});

describe('an envelope', () => {
  it('without an error in it is refused', () => {
    expect(() => decodeValue([3, []], NOTHING)).toThrow(
      new ProtocolError('An envelope arrived without an error in it.'),
    );
    expect(() => decodeValue([3, [], 1], NOTHING)).toThrow('A value arrived in no known form.');
  });

  it('is what a thrown error travels in, and a thrown value does not', () => {
    expect(encodeThrown(new Error('e'), new Segments())).toMatchObject({ ok: true, encoded: [3, [[['Error'], {}]]] });
    expect(encodeThrown('text', new Segments())).toEqual({ ok: true, encoded: ['text'].map((text) => text) });
    const refused = encodeThrown(() => {}, new Segments());
    expect(refused).toEqual({ ok: false, reason: expect.any(Error) });
  });
});

describe('the arguments of a call', () => {
  const NO_ARGS = new ProtocolError('The arguments of a call arrived in no known form.');
  const GONE = new ProtocolError('An argument refers to an error that did not arrive.');
  const ERROR = [[['Error'], []]];

  it.each<[string, unknown, ProtocolError]>([
    ['undefined', undefined, NO_ARGS],
    ['a number', 4, NO_ARGS],
    ['an empty list', [], NO_ARGS],
    ['one value that is no list', [{}], NO_ARGS],
    ['several that are no list', [4, {}], NO_ARGS],
    ['a form that is not known', [5, []], NO_ARGS],
    ['errors without the others', [3, 0, [], ERROR], NO_ARGS],
    ['errors without their places', [3, [[1]], 0, ERROR], NO_ARGS],
    ['fewer places than arguments', [3, [[1, 2]], [-1], ERROR], NO_ARGS],
    ['an error that did not arrive', [3, [[1, 2]], [-1, 1], ERROR], GONE],
    ['an error by no number', [3, [[1, 2]], [-1, '0'], ERROR], GONE],
  ])('are refused: %s', (_, encoded, why) => {
    expect(() => decodeArgs(encoded as JsonValue, NOTHING)).toThrow(why);
  });

  it('are built from each form', () => {
    expect(decodeArgs([[1, 'a']], NOTHING)).toEqual([1, 'a']);
    expect(decodeArgs([4, [[1], 0, [[2]]]], NOTHING)).toEqual([1, undefined, [2]]);
    const [first, second] = decodeArgs([3, [[7, null]], [-1, 0], ERROR] as JsonValue, NOTHING);
    expect(first).toBe(7);
    expect(second).toBeInstanceOf(Error);
  });

  it('travel in the cheapest form that keeps them', () => {
    const formOf = (args: readonly unknown[]) => (encodeArgs(args, new Segments()) as JsonValue[])[0];
    const [bytes, shared] = [new Uint8Array(2), { a: 1 }];
    expect(formOf([1, { a: 1 }])).toEqual([1, { a: 1 }]);
    expect(formOf([bytes, undefined, { a: 1 }])).toBe(4);
    expect(formOf([bytes, bytes])).toBe(1);
    expect(formOf([bytes, new Uint8Array(2)])).toBe(4);
    expect(formOf([bytes, shared, shared])).toBe(1);
    expect(formOf([bytes, new Map()])).toBe(1);
    expect(formOf([undefined, 1n])).toBe(1);
    expect(formOf([bytes, new Error('e')])).toBe(3);
  });

  it('leave no bytes behind that another form has added', () => {
    const segments = new Segments();
    const bytes = new Uint8Array(BIG_SEGMENT);
    encodeArgs([bytes, undefined, new Map()], segments);
    expect(segments.big).toHaveLength(1);
    segments.clear();
    expect(() => encodeArgs([bytes, () => {}], segments)).toThrow();
    expect(segments.byteLength).toBe(0);
    expect(() => encodeValue({ bytes, fn: () => {} }, segments)).toThrow();
    expect(segments.byteLength).toBe(0);
  });

  it('keep which error is which', () => {
    const [one, two] = [new Error('one'), new Error('two')];
    const segments = new Segments();
    const encoded = encodeArgs([two, 1, one, two, undefined], segments);
    const args = decodeArgs(encoded, received(segments)) as [Error, number, Error, Error, undefined];
    expect(args.map((arg) => (arg instanceof Error ? arg.message : arg))).toEqual(['two', 1, 'one', 'two', undefined]);
    expect(args[0]).toBe(args[3]);
  });
});

describe('a graph', () => {
  const refs = (value: unknown) => encodeGraph(value, new Segments()).slice(1);
  const large = () => new ArrayBuffer(BIG_SEGMENT);

  it.each<[string, unknown, number]>([
    ['at the top', large(), 1],
    ['in a property', { data: large(), other: large() }, 2],
    ['in a list', [large()], 1],
    ['two steps below the top', [{ data: large() }], 1],
    ['three steps below', [[{ data: large() }]], 0],
    ['twice', [[large()]].flatMap(([it]) => [it, it]), 1],
    ['too small', [new ArrayBuffer(BIG_SEGMENT - 1)], 0],
    ['of a class', Object.assign(new (class Mine {})(), { data: large() }), 0],
    ['in a getter', Object.defineProperty({}, 'data', { get: large, enumerable: true }), 0],
    ['behind 63 others', [...new Array(63).fill(0), large()], 1],
    ['behind 64 others', [...new Array(64).fill(0), large()], 0],
  ])('takes large buffers out of the way: %s', (_, value, count) => {
    expect(refs(value)).toEqual(Array.from({ length: count }, (_, i) => i));
  });

  it('holds small views itself and leaves large ones beside it', () => {
    const segments = new Segments();
    const value = [new Uint8Array(BIG_SEGMENT - 1).fill(1), new Uint8Array(BIG_SEGMENT).fill(2)];
    const encoded = encodeGraph(value, segments);
    expect(segments.big.map(({ byteLength }) => byteLength)).toEqual([BIG_SEGMENT, expect.any(Number)]);
    expect(decodeGraph(encoded, received(segments))).toEqual(value);
  });

  it.each<[string, unknown, string]>([
    ['shared memory in a view', new Uint8Array(new SharedArrayBuffer(1)), ''],
    ['an object of native code', [new Blob([])], '#<Blob> could not be cloned.'],
    ['one without a class', [Object.setPrototypeOf(new Blob([]), null)], '#<Object> could not be cloned.'],
  ])('%s', (_, value, why) => {
    if (why === '') expect(() => encodeGraph(value, new Segments())).not.toThrow();
    else expect(() => encodeGraph(value, new Segments())).toThrow(why);
  });

  it('that v8 cannot read is unreadable, with the reason of v8', () => {
    const garbage = new ReceivedSegments(Uint8Array.of(255, 15, 200), []);
    const refused = attempt(() => decodeGraph([[0, 3]], garbage));
    expect(refused).toBeInstanceOf(UnreadableValueError);
    expect((refused as Error).message).toMatch(/^A value was copied by the other process but cannot be built here\. /);
    expect((refused as Error).message).toMatch(
      /again from its own cause, or does the other process run a newer Node\?$/,
    );
    expect((refused as Error).cause).toBeInstanceOf(Error);
    expect(attempt(() => decodeGraph([[0, 9]], garbage))).toBeInstanceOf(ProtocolError);
  });
});

function attempt(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}

it('the words and numbers of the protocol are these, on both sides and in every process', () => {
  expect({ ...messages }).toEqual({
    BOOT: 'boot',
    CALLS: 'calls',
    STOP: 'stop',
    READY: 'ready',
    RESULTS: 'results',
    FAULT: 'fault',
    CallForm: { args: 0, primitive: 1, chunk: 2, plainChunk: 3 },
    Code: { result: 0, thrown: 1, uncopyable: 2, notFound: 3, chunk: 4, plainChunk: 5, primitive: 6 },
    STRIDE: 4,
  });
});
