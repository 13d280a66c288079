import { serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCulprit } from '../../../runtime/wire/culprit.ts';

const fn = () => {};
const key = {};
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
  ])('finds %s', (path, value, root) => {
    expect(() => serialize(value)).toThrow();
    expect(findCulprit(value, root)).toBe(path);
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
