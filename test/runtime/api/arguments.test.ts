/** What arguments and options are checked for, and the words for what is wrong with them. */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { bag, duration, flag, integer, timeoutOf, wrongType, wrongValue } from '../../../runtime/checks.ts';
import { resolveOptions } from '../../../runtime/options.ts';
import { checkTask } from '../../../runtime/process-pool-executor.ts';
import {
  chunkOf,
  describeTask,
  identityOf,
  inline,
  isChunk,
  isTask,
  type Task,
  tasksFrom,
} from '../../../runtime/task.ts';

const LONGEST = 2_147_483_647;

describe('a check', () => {
  it('of a whole number from 1', () => {
    for (const value of [1, 2, Number.MAX_SAFE_INTEGER]) expect(integer('it', value, () => 9)).toBe(value);
    expect(integer('it', undefined, () => 9)).toBe(9);
    for (const value of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])
      expect(() => integer('it', value, () => 9)).toThrow(
        new RangeError(`it must be an integer from 1, not ${value}.`),
      );
    for (const value of ['1', null, true, 1n])
      expect(() => integer('it', value, () => 9)).toThrow(
        new TypeError(`it must be an integer from 1, not ${inspect(value)}.`),
      );
  });

  it('of milliseconds', () => {
    for (const value of [0, 0.5, LONGEST]) expect(duration('it', value, 7)).toBe(value);
    expect(duration('it', undefined, 7)).toBe(7);
    for (const value of [-1, LONGEST + 1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => duration('it', value, 7)).toThrow(
        new RangeError(`it must be milliseconds from 0 to ${LONGEST}, not ${value}.`),
      );
    expect(() => duration('it', '5', 7)).toThrow(
      new TypeError(`it must be milliseconds from 0 to ${LONGEST}, not '5'.`),
    );
    expect(duration('it', Number.POSITIVE_INFINITY, 7, true)).toBe(Number.POSITIVE_INFINITY);
    expect(() => duration('it', -1, 7, true)).toThrow(
      new RangeError(`it must be milliseconds from 0 to ${LONGEST}, or Infinity, not -1.`),
    );
  });

  it('of a timeout', () => {
    for (const none of [undefined, {}, { timeout: undefined }, { timeout: Number.POSITIVE_INFINITY }])
      expect(timeoutOf(none, 'it()')).toBeUndefined();
    expect([timeoutOf({ timeout: 0 }, 'it()'), timeoutOf({ timeout: 5 }, 'it()')]).toEqual([0, 5]);
    expect(() => timeoutOf({ timeout: -5 }, 'it()')).toThrow(
      new RangeError(`timeout must be milliseconds from 0 to ${LONGEST}, not -5.`),
    );
    expect(() => timeoutOf({ time: 1 } as never, 'it()')).toThrow(
      new TypeError("There is no option 'time' in the options of it(); there are timeout."),
    );
  });

  it('of a yes or no', () => {
    expect([flag('it', undefined, true), flag('it', undefined, false)]).toEqual([true, false]);
    expect([flag('it', true, false), flag('it', false, true)]).toEqual([true, false]);
    for (const value of [0, 1, null, 'true'])
      expect(() => flag('it', value, true)).toThrow(new TypeError(`it must be true or false, not ${inspect(value)}.`));
  });

  it('of a bag of options', () => {
    const known = new Set(['a', 'b']);
    for (const fine of [{}, { a: 1 }, { a: 1, b: undefined }]) bag(fine, 'the bag', known);
    bag({ whatever: 1 }, 'the bag', undefined);
    for (const value of [null, undefined, 5, 'text', [], () => {}])
      expect(() => bag(value, 'the bag', known)).toThrow(
        new TypeError(`the bag must be an object, not ${inspect(value)}.`),
      );
    expect(() => bag({ c: 1 }, 'the bag', known)).toThrow(
      new TypeError("There is no option 'c' in the bag; there are a, b."),
    );
  });

  it('shows a wrong value without its depths', () => {
    expect(() => wrongType('it', 'right', { a: { b: 1 } })).toThrow(
      new TypeError('it must be right, not { a: [Object] }.'),
    );
    expect(() => wrongValue('it', 'right', [[1]])).toThrow(new RangeError('it must be right, not [ [Array] ].'));
  });
});

