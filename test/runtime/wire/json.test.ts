import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { isJsonPrimitive, jsonCopy, jsonCopyArgs, NOT_JSON } from '../../../runtime/wire/json.ts';

const MAX_NODES = 500;
const MAX_CHARS = 2_048;

const isCopied = (value: unknown) => {
  const copy = jsonCopy(value);
  if (copy === NOT_JSON) return false;
  expect(copy).toStrictEqual(value);
  if (typeof value === 'object' && value !== null) expect(copy).not.toBe(value);
  return true;
};

it.each<[unknown, boolean]>([
  ['', true],
  ['x'.repeat(MAX_CHARS), true],
  ['x'.repeat(MAX_CHARS + 1), false],
  [true, true],
  [false, true],
  [null, true],
  [0, true],
  [-0, false],
  [-1, true],
  [0.5, true],
  [Number.MAX_VALUE, true],
  [Number.POSITIVE_INFINITY, false],
  [Number.NEGATIVE_INFINITY, false],
  [Number.NaN, false],
  [undefined, false],
  [1n, false],
  [Symbol.iterator, false],
  [() => {}, false],
  [{}, false],
  [[], false],
])('a primitive that JSON keeps, or not: case %#', (value, isKept) => {
  expect(isJsonPrimitive(value)).toBe(isKept);
});

describe('a value travels inline', () => {
  it.each<[string, unknown]>([
    ['a primitive', 'text'],
    ['an empty object', {}],
    ['an empty list', []],
    ['a list of all that JSON has', [1, 'x', null, true, [2], { a: { b: [] } }]],
    ['as many values as it may have', Array.from({ length: MAX_NODES }, (_, i) => i)],
    ['as much text as it may have', ['x'.repeat(MAX_CHARS / 2), 'x'.repeat(MAX_CHARS / 2)]],
    ['as many fractions as it may have', Array.from({ length: MAX_CHARS / 64 }, (_, i) => i + 0.5)],
    ['whole numbers of any number', Array.from({ length: 100 }, (_, i) => -i - 1)],
    ['keys as long as they may be', { ['k'.repeat(MAX_CHARS - 64)]: 0.5 }],
    ['forty objects, each once', Array.from({ length: 40 }, (_, i) => ({ i }))],
  ])('%s', (_, value) => {
    expect(isCopied(value)).toBe(true);
  });
});

describe('v8 copies a value', () => {
  const shared = {};
  const list: unknown[] = [];
  const cyclic: unknown[] = [];
  cyclic.push([cyclic]);
  const many = Array.from({ length: 40 }, (_, i) => ({ i }));
  const foreign = createContext({});
  it.each<[string, unknown]>([
    ['with one value too many', Array.from({ length: MAX_NODES + 1 }, (_, i) => i)],
    ['with one value too many, deeper', [Array.from({ length: MAX_NODES }, (_, i) => i)]],
    ['with one object too many', Array.from({ length: MAX_NODES / 2 + 1 }, () => [0])],
    ['with one character too many', ['x'.repeat(MAX_CHARS / 2), 'x'.repeat(MAX_CHARS / 2 + 1)]],
    ['with one fraction too many', Array.from({ length: MAX_CHARS / 64 + 1 }, (_, i) => i + 0.5)],
    [
      'with numbers that no register holds, too many',
      Array.from({ length: MAX_CHARS / 64 + 1 }, (_, i) => i + 2 ** 32),
    ],
    ['with keys one character too long', { ['k'.repeat(MAX_CHARS - 63)]: 0.5 }],
    ['with undefined in an object', { a: undefined }],
    ['with undefined in a list', [undefined]],
    ['with a hole', new Array(1)],
    ['with -0', [-0]],
    ['with -0 in an object', { a: -0 }],
    ['with a bigint in a list', [[1n]]],
    ['with a function', { a: () => {} }],
    ['with a date', { a: { b: new Date() } }],
    ['with an object that occurs twice', [shared, shared]],
    ['with a list that occurs twice', { a: list, b: [list] }],
    ['with an object that occurs twice, among forty', [...many, many[39]]],
    ['with an object that occurs twice, the first of forty', [...many, many[0]]],
    ['that holds itself', cyclic],
    ['of a class', new (class Mine {})()],
    ['of a class, within', [new (class Mine {})()]],
    ['without a prototype', Object.create(null)],
    ['that is a list of a class', new (class Mine extends Array {})()],
    ['that is a list with a property', Object.assign([1], { extra: 1 })],
    ['that is a proxy of an object', new Proxy({}, {})],
    ['that is a proxy of a list', [new Proxy([], {})]],
    ['that is the arguments of a call', new Function('return arguments')(1)],
    ['of another realm', runInContext('({})', foreign)],
    ['that is a list of another realm', runInContext('[]', foreign)],
  ])('%s', (_, value) => {
    expect(jsonCopy(value)).toBe(NOT_JSON);
  });
});

describe('the list of arguments', () => {
  it('is copied, whatever holds it', () => {
    expect(jsonCopyArgs([1, { a: [] }])).toStrictEqual([1, { a: [] }]);
    class Mine extends Array {}
    expect(jsonCopyArgs(Mine.of(1, 2))).toEqual([1, 2]);
    expect(jsonCopyArgs([])).toEqual([]);
  });

  it('is none where two of them share an object, or one is no JSON', () => {
    const shared = { a: 1 };
    expect(jsonCopyArgs([shared, [shared]])).toBe(NOT_JSON);
    expect(jsonCopyArgs([1, undefined])).toBe(NOT_JSON);
    expect(jsonCopyArgs(new Array(MAX_NODES + 1).fill(0))).toBe(NOT_JSON);
  });
});

it('each walk begins anew: nothing of one is left for the next, whatever its end', () => {
  const shared = { a: 1 };
  const broken = {
    get a(): never {
      throw new Error('getter');
    },
  };
  const half = new Array(MAX_NODES / 2).fill(0);
  const text = 'x'.repeat(MAX_CHARS / 2 + 1);
  for (const end of [() => jsonCopy([shared]), () => jsonCopyArgs([shared]), () => jsonCopy([shared, undefined])]) {
    end();
    expect(() => jsonCopy([shared, broken])).toThrow('getter');
    expect(() => jsonCopyArgs([shared, broken])).toThrow('getter');
    for (const value of [shared, half, [text], { [text]: 1 }, half, [text]]) expect(isCopied(value)).toBe(true);
    const objects = Array.from({ length: 40 }, () => ({}));
    expect(isCopied(objects)).toBe(true);
    expect(isCopied(objects)).toBe(true);
  }
});

it('a getter that copies in its turn finds the tables in use, and they are left as they were', () => {
  const inner: unknown[] = [];
  const value = {
    get a(): number {
      inner.push(jsonCopy({}), jsonCopyArgs([]), jsonCopy(1));
      return 1;
    },
    b: { c: 2 },
  };
  expect(jsonCopy(value)).toEqual({ a: 1, b: { c: 2 } });
  expect(inner).toEqual([NOT_JSON, NOT_JSON, 1]);
  expect(jsonCopy({})).toEqual({});
});

it('takes nothing that Object.prototype was given', () => {
  const given = Object.prototype as { given?: unknown };
  try {
    given.given = { deep: 1 };
    expect(jsonCopy({ a: 1 })).toBe(NOT_JSON);
    given.given = 1;
    expect(jsonCopy({ a: 1 })).toStrictEqual({ a: 1 });
  } finally {
    delete given.given;
  }
});
