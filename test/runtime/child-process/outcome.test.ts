/** How a call ended, from the wire: each end that a worker can tell of, and what is none. */
import { describe, expect, it } from 'vitest';
import { decodeFault, decodeOutcome, failed, uncopyableArguments } from '../../../runtime/child-process/outcome.ts';
import { SerializationError, TaskNotFoundError } from '../../../runtime/errors.ts';
import { type JsonValue, ProtocolError, ReceivedSegments, Segments } from '../../../runtime/wire/frames.ts';
import { Code } from '../../../runtime/wire/messages.ts';
import { Form } from '../../../runtime/wire/plain.ts';
import { encodeValue } from '../../../runtime/wire/value.ts';

const none = new ReceivedSegments(new Uint8Array(), []);
const encode = (value: unknown): JsonValue => encodeValue(value, new Segments());
const decode = (code: JsonValue | undefined, value?: JsonValue): ReturnType<typeof decodeOutcome> =>
  decodeOutcome(code, value, none);
const errorOf = (code: number, value: JsonValue): SerializationError => {
  const outcome = decode(code, value);
  if (outcome.kind !== 'exception') throw new Error('The call did not fail.');
  return outcome.error as SerializationError;
};

/** A graph of which v8 wrote something that it cannot read. */
const unreadable = (): [JsonValue, ReceivedSegments] => [
  [Form.graph, [0, 2]],
  new ReceivedSegments(new Uint8Array([255, 15]), []),
];

describe('an end of a call', () => {
  it('is a result, as a primitive or copied', () => {
    expect(decode(Code.primitive, 'text')).toEqual({ kind: 'result', value: 'text' });
    expect(decode(Code.result, encode({ a: 1 }))).toEqual({ kind: 'result', value: { a: 1 } });
  });

  it('is what was thrown', () => {
    expect(decode(Code.thrown, encode(new RangeError('no')))).toEqual({
      kind: 'exception',
      error: new RangeError('no'),
    });
    expect(decode(Code.thrown, encode('text'))).toEqual({ kind: 'exception', error: 'text' });
  });

  it.each([
    ['argument', 'An argument cannot be copied to another process: args[0]: no. Send plain data; '],
    ['result', 'The result cannot be copied to another process: args[0]: no. Send plain data; '],
    ['error', 'What was thrown cannot be copied to another process: args[0]: no. Send plain data; '],
  ])('is what cannot be copied: %s', (side, message) => {
    const error = errorOf(Code.uncopyable, [side, 'args[0]', encode(new Error('no'))]);
    expect(error).toBeInstanceOf(SerializationError);
    expect([error.side, error.path, error.cause]).toEqual([side, 'args[0]', new Error('no')]);
    expect(error.message).toContain(message);
    expect(error.message).toContain('functions, symbols, promises and handles stay where they are.');
  });

  it('is a function that is missing, with a cause where there is one', () => {
    const error = errorOf(Code.notFound, ['none', null]);
    expect(error).toBeInstanceOf(TaskNotFoundError);
    expect([error.message, 'cause' in error]).toEqual(['none', false]);
    expect(errorOf(Code.notFound, ['none', encode('why')]).cause).toBe('why');
  });

  it('is a chunk of ends, or of primitives', () => {
    expect(
      decode(Code.chunk, [
        [Code.primitive, 1],
        [Code.thrown, encode('no')],
      ]),
    ).toEqual({
      kind: 'result',
      value: [
        { kind: 'result', value: 1 },
        { kind: 'exception', error: 'no' },
      ],
    });
    expect(decode(Code.plainChunk, [1, null])).toEqual({
      kind: 'result',
      value: [
        { kind: 'result', value: 1 },
        { kind: 'result', value: null },
      ],
    });
  });

  it.each([
    ['a code that there is none of', 99, null],
    ['no code', undefined, null],
    ['a chunk that is no list', Code.chunk, 1],
    ['a chunk of primitives that is no list', Code.plainChunk, 'text'],
    ['a chunk whose items are no ends', Code.chunk, [1]],
    ['what cannot be copied, without saying what', Code.uncopyable, null],
    ['a missing function without a name', Code.notFound, { length: 2 }],
    ['a result in no known form', Code.result, 'form'],
    ['a reason in no known form', Code.uncopyable, ['result', 'result', 'form']],
  ])('is never %s: that is garbage', (_what, code, value) => {
    expect(() => decode(code, value as JsonValue)).toThrow(ProtocolError);
  });

  it('names the code that there is none of', () => {
    expect(() => decode(99)).toThrow('A worker reported an end of a call that does not exist: 99.');
    expect(() => decode(Code.chunk, 1)).toThrow('A worker sent a message of the wrong shape.');
  });
});

describe('what v8 cannot read again', () => {
  it.each([
    ['result', Code.result],
    ['error', Code.thrown],
  ])('fails its call as its %s', (side, code) => {
    const outcome = decodeOutcome(code, ...unreadable()) as { kind: string; error: SerializationError };
    expect([outcome.kind, outcome.error.side, outcome.error.path]).toEqual(['exception', side, side]);
    expect(outcome.error).toBeInstanceOf(SerializationError);
    expect(outcome.error.message).toBe(`The ${side} of the call arrived, but could not be built again here.`);
    expect(outcome.error.cause).toBeInstanceOf(Error);
  });

  it('is itself the reason, where it should have been one', () => {
    const [reason, segments] = unreadable();
    const outcome = decodeOutcome(Code.uncopyable, ['result', 'result', reason], segments);
    expect((outcome as { error: SerializationError }).error.cause).toBeInstanceOf(Error);
  });
});

describe('the error that ends a worker', () => {
  it('is what was thrown, as it was', () => {
    expect(decodeFault([Code.thrown, encode(new RangeError('no'))], none)).toEqual(new RangeError('no'));
  });

  it('is none, where a result was sent in its place', () => {
    expect(decodeFault([Code.primitive, 1], none)).toBe(undefined);
    expect(() => decodeFault(1, none)).toThrow(ProtocolError);
  });
});

it('arguments that cannot be copied are named by their place, under the name that they have for the caller', () => {
  const args = [1, { deep: () => 1 }];
  const cause = new Error('no');
  expect(uncopyableArguments(args, cause)).toMatchObject({ side: 'argument', path: 'args[1].deep', cause });
  expect(uncopyableArguments(args, cause, 'initArgs').path).toBe('initArgs[1].deep');
  expect(failed(cause)).toEqual({ kind: 'exception', error: cause });
});