describe('the options of a pool', () => {
  it('have their defaults', () => {
    const { maxWorkers, ...rest } = resolveOptions();
    expect(maxWorkers).toBeGreaterThanOrEqual(1);
    expect(rest).toEqual({
      initializer: undefined,
      initArgs: [],
      maxTasksPerChild: Number.POSITIVE_INFINITY,
      prefetchHorizon: 1,
      bootTimeout: 30_000,
      killGrace: 1_000,
      workerOptions: {},
      trace: undefined,
    });
  });

  it('are taken as they are given, once', () => {
    const initArgs = [1];
    const workerOptions = { execPath: '/x/node', execArgv: ['-a'], env: { A: '1', B: undefined }, cwd: '/x' };
    const given = {
      maxWorkers: 3,
      initializer: tasksFrom('/t.js').go,
      initArgs,
      maxTasksPerChild: 5,
      prefetchHorizon: 0,
      bootTimeout: Number.POSITIVE_INFINITY,
      killGrace: 0,
      workerOptions: { ...workerOptions, stdio: ['ignore', 'inherit', 'pipe'] as const },
      trace: () => {},
    };
    const resolved = resolveOptions(given as never);
    expect(resolved).toEqual(given);
    initArgs.push(2);
    workerOptions.execArgv.push('-b');
    workerOptions.env.A = '2';
    expect(resolved.initArgs).toEqual([1]);
    expect(resolved.workerOptions.execArgv).toEqual(['-a']);
    expect(resolved.workerOptions.env).toEqual({ A: '1', B: undefined });
    expect(Object.keys(resolveOptions({ workerOptions: {} }).workerOptions)).toEqual([]);
    const cwd = new URL('file:///x');
    expect(resolveOptions({ workerOptions: { cwd } }).workerOptions.cwd).toBe(cwd);
  });

  const ALL = 'maxWorkers, initializer, initArgs, maxTasksPerChild, prefetchHorizon, bootTimeout, killGrace';
  it.each<[unknown, Error]>([
    [5, new TypeError('options must be an object, not 5.')],
    [{ workers: 5 }, new TypeError(`There is no option 'workers' in options; there are ${ALL}, workerOptions, trace.`)],
    [{ maxWorkers: 0 }, new RangeError('maxWorkers must be an integer from 1, not 0.')],
    [{ maxTasksPerChild: 0 }, new RangeError('maxTasksPerChild must be an integer from 1, not 0.')],
    [{ initializer: 5 }, new TypeError('initializer must be a task made by tasksFrom() or inline(), not 5.')],
    [{ initArgs: {} }, new TypeError('initArgs must be an array, not {}.')],
    [{ trace: {} }, new TypeError('trace must be a function, not {}.')],
    [{ prefetchHorizon: -1 }, new RangeError(`prefetchHorizon must be milliseconds from 0 to ${LONGEST}, not -1.`)],
    [
      { bootTimeout: -1 },
      new RangeError(`bootTimeout must be milliseconds from 0 to ${LONGEST}, or Infinity, not -1.`),
    ],
    [{ killGrace: -1 }, new RangeError(`killGrace must be milliseconds from 0 to ${LONGEST}, not -1.`)],
    [{ workerOptions: 5 }, new TypeError('workerOptions must be an object, not 5.')],
  ])('%j are refused', (options, why) => {
    expect(() => resolveOptions(options as never)).toThrow(why);
  });

  const STDIO = "workerOptions.stdio must be 'ignore', 'inherit' or 'pipe' for each fd";
  it.each<[object, Error]>([
    [
      { shell: true },
      new TypeError("There is no option 'shell' in workerOptions; there are execPath, execArgv, env, cwd, stdio."),
    ],
    [{ execPath: 5 }, new TypeError('workerOptions.execPath must be a string, not 5.')],
    [{ execPath: '' }, new RangeError("workerOptions.execPath must be the path of a Node executable, not ''.")],
    [{ execArgv: 'a' }, new TypeError("workerOptions.execArgv must be an array of strings, not 'a'.")],
    [{ execArgv: ['a', 5] }, new TypeError("workerOptions.execArgv must be an array of strings, not [ 'a', 5 ].")],
    [{ env: 5 }, new TypeError('workerOptions.env must be an object of strings, not 5.')],
    [{ env: null }, new TypeError('workerOptions.env must be an object of strings, not null.')],
    [{ env: ['a'] }, new TypeError("workerOptions.env must be an object of strings, not [ 'a' ].")],
    [{ env: { A: 5 } }, new TypeError('workerOptions.env.A must be a string, not 5.')],
    [{ cwd: 5 }, new TypeError('workerOptions.cwd must be a path or a file: URL, not 5.')],
    [
      { cwd: new URL('http://localhost/') },
      new RangeError("workerOptions.cwd must be a file: URL, not 'http://localhost/'."),
    ],
    [{ stdio: 'pipe' }, new TypeError("workerOptions.stdio must be an array for fds 0, 1 and 2, not 'pipe'.")],
    [
      { stdio: ['pipe'] },
      new RangeError("workerOptions.stdio must be an array of three, for fds 0, 1 and 2, not [ 'pipe' ]."),
    ],
    [{ stdio: ['pipe', 1, 'pipe'] }, new TypeError(`${STDIO}, not 1.`)],
    [{ stdio: ['pipe', 'pipe', 'ipc'] }, new RangeError(`${STDIO}, not 'ipc'.`)],
  ])('workerOptions: %j are refused', (workerOptions, why) => {
    expect(() => resolveOptions({ workerOptions: workerOptions as never })).toThrow(why);
  });

  it.each(['execPath', 'execArgv', 'cwd', 'env'] as const)('workerOptions.%s has no NUL in it', (option) => {
    const bad = 'a\0b';
    const values = { execPath: bad, execArgv: ['x', bad], cwd: bad, env: { A: bad } };
    const name = option === 'env' ? 'env.A' : option;
    const why = `workerOptions.${name} must be a string without NUL characters, not 'a\\x00b'.`;
    expect(() => resolveOptions({ workerOptions: { [option]: values[option] } })).toThrow(new RangeError(why));
    if (option === 'env') expect(() => resolveOptions({ workerOptions: { env: { [bad]: '' } } })).toThrow(RangeError);
  });
});

