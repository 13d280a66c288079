import { serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCulprit } from '../../../runtime/wire/culprit.ts';
import { UNCOPYABLE } from '../../../runtime/wire/handles.ts';

const fn = () => {};
const key = {};
const shared = { deep: [1, 2] };
const cyclic: { self?: unknown; last?: unknown } = {};
cyclic.self = cyclic;
cyclic.last = fn;
class Holder {
  blob = new Blob(['x']);
}

describe('findCulprit', () => {
  it.each<[string, unknown, string]>([
    ['args[0].callback', [{ callback: fn }], 'args'],
    ['args[1]', [1, Symbol('s')], 'args'],
    ['result', fn, 'result'],
    ['result.items[3]', { items: [1, 2, {}, fn, fn] }, 'result'],
    ['args[1].get("key")', [1, new Map([['key', fn]])], 'args'],
    ['result.get(2n).x', new Map([[2n, { x: fn }]]), 'result'],
    [
      'result.keys()[1]',
      new Map<unknown, unknown>([
        [1, 1],
        [fn, 2],
      ]),
      'result',
    ],
    ['result.values()[0]', new Map([[key, fn]]), 'result'],
    ['result.values()[2]', new Set([1, 2, fn]), 'result'],
    ['result["two words"]["ä-ö"].größe', { 'two words': { 'ä-ö': { größe: fn } } }, 'result'],
    ['result[1].extra', [0, Object.assign([1, 2], { extra: fn })], 'result'],
    ['result[2]', [{}, undefined, fn], 'result'],
    ['result.last', cyclic, 'result'],
    ['result.promise', { promise: Promise.resolve() }, 'result'],
    ['result.proxy', { proxy: new Proxy({}, {}) }, 'result'],
    ['result.a.weak', { a: { weak: new WeakMap() } }, 'result'],
    ['result.ref', { ref: new WeakRef({}) }, 'result'],
    ['result.shared', { shared: new SharedArrayBuffer(1) }, 'result'],
    ['result.holder.blob', { fine: new Date(), holder: new Holder() }, 'result'],
    ['result.generator', { generator: (function* () {})() }, 'result'],
    ['result.error.cause', { error: new Error('e', { cause: fn }) }, 'result'],
    ['result.weak', { weak: new WeakSet() }, 'result'],
    ['result.own', { own: new Function('return arguments')() }, 'result'],
    ['result.boxed', { boxed: Object(Symbol('s')) }, 'result'],
    ['result.entries', { entries: new Map().entries() }, 'result'],
    ['result.values', { values: new Set().values() }, 'result'],
    ['result.port', { port: new MessageChannel().port1 }, 'result'],
    ['result.bare.fn', { bare: Object.assign(Object.create(null), { fn }) }, 'result'],
    ['result.instance.fn', { instance: Object.assign(new (class Mine {})(), { fn }) }, 'result'],
    ['result.a', { a: fn, b: fn }, 'result'],
    ['result[0].x', [{ x: fn }, fn], 'result'],
    ['result.second', { first: shared, second: fn, third: shared }, 'result'],
    ['result.get(true)', new Map([[true, fn]]), 'result'],
    ['result.get(null)', new Map([[null, fn]]), 'result'],
    ['result.get(undefined)', new Map([[undefined, fn]]), 'result'],
    ['result.get(1)', new Map([[1, fn]]), 'result'],
    [
      'result.values()[1]',
      new Map<unknown, unknown>([
        [0, 0],
        [{}, fn],
      ]),
      'result',
    ],
    [
      'result.keys()[0].fn',
      new Map<unknown, unknown>([
        [{ fn }, fn],
        [1, 1],
      ]),
      'result',
    ],
    ['result["1a"]', { '1a': fn }, 'result'],
    ['result["5"]', { 5: fn }, 'result'],
    ['result[""]', { '': fn }, 'result'],
    ['result["a.b"]', { 'a.b': fn }, 'result'],
    ['result.$a1', { $a1: fn }, 'result'],
    ['result._', { _: fn }, 'result'],
    ['result["1x"]', Object.assign([0, 1], { '1x': fn }), 'result'],
  ])('finds %s', (path, value, root) => {
    expect(() => serialize(value)).toThrow();
    expect(findCulprit(value, root)).toBe(path);
  });

  it('finds a future or an executor, which v8 would copy as an empty object', () => {
    const handle = Object.create({ [UNCOPYABLE]: true });
    expect(findCulprit([1, handle], 'args')).toBe('args[1]');
    expect(findCulprit(handle, 'result')).toBe('result');
  });

  it('passes over an error that is the result itself, and over no other', () => {
    const error = new Error('e', { cause: fn });
    expect(findCulprit(error, 'result')).toBe('result');
    expect(findCulprit([error, fn], 'result')).toBe('result[0].cause');
    expect(findCulprit([[error], fn], 'args')).toBe('args[0][0].cause');
  });

  it('looks at nothing of an error but what v8 takes from it', () => {
    const error = Object.assign(new Error('e'), { extra: fn });
    expect(findCulprit([[error], fn], 'args')).toBe('args[1]');
    Object.defineProperty(error, 'stack', { value: { fn } });
    expect(findCulprit([[error], fn], 'args')).toBe('args[0][0].stack.fn');
  });

  it('looks into no bytes', () => {
    const bytes = Object.assign(new Uint8Array(3), { fn });
    const buffer = Object.assign(new ArrayBuffer(3), { fn });
    expect(findCulprit([bytes, buffer, fn], 'result')).toBe('result[2]');
  });

  it('asks v8 about one object of each kind, the innermost first', () => {
    class Wrapper {
      readonly inner: unknown;
      constructor(inner: unknown) {
        this.inner = inner;
      }
    }
    const blob = new Blob(['x']);
    expect(findCulprit({ outer: new Wrapper(new Wrapper(blob)) }, 'result')).toBe('result.outer.inner.inner');
    const fine = Array.from({ length: 300 }, () => new Wrapper(1));
    expect(findCulprit({ blob, fine }, 'result')).toBe('result.blob');
  });

  it('gives up after two hundred kinds', () => {
    const kinds = Array.from({ length: 199 }, () => new (class {})());
    expect(findCulprit([new Blob(['x']), ...kinds], 'result')).toBe('result[0]');
    expect(findCulprit([new Blob(['x']), new (class {})(), ...kinds], 'result')).toBe('result');
  });

  it('finds a getter that throws', () => {
    const value = {
      ok: 1,
      get broken(): never {
        throw new Error('getter');
      },
    };
    expect(findCulprit([value], 'args')).toBe('args[0].broken');
  });

  it('passes over an error that is itself an argument, which crosses in an envelope', () => {
    const error = Object.assign(new Error('e', { cause: fn }), { fn });
    expect(findCulprit([error, { fn }], 'args')).toBe('args[1].fn');
  });

  it('finds a detached view', () => {
    const view = new Uint8Array(8);
    structuredClone(view.buffer, { transfer: [view.buffer] });
    expect(findCulprit({ a: [new Uint8Array(2), view] }, 'result')).toBe('result.a[1]');
  });

  it('names the value as a whole when no part of it is to blame', () => {
    expect(findCulprit({ a: [1, new Map()] }, 'result')).toBe('result');
  });

  it('ends on values that are very large or very deep', () => {
    expect(findCulprit([new Array(500_000).fill({}), fn], 'result')).toBe('result');
    let deep: unknown = fn;
    for (let i = 0; i < 20_000; i++) deep = [deep];
    expect(findCulprit(deep, 'result')).toBe(`result${'[0]'.repeat(20_000)}`);
  });

  it('finds the one function in any tree', () => {
    const leaf = fc.letrec((tie) => ({
      tree: fc.oneof({ depthSize: 'small' }, fc.constant(fn), fc.tuple(fc.string(), tie('tree'))),
    })).tree;
    fc.assert(
      fc.property(leaf, (tree) => {
        // The pairs of the tree are steps of a path: [name, rest].
        let value: unknown = tree;
        const names: string[] = [];
        while (Array.isArray(value)) {
          names.push(value[0] as string);
          value = value[1];
        }
        const built = names.reduceRight<unknown>((inner, name) => ({ before: 1, [name]: inner }), fn);
        // The path is meant to be read as JavaScript.
        expect(new Function('root', `return ${findCulprit(built, 'root')};`)(built)).toBe(fn);
      }),
    );
  });
});
