import { fileURLToPath } from 'node:url';
import { runInThisContext } from 'node:vm';
import { inline, tasksFrom } from 'procfutures';
import { describe, expect, it } from 'vitest';
import { fixture } from '../helpers/pool.ts';
import { expectRefusal, thrownBy, titled } from './refused.ts';

describe('tasksFrom', () => {
  it.each(titled([undefined, null, 5, 4n, true, {}, [], Symbol('module'), () => {}, Object.create(null)]))(
    'what is neither URL nor string (%s) is a TypeError',
    (_, value) => {
      expectRefusal(
        thrownBy(() => tasksFrom(value as never)),
        TypeError,
        /tasksFrom|module|url/i,
        /URL/,
        /path/i,
      );
    },
  );

  it.each(
    titled([
      '',
      './tasks.js',
      '../tasks.js',
      'tasks.js',
      'node:fs',
      'lodash',
      'http://example.org/tasks.js',
      'data:text/javascript,',
    ]),
  )('a string that is neither a file: URL nor an absolute path (%s) is a RangeError', (_, value) => {
    expectRefusal(
      thrownBy(() => tasksFrom(value as string)),
      RangeError,
      /tasksFrom|module|url/i,
      /file:/,
      /absolute/i,
    );
  });

  it.each(titled(['http://example.org/tasks.js', 'data:text/javascript,', 'node:fs'].map((text) => new URL(text))))(
    'a URL of another scheme (%s) is a RangeError',
    (_, value) => {
      expectRefusal(
        thrownBy(() => tasksFrom(value as URL)),
        RangeError,
        /file:/,
      );
    },
  );

  it('a relative string is answered with the way to write it', () => {
    expectRefusal(
      thrownBy(() => tasksFrom('./tasks.js')),
      RangeError,
      /import\.meta\.url/,
    );
  });

  it.each([
    ['a URL', fixture('crash-tasks.js')],
    ['a file: string', fixture('crash-tasks.js').href],
    ['an absolute path', fileURLToPath(fixture('crash-tasks.js'))],
  ])('%s is right, and nothing is imported in the parent', (_, module) => {
    const { double } = tasksFrom<{ double(n: number): number }>(module);
    expect(double).toBeDefined();
  });

  it('may be awaited: then is undefined', async () => {
    const references = tasksFrom<{ double(n: number): number }>(fixture('crash-tasks.js'));
    expect((references as { then?: unknown }).then).toBeUndefined();
    expect(await references).toBe(references);
  });

  it('tasks are immutable', () => {
    const { double } = tasksFrom<{ double(n: number): number }>(fixture('crash-tasks.js'));
    expect(Object.isFrozen(double)).toBe(true);
    expect(thrownBy(() => Object.assign(double, { other: 1 }))).toBeInstanceOf(TypeError);
  });
});

/** A function from its text, so that neither formatter nor test runner rewrites the form that is under test. */
const written = (text: string): unknown => runInThisContext(`(${text})`);
const memberOf = (text: string, name = 'member'): unknown => (written(`{ ${text} }`) as Record<string, unknown>)[name];
const accessor = Object.getOwnPropertyDescriptor(written('{ get member() { return 1; }, set member(_) {} }'), 'member');
const Holder = written('class Holder { static member(n) { return n; } member(n) { return n; } }') as typeof Object & {
  member: unknown;
  prototype: { member: unknown };
};

describe('inline', () => {
  it.each(titled([undefined, null, 5, 4n, 'n => n', true, {}, [], Symbol('fn'), new Proxy({}, {})]))(
    'what is no function (%s) is a TypeError',
    (_, value) => {
      expectRefusal(
        thrownBy(() => inline(value as never)),
        TypeError,
        /function/i,
      );
    },
  );

  it.each<[string, unknown]>([
    ['a native function', Math.max],
    ['a native method', Array.prototype.map],
    ['a built-in class', Map],
    ['a bound function', ((n: number) => n).bind(null)],
    ['a proxy of a function', new Proxy((n: number) => n, {})],
    ['a class', written('class Task {}')],
    ['a class without a name', written('class {}')],
    ['a derived class', written('class Task extends Object {}')],
    ['a method', memberOf('member(n) { return n; }')],
    ['an async method', memberOf('async member(n) { return n; }')],
    ['a method with a computed name', memberOf('["com" + "puted"](n) { return n; }', 'computed')],
    ['a method named async', memberOf('async(n) { return n; }', 'async')],
    ['a method of a class', Holder.prototype.member],
    ['a static method', Holder.member],
    ['a getter', accessor?.get],
    ['a setter', accessor?.set],
    ['a generator function', written('function* numbers() { yield 1; }')],
    ['an async generator function', written('async function* numbers() { yield 1; }')],
    ['a generator method', memberOf('*member() { yield 1; }')],
  ])('%s is refused at once with a TypeError that says what to write', (_, fn) => {
    expectRefusal(
      thrownBy(() => inline(fn as never)),
      TypeError,
      /inline/,
      /tasksFrom|arrow|function expression|self-contained/i,
    );
  });

  it.each<[string, unknown]>([
    ['an arrow function', written('(n) => n')],
    ['an arrow function without parentheses', written('n => n')],
    ['an arrow function whose argument is named async', written('async => async')],
    ['an async arrow function', written('async (n) => n')],
    ['an async arrow function without parentheses', written('async n => n')],
    ['an arrow function as a property', memberOf('member: (n) => n')],
    ['an arrow function with a default that looks like a body', written('(n = { a() {} }) => n')],
    ['a function expression', written('function (n) { return n; }')],
    ['a function as a property', memberOf('member: function (n) { return n; }')],
    ['a named function', written('function named(n) { return n; }')],
    ['an async function', written('async function named(n) { return n; }')],
    [
      'a function with a comment in front of its parameters',
      written('function /* of */ named /* n */ (n) { return n; }'),
    ],
    ['one whose text says native code', written('(n) => { const text = "[native code]"; return text + n; }')],
    ['one whose name begins with class', written('function classify(n) { return n; }')],
    ['one whose name begins with get', written('function getter(n) { return n; }')],
  ])('%s is right', (_, fn) => {
    expect(inline(fn as (n: number) => unknown)).toBeDefined();
  });

  it('tasks are immutable', () => {
    expect(Object.isFrozen(inline(() => 1))).toBe(true);
  });
});