describe('a task', () => {
  it('of a module has its URL and its name, and is one object for one name', () => {
    const tasks = tasksFrom('/some/where.js');
    const { go } = tasks as unknown as { go: Task };
    expect(go).toEqual({ module: 'file:///some/where.js', name: 'go', source: undefined });
    expect(tasks.go).toBe(go);
    expect(tasksFrom('file:///some/../some/where.js').go).toEqual(go);
    expect(tasksFrom(new URL('file:///some/where.js')).go).toEqual(go);
    expect([isTask(go), isTask({ ...go }), isTask(null), isTask(() => {}), isTask(undefined)]).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it('is found by any name but then, and the object of them cannot be changed', () => {
    const tasks = tasksFrom('/some/where.js') as Record<string | symbol, unknown>;
    expect([tasks.then, tasks[Symbol.iterator]]).toEqual([undefined, undefined]);
    expect(['go' in tasks, 'then' in tasks, Symbol.iterator in tasks]).toEqual([true, false, false]);
    expect(Reflect.set(tasks, 'go', 1)).toBe(false);
    expect(Reflect.defineProperty(tasks, 'go', { value: 1 })).toBe(false);
    expect(Reflect.deleteProperty(tasks, 'go')).toBe(false);
  });

  // Put together: whatever bundles this file may replace the words for the URL of a module.
  const URL_HERE = ['import', 'meta', 'url'].join('.');
  const HINT =
    `For a module beside this one, write tasksFrom(new URL('./tasks.js', ${URL_HERE})); ` +
    "in CommonJS, tasksFrom(require.resolve('./tasks.js')).";
  it.each<[unknown, string, typeof TypeError | typeof RangeError]>([
    [5, '5', TypeError],
    [undefined, 'undefined', TypeError],
    ['./tasks.js', "'./tasks.js'", RangeError],
    ['tasks.js', "'tasks.js'", RangeError],
    ['file://%', "'file://%'", RangeError],
    ['http://localhost/t.js', "'http://localhost/t.js'", RangeError],
  ])('comes of no module that is called %s', (url, shown, Kind) => {
    expect(() => tasksFrom(url as string)).toThrow(
      new Kind(`tasksFrom() takes a file: URL or an absolute path, not ${shown}. ${HINT}`),
    );
  });

  it('inline has its source and its name', () => {
    const task = inline((n: number) => n + 1) as unknown as Task;
    expect(task).toEqual({ module: undefined, name: 'anonymous', source: '(n) => n + 1' });
    expect(inline(async function named() {})).toMatchObject({ name: 'named' });
    expect(isTask(task)).toBe(true);
    expect(() => inline(5 as never)).toThrow(new TypeError('inline() takes a function, not 5.'));
  });

  const ALONE =
    'its source does not stand alone. Wrap it in an arrow function, or export it from a module and use tasksFrom().';
  it.each<[string, string, unknown]>([
    ['a native or bound function', 'max', Math.max],
    ['a native or bound function', 'bound f', function f() {}.bind(null)],
    ['a class', 'C', class C {}],
    ['a generator', 'g', function* g() {}],
    ['a method or accessor', 'm', { m() {} }.m],
    ['a function that uses import.meta', 'u', new Function('return function u() { return "import.meta"; }')()],
  ])('is not made of %s: %s', (what, name, fn) => {
    expect(() => inline(fn as never)).toThrow(new TypeError(`inline() cannot send ${what} ('${name}'): ${ALONE}`));
  });

  it('is one function, however often it was made, and has words', () => {
    const { go, stay } = tasksFrom('/some/where.js') as unknown as Record<'go' | 'stay', Task>;
    const other = (tasksFrom('/else/where.js') as unknown as { go: Task }).go;
    const make = () => inline(() => 1) as unknown as Task;
    expect(identityOf(go)).toBe(identityOf((tasksFrom('/some/where.js') as unknown as { go: Task }).go));
    expect(new Set([go, stay, other, make(), make()].map(identityOf)).size).toBe(4);
    expect(describeTask(go)).toBe("'go' of file:///some/where.js");
    expect(describeTask(make())).toBe("inline function 'anonymous'");
  });

  it('of a chunk is the same function, and is made once', () => {
    const { go } = tasksFrom('/some/where.js') as unknown as { go: Task };
    const chunk = chunkOf(go);
    expect(chunk).toEqual({ ...go, chunk: true });
    expect(chunkOf(go)).toBe(chunk);
    expect([isChunk(chunk), isChunk(go)]).toEqual([true, false]);
    expect(Object.isFrozen(chunk)).toBe(true);
  });

  it.each<[unknown, string]>([
    [5, 'The task of submit() must be made by tasksFrom() or inline(), not 5.'],
    [
      function mine() {},
      "submit() takes a task, not a function: processes share no code. Export 'mine' from a module and use " +
        'tasksFrom(url), or wrap it with inline() if it is self-contained.',
    ],
    [
      () => {},
      'submit() takes a task, not a function: processes share no code. Export it from a module and use ' +
        'tasksFrom(url), or wrap it with inline() if it is self-contained.',
    ],
  ])('is not %s', (value, why) => {
    expect(() => checkTask('submit()', value)).toThrow(new TypeError(why));
  });
});
