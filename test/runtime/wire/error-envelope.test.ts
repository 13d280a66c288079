import { types } from 'node:util';
import { createContext, runInContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_ERROR_DEPTH } from '../../../runtime/wire/error-envelope.ts';
import { tripThrown } from './frame-trip.ts';

/** The error on the other side, typed as the one that was thrown. */
const trip = <E extends Error>(error: E) => tripThrown(error) as E;

const layout = (error: Error) =>
  Object.fromEntries(
    Object.entries(Object.getOwnPropertyDescriptors(error)).map(([key, { enumerable }]) => [key, enumerable]),
  );

describe('a thrown error', () => {
  it.each([Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError])(
    'arrives as an instance of its own class: %o',
    (Class) => {
      const error = new Class('message', { cause: 'cause' });
      const arrived = trip(error);
      expect(Object.getPrototypeOf(arrived)).toBe(Class.prototype);
      expect(types.isNativeError(arrived)).toBe(true);
      expect(arrived).toMatchObject({ name: error.name, message: 'message', cause: 'cause', stack: error.stack });
      expect(layout(arrived)).toEqual(layout(error));
    },
  );

  it('of a class of its own arrives as the nearest global class, under its own name', () => {
    class ValidationError extends TypeError {
      override name = 'ValidationError';
      field = 'age';
    }
    const arrived = trip(new ValidationError('bad'));
    expect(Object.getPrototypeOf(arrived)).toBe(TypeError.prototype);
    expect(arrived).toMatchObject({ name: 'ValidationError', message: 'bad', field: 'age' });
    expect(arrived.stack).toContain('error-envelope.test.ts');
  });

  it('keeps a name and a message that its class has on the prototype', () => {
    class Quiet extends Error {}
    Object.defineProperty(Quiet.prototype, 'name', { value: 'Quiet' });
    Object.defineProperty(Quiet.prototype, 'message', { get: () => 'from the prototype' });
    expect(String(trip(new Quiet()))).toBe('Quiet: from the prototype');
  });

  it('does not take a global of the same name for its class', () => {
    class Impostor extends RangeError {}
    Object.defineProperty(Impostor, 'name', { value: 'TypeError' });
    expect(Object.getPrototypeOf(trip(new Impostor('x')))).toBe(RangeError.prototype);
  });

  it('is of the next known class where its global class does not exist on this side', () => {
    class OnlyThere extends RangeError {}
    const scope = globalThis as { OnlyThere?: typeof OnlyThere };
    scope.OnlyThere = OnlyThere;
    try {
      expect(trip(new OnlyThere('x'))).toBeInstanceOf(OnlyThere);
    } finally {
      delete scope.OnlyThere;
    }
    expect(Object.getPrototypeOf(trip(new OnlyThere('x')))).toBe(RangeError.prototype);
  });

  it('keeps the errors of an AggregateError, each in full', () => {
    const error = new AggregateError([Object.assign(new TypeError('a'), { code: 1 }), 'text', { plain: true }], 'many');
    const arrived = trip(error);
    expect(arrived).toBeInstanceOf(AggregateError);
    expect(arrived.errors).toEqual(error.errors);
    expect(arrived.errors[0]).toBeInstanceOf(TypeError);
    expect(arrived.errors[0].code).toBe(1);
    expect(layout(arrived)).toEqual(layout(error));
  });

  it('keeps the place of an error of the list that cannot cross', () => {
    expect(trip(new AggregateError([new Error('a'), () => {}, 3])).errors).toEqual([new Error('a'), undefined, 3]);
  });

  it('keeps a DOMException, its code included', () => {
    const error = Object.assign(new DOMException('gone', 'AbortError'), { extra: [1] });
    const arrived = trip(error);
    expect(arrived).toBeInstanceOf(DOMException);
    expect(arrived).toMatchObject({ name: 'AbortError', message: 'gone', code: 20, extra: [1], stack: error.stack });
  });

  it('keeps the error of a failed system call', () => {
    const error = Object.assign(new Error('ENOENT: no such file'), {
      errno: -2,
      code: 'ENOENT',
      syscall: 'open',
      path: '/x',
    });
    const { errno, code, syscall, path } = trip(error);
    expect({ errno, code, syscall, path }).toEqual({ errno: -2, code: 'ENOENT', syscall: 'open', path: '/x' });
  });

  it('keeps own properties as they were: enumerable or not, undefined, of any value that can be copied', () => {
    const extra = { missing: undefined, buffer: Buffer.from('x'), large: Buffer.alloc(70_000, 1) };
    const error = Object.assign(new Error('e', { cause: undefined }), extra);
    Object.defineProperty(error, 'hidden', { value: new Map([[1, 2n]]) });
    const arrived = trip(error);
    expect(layout(arrived)).toEqual(layout(error));
    expect(arrived).toMatchObject({ missing: undefined, buffer: Buffer.from('x') });
    expect(arrived.large.equals(extra.large)).toBe(true);
    expect((arrived as unknown as { hidden: unknown }).hidden).toEqual(new Map([[1, 2n]]));
    expect('cause' in arrived && arrived.cause === undefined).toBe(true);
    expect('cause' in trip(new Error('none'))).toBe(false);
  });

  it('loses a property that cannot be copied, and no other', () => {
    const error = Object.assign(new Error('e'), {
      callback: () => {},
      nested: { promise: Promise.resolve() },
      kept: 1,
      [Symbol('s')]: 1,
    });
    Object.defineProperty(error, 'trap', {
      enumerable: true,
      get: () => {
        throw new Error('getter');
      },
    });
    Object.defineProperty(error, 'got', { enumerable: true, get: () => 'value' });
    const arrived = trip(error);
    expect(layout(arrived)).toEqual({ stack: false, message: false, kept: true, got: true });
    expect(arrived).toMatchObject({ kept: 1, got: 'value' });
  });

  it('has no stack of this process where it came without one', () => {
    const error = new Error('e');
    Reflect.deleteProperty(error, 'stack');
    expect(trip(error).stack).toBeUndefined();
    expect(trip(Object.assign(new Error('e'), { stack: 'mine' })).stack).toBe('mine');
  });

  it('keeps an own property named __proto__', () => {
    const error = Object.defineProperty(new Error('e'), '__proto__', { value: 5, enumerable: true });
    const arrived = trip(error);
    expect(Object.getPrototypeOf(arrived)).toBe(Error.prototype);
    expect(Object.getOwnPropertyDescriptor(arrived, '__proto__')?.value).toBe(5);
  });

  it('may be its own cause, and hold itself in its list', () => {
    const error: Error & { errors?: unknown[] } = new Error('e');
    error.cause = error;
    error.errors = [error];
    error.errors.push(error.errors);
    const arrived = trip(error);
    expect(arrived.cause).toBe(arrived);
    expect(arrived.errors?.[0]).toBe(arrived);
  });

  it('loses a property that v8 writes and cannot read', () => {
    const unreadable = new Error('inner');
    unreadable.cause = { again: unreadable };
    const error = Object.assign(new Error('e', { cause: [[unreadable]] }), { kept: 1 });
    expect(layout(trip(error))).toEqual({ stack: false, message: false, kept: true });
  });

  it('and its causes keep their identity among each other', () => {
    const root = new RangeError('root');
    const error = Object.assign(new Error('top', { cause: root }), { original: root });
    const arrived = trip(error);
    expect(arrived.cause).toBeInstanceOf(RangeError);
    expect(arrived.cause).toBe(arrived.original);
  });

  it('is cut at the documented depth when its chain of causes is very long', () => {
    let error = new Error('0');
    for (let i = 1; i <= 10_000; i++) error = new Error(`${i}`, { cause: error });
    let length = 0;
    for (let at: unknown = trip(error).cause; at instanceof Error; at = at.cause) length++;
    expect(length).toBe(MAX_ERROR_DEPTH);
  });

  it('of another realm arrives as an error', () => {
    const error = runInContext('Object.assign(new TypeError("far"), { code: 7 })', createContext({})) as Error;
    const arrived = trip(error);
    expect(arrived).toBeInstanceOf(Error);
    expect(arrived).toMatchObject({ name: 'TypeError', message: 'far', code: 7, stack: error.stack });
  });

  it('never fails to be encoded, whatever its traps do', () => {
    const hostile = new Proxy(new Error('e'), {
      ownKeys: () => {
        throw new Error('ownKeys');
      },
      getOwnPropertyDescriptor: () => {
        throw new Error('descriptor');
      },
    });
    expect(trip(hostile)).toBeInstanceOf(Error);
    const odd = new Error('e');
    Object.setPrototypeOf(
      odd,
      Object.create(Error.prototype, {
        constructor: {
          get: () => {
            throw odd;
          },
        },
      }),
    );
    expect(trip(odd).message).toBe('e');
  });

  it('keeps whatever JSON-like data it carries', () => {
    const data = fc.dictionary(fc.string(), fc.anything());
    fc.assert(
      fc.property(fc.string(), data, (message, properties) => {
        const arrived = trip(new Error(message, { cause: properties }));
        expect(arrived.message).toBe(message);
        expect(arrived.cause).toEqual(properties);
      }),
    );
  });
});

describe('a thrown value that is no error', () => {
  it.each([[undefined], [null], ['text'], [0], [{ code: 1, list: new Set([1]) }], [[1]], [10n]])(
    'arrives equal: %o',
    (value) => {
      expect(tripThrown(value)).toStrictEqual(value);
    },
  );

  it('that cannot be copied is reported, not thrown', () => {
    const { proxy: revoked, revoke } = Proxy.revocable({}, {});
    revoke();
    const trap = () => {
      throw new Error('trap');
    };
    const hostile = new Proxy({}, { getPrototypeOf: trap, ownKeys: trap, get: trap });
    for (const value of [() => {}, Symbol('s'), { a: () => {} }, hostile, revoked]) {
      expect(() => tripThrown(value)).toThrow('It could not be encoded.');
    }
  });
});
