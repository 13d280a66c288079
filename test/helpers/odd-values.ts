import { inspect } from 'node:util';

/** Values that a program may throw, and that throw in their turn when somebody looks at them for words. */
export const oddValues: Readonly<Record<string, () => unknown>> = {
  'an object whose inspection throws': () => uninspectable(),
  'an object without a prototype': () => Object.create(null),
  'a proxy whose traps throw': () =>
    new Proxy(
      {},
      { get: refuse, has: refuse, getPrototypeOf: refuse, ownKeys: refuse, getOwnPropertyDescriptor: refuse },
    ),
  'an error whose message getter throws': () => withProperty('message', { get: refuse }),
  'an error whose message cannot be inspected': () => withProperty('message', { value: uninspectable() }),
  'an error whose stack getter throws': () => withProperty('stack', { get: refuse }),
  'an error whose stack is a number': () => withProperty('stack', { value: 42 }),
  'an error whose name getter throws': () => withProperty('name', { get: refuse }),
  'an error whose name is a symbol': () => withProperty('name', { value: Symbol('name') }),
  'an error whose name has no text': () => withProperty('name', { value: Object.create(null) }),
};

/** For `it.each`. */
export const oddKinds = Object.entries(oddValues);

function refuse(): never {
  throw new Error('it does not let itself be looked at');
}

function uninspectable(): object {
  return { [inspect.custom]: refuse };
}

function withProperty(key: string, descriptor: PropertyDescriptor): Error {
  return Object.defineProperty(new Error('odd'), key, { configurable: true, ...descriptor });
}
