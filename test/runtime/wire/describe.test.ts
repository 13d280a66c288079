import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { brief, describe as describeThrown, show, textOf } from '../../../runtime/wire/describe.ts';
import { ProtocolError, UnreadableValueError } from '../../../runtime/wire/protocol-error.ts';

const unshowable = { [inspect.custom]: () => fail() };
function fail(): never {
  throw new Error('inspected');
}

/** An error with these properties of its own. */
function errorWith(properties: { readonly [key: string]: unknown }): Error {
  const error = new Error('usual');
  for (const [key, value] of Object.entries(properties)) Object.defineProperty(error, key, { value });
  return error;
}

function errorThatHides(key: string): Error {
  return Object.defineProperty(new Error('usual'), key, { get: fail });
}

describe('show', () => {
  it('shows a value as util.inspect does, with its options', () => {
    expect(show({ a: { b: { c: 1 } } }, { depth: 0 })).toBe('{ a: [Object] }');
    expect(show({ a: { b: { c: 1 } } })).toBe('{ a: { b: { c: 1 } } }');
    expect(show('x')).toBe("'x'");
  });

  it('asks the inspection that is under way, where there is one', () => {
    const using = ((value: unknown, options: unknown) => `${value} ${JSON.stringify(options)}`) as typeof inspect;
    expect(show(5, { depth: 2 }, using)).toBe('5 {"depth":2}');
  });

  it('has words for what cannot be shown', () => {
    expect(show(unshowable)).toBe('a value that cannot be shown');
  });
});

describe('all that a thrown value says', () => {
  it.each<[string, unknown, string | RegExp]>([
    ['the stack of an error', errorWith({ stack: 'the stack' }), 'the stack'],
    ['its message where it has no stack', errorWith({ stack: undefined, message: 'said' }), 'said'],
    ['its message where its stack is empty', errorWith({ stack: '', message: 'said' }), 'said'],
    ['its message where its stack is no text', errorWith({ stack: 7, message: 'said' }), 'said'],
    ['its message where its stack cannot be read', errorThatHides('stack'), 'usual'],
    ['the error itself where it says nothing', errorWith({ stack: '', message: '' }), /Error/],
    ['a string, as a value', 'text', "'text'"],
    ['an object that only looks like an error', { stack: 's', message: 'm' }, "{ stack: 's', message: 'm' }"],
  ])('%s', (_, value, text) => {
    if (typeof text === 'string') expect(describeThrown(value)).toBe(text);
    else expect(describeThrown(value)).toMatch(text);
  });
});

describe('what a thrown value says within a sentence', () => {
  it.each<[string, unknown, string]>([
    ['the message of an error', new Error('it broke'), 'it broke'],
    ['without the full stop at its end', new Error('It broke.'), 'It broke'],
    ['and without one alone', new Error('v1.2..'), 'v1.2.'],
    ['a string as it is', 'text.', 'text'],
    ['a message that is no string, shown', errorWith({ message: { code: 1 } }), '{ code: 1 }'],
    ['any other value, shown', [1, 2], '[ 1, 2 ]'],
    ['undefined', undefined, 'undefined'],
    ['what cannot be shown', unshowable, 'a value that cannot be shown'],
  ])('%s', (_, value, text) => {
    expect(textOf(value)).toBe(text);
  });

  it('is the error, shown if that can be, where its message cannot be read', () => {
    expect(textOf(errorThatHides('message'))).toMatch(/Error|^a value that cannot be shown$/);
  });
});

describe('an error in brief', () => {
  it.each<[string, unknown, string]>([
    ['has its name', new TypeError('Wrong.'), 'TypeError: Wrong'],
    ['has a name that somebody gave it', errorWith({ name: 'Mine', message: 'm' }), 'Mine: m'],
    ['is called Error where its name is no text', errorWith({ name: 5, message: 'm' }), 'Error: m'],
    ['has no name where it is none', 'text', 'text'],
  ])('%s', (_, value, text) => {
    expect(brief(value)).toBe(text);
  });
});

it.each([ProtocolError, UnreadableValueError])('%o says its name', (Class) => {
  expect(new Class('said').name).toBe(Class.name);
});
