/** In which order calls run in a worker, and when their results leave. */
import './clock.ts';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { SerializationError, TaskNotFoundError } from '../../../runtime/errors.ts';
import { CallForm, type TaskRef } from '../../../runtime/wire/messages.ts';
import { Reporter, SLICE_MS } from '../../../runtime/worker/reporter.ts';
import { Runner } from '../../../runtime/worker/runner.ts';
import './clock-back.ts';
import { call, chunk, exported, inline, newKey, plainChunk, primitiveCall } from './calls.ts';
import { advance, time } from './clock.ts';
import { openPipe, type Pipe } from './pipe.ts';

/** Functions given by their source are evaluated in the global scope: that is where they meet a test. */
const shared = globalThis as unknown as {
  mutateTest?: { advance(ms: number): void; log: unknown[]; open: Record<string, () => void> };
};

/** Waits for the test; keeps its argument as the name of the gate. */
const HOLD = '(name) => new Promise((open) => { mutateTest.open[name] = () => open(name); })';
const ECHO = '(value) => value';
const LOG = '(value) => { mutateTest.log.push(value); return value; }';
const TAKE = '(ms) => { mutateTest.advance(ms); return ms; }';
const THROW = '(text) => { throw new RangeError(text); }';

let log: unknown[];
let counts: { callsDone: number };
let pipe: Pipe;
let runner: Runner;

beforeEach(() => {
  log = [];
  counts = { callsDone: 0 };
  pipe = openPipe();
  runner = new Runner(new Reporter(pipe.fd), counts);
  shared.mutateTest = { advance, log, open: {} };
  onTestFinished(() => {
    delete shared.mutateTest;
  });
});

const open = (name: string): void => shared.mutateTest!.open[name]!();

/** All promise jobs that are due, and the immediates. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Makes a function known, so that a call of it is no longer its first. */
async function known(source: string): Promise<TaskRef> {
  const key = newKey();
  const before = new Runner(new Reporter(openPipe().fd), { callsDone: 0 });
  before.add(plainChunk(0, inline(source, key), []));
  before.run();
  await turn();
  return key;
}

const values = (): unknown[] => pipe.told().map(({ outcome }) => (outcome.kind === 'result' ? outcome.value : outcome));

describe('calls', () => {
  it('run in the order in which they came, each to its end, and are counted', () => {
    const ref = inline(LOG);
    for (const id of [1, 2, 3]) runner.add(primitiveCall(id, ref, id));
    expect([log, counts.callsDone]).toEqual([[], 0]);
    runner.run();
    expect(log).toEqual([1, 2, 3]);
    expect(pipe.told().map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(counts.callsDone).toBe(3);
  });

  it('get their arguments, one that is a primitive or any', () => {
    const ref = inline('(...args) => [args.length, ...args]');
    runner.add(primitiveCall(1, ref, 'one'));
    runner.add(call(2, ref, { a: 1 }, undefined));
    runner.add(call(3, ref));
    runner.run();
    expect(values()).toEqual([[1, 'one'], [2, { a: 1 }, undefined], [0]]);
  });

  it('that throw fail alone, and are counted', () => {
    runner.add(primitiveCall(1, inline(THROW), 'no'));
    runner.add(primitiveCall(2, inline(ECHO), 'yes'));
    runner.run();
    expect(pipe.told().map(({ outcome }) => outcome)).toEqual([
      { kind: 'exception', error: new RangeError('no') },
      { kind: 'result', value: 'yes' },
    ]);
    expect(counts.callsDone).toBe(2);
  });

  it('whose arguments cannot be built again fail as that, and the function does not run', () => {
    const { segments } = call(0, 0);
    runner.add({ id: 1, ref: inline(LOG), form: CallForm.args, value: 'in no known form', segments });
    runner.run();
    expect(log).toEqual([]);
    expect(pipe.error()).toBeInstanceOf(SerializationError);
    expect((pipe.error() as SerializationError).side).toBe('argument');
  });

  it('of a function that nobody named fail as that', () => {
    runner.add(primitiveCall(1, newKey(), 1));
    runner.run();
    expect(pipe.error()).toBeInstanceOf(TaskNotFoundError);
    expect(counts.callsDone).toBe(1);
  });

  it('take the time of the function', () => {
    runner.add(primitiveCall(1, inline(TAKE), 2));
    runner.run();
    expect(pipe.told()).toMatchObject([{ micros: 2_000 }]);
  });

  it('that come while nothing runs wait for the next run', () => {
    const ref = inline(LOG);
    runner.add(primitiveCall(1, ref, 1));
    runner.run();
    runner.add(primitiveCall(2, ref, 2));
    expect(log).toEqual([1]);
    runner.run();
    runner.run();
    expect(log).toEqual([1, 2]);
  });
});

describe('an asynchronous call', () => {
  it('keeps the next from starting until it has ended, and is counted then', async () => {
    runner.add(primitiveCall(1, inline(HOLD), 'gate'));
    runner.add(primitiveCall(2, inline(LOG), 'next'));
    runner.run();
    runner.add(primitiveCall(3, inline(LOG), 'last'));
    runner.run();
    await turn();
    expect([log, counts.callsDone]).toEqual([[], 0]);
    open('gate');
    await turn();
    expect(log).toEqual(['next', 'last']);
    expect(values()).toEqual(['gate', 'next', 'last']);
    expect(counts.callsDone).toBe(3);
  });

  it('that rejects fails alone', async () => {
    runner.add(primitiveCall(1, inline('async (text) => { throw new RangeError(text); }'), 'no'));
    runner.run();
    await turn();
    expect(pipe.error()).toEqual(new RangeError('no'));
    expect(counts.callsDone).toBe(1);
  });

  it('takes the time until it has ended', async () => {
    runner.add(primitiveCall(1, inline(HOLD), 'gate'));
    runner.run();
    advance(3);
    open('gate');
    await turn();
    expect(pipe.told()).toMatchObject([{ micros: 3_000 }]);
  });

  it('does not keep the results of those before it', async () => {
    // Past the calls of a function that are watched because they are its first.
    const echo = inline(ECHO);
    for (let id = 0; id < 20; id++) runner.add(primitiveCall(id, echo, id));
    const hold = await known(HOLD);
    runner.run();
    const before = pipe.told().length;
    for (let id = 20; id < 22; id++) runner.add(primitiveCall(id, echo[0] as number, id));
    runner.add(chunk(22, inline('() => 1'), []));
    runner.add(primitiveCall(23, hold, 'gate'));
    runner.run();
    await turn();
    expect(pipe.told().length).toBe(before + 3);
    open('gate');
    await turn();
  });

  it.each([
    ['a thenable', '({ then: (done) => done(5) })', 5],
    ['a function with then', 'Object.assign(() => 1, { then: (done) => done(6) })', 6],
    ['an object whose then is no function', '({ then: 7 })', { then: 7 }],
    ['null', 'null', null],
    ['undefined', 'undefined', undefined],
  ])('%s is awaited or returned, as `await` does', async (_name, source, value) => {
    runner.add(call(1, inline(`() => (${source})`)));
    runner.run();
    await turn();
    expect(pipe.value()).toEqual(value);
  });

  it('a text is no thenable, whatever its prototype says', async () => {
    Object.defineProperty(String.prototype, 'then', {
      value: (done: (_: string) => void) => done('awaited'),
      configurable: true,
    });
    onTestFinished(() => void Reflect.deleteProperty(String.prototype, 'then'));
    runner.add(call(1, inline("() => 'text'")));
    runner.run();
    await turn();
    expect(pipe.value()).toBe('text');
  });
});

describe('the first call of a function of a module', () => {
  const module = new URL('../../fixtures/mutate-tasks.mjs', import.meta.url).href;

  it('waits for the module and then runs; later ones run at once', async () => {
    const key = newKey();
    runner.add(primitiveCall(1, exported(module, 'twice', key), 4));
    runner.add(call(2, key, 5));
    runner.run();
    while (counts.callsDone < 2) await turn();
    expect(values()).toEqual([8, 10]);
    runner.add(primitiveCall(3, key, 6));
    runner.run();
    expect(values()).toEqual([8, 10, 12]);
  });

  it('does not take the time of the load', async () => {
    runner.add(primitiveCall(1, exported(module, 'twice'), 4));
    runner.run();
    advance(50);
    while (counts.callsDone < 1) await turn();
    expect(pipe.told()).toMatchObject([{ micros: 0 }]);
  });

  it('fails where there is no such function', async () => {
    runner.add(primitiveCall(1, exported(module, 'thrice'), 4));
    runner.run();
    while (counts.callsDone < 1) await turn();
    expect(pipe.error()).toBeInstanceOf(TaskNotFoundError);
  });

  it('fails every item of a chunk where there is no such function', async () => {
    runner.add(plainChunk(1, exported(module, 'thrice'), [1, 2]));
    runner.run();
    while (counts.callsDone < 1) await turn();
    const items = pipe.value() as readonly { kind: string; error: unknown }[];
    expect(items.map(({ kind, error }) => [kind, error instanceof TaskNotFoundError])).toEqual([
      ['exception', true],
      ['exception', true],
    ]);
  });

  it('runs every item of a chunk once the module is loaded', async () => {
    runner.add(plainChunk(1, exported(module, 'twice'), [1, 2]));
    runner.run();
    while (counts.callsDone < 1) await turn();
    expect(pipe.value()).toEqual([2, 4].map((value) => ({ kind: 'result', value })));
  });
});

describe('a chunk', () => {
  it('runs its items one after the other, and is one call', () => {
    runner.add(plainChunk(1, inline(LOG), [1, 2, 3]));
    runner.run();
    expect(log).toEqual([1, 2, 3]);
    expect(pipe.value()).toEqual([1, 2, 3].map((value) => ({ kind: 'result', value })));
    expect(counts.callsDone).toBe(1);
  });

  it('of primitives runs an item that is null', () => {
    runner.add(plainChunk(1, inline(LOG), [1, null]));
    runner.run();
    expect(log).toEqual([1, null]);
  });

  it('leaves out an item whose arguments could not be copied', () => {
    runner.add(chunk(1, inline(LOG), [[{ a: 1 }], null, [3]]));
    runner.run();
    expect(log).toEqual([{ a: 1 }, 3]);
    expect(pipe.value()).toEqual([{ a: 1 }, 3].map((value) => ({ kind: 'result', value })));
  });

  it('takes all arguments of an item', () => {
    runner.add(chunk(1, inline('(a, b) => a - b'), [[5, 3]]));
    runner.run();
    expect(pipe.value()).toEqual([{ kind: 'result', value: 2 }]);
  });

  it('lets each item succeed or fail alone, whether it is awaited or not', async () => {
    const source = `(n) => {
      if (n === 1) throw new RangeError('at once');
      if (n === 2) return Promise.reject(new RangeError('later'));
      return n === 3 ? Promise.resolve('awaited') : n;
    }`;
    runner.add(plainChunk(1, inline(source), [0, 1, 2, 3, 4]));
    runner.run();
    await turn();
    expect(pipe.value()).toEqual([
      { kind: 'result', value: 0 },
      { kind: 'exception', error: new RangeError('at once') },
      { kind: 'exception', error: new RangeError('later') },
      { kind: 'result', value: 'awaited' },
      { kind: 'result', value: 4 },
    ]);
    expect(counts.callsDone).toBe(1);
  });

  it('takes the time of all items', () => {
    runner.add(plainChunk(1, inline(TAKE), [1, 2]));
    runner.run();
    expect(pipe.told()).toMatchObject([{ micros: 3_000 }]);
  });

  it('that nobody named fails item by item', async () => {
    runner.add(plainChunk(1, newKey(), [1, 2]));
    runner.run();
    await turn();
    const items = pipe.value() as readonly { error: unknown }[];
    expect(items.map(({ error }) => error instanceof TaskNotFoundError)).toEqual([true, true]);
  });

  it('sends the results before it first: many items are long together', () => {
    const echo = inline(ECHO);
    for (let id = 0; id < 20; id++) runner.add(primitiveCall(id, echo, id));
    runner.add(plainChunk(20, inline(TAKE), [0]));
    runner.run();
    expect(pipe.ids().slice(-2)).toEqual([[15, 16, 17, 18, 19], [20]]);
  });
});

describe('before which calls results leave', () => {
  it('each of the first sixteen of a function; the others share a frame', () => {
    const key = newKey();
    // Named in full once, and by its key from then on: one function all the same.
    for (let id = 0; id < 20; id++) runner.add(primitiveCall(id, id === 0 ? inline(ECHO, key) : key, id));
    runner.run();
    expect(pipe.ids()).toEqual([...Array.from({ length: 15 }, (_, id) => [id]), [15, 16, 17, 18, 19]]);
  });

  it('functions are watched apart', () => {
    const [one, other] = [newKey(), newKey()];
    runner.add(primitiveCall(0, inline(ECHO, one), 0));
    for (let id = 1; id < 20; id++) runner.add(primitiveCall(id, one, id));
    runner.add(primitiveCall(20, inline(ECHO, other), 20));
    for (let id = 21; id < 23; id++) runner.add(primitiveCall(id, other, id));
    runner.run();
    expect(pipe.ids().slice(-4)).toEqual([[15, 16, 17, 18, 19], [20], [21], [22]]);
  });

  it('a call is long from exactly a slice on', () => {
    // Zero, so that no rounding is between the slice and the time that passes.
    advance(-time());
    onTestFinished(() => advance(1_000));
    const key = newKey();
    runner.add(primitiveCall(0, inline(TAKE, key), SLICE_MS));
    for (let id = 1; id < 20; id++) runner.add(primitiveCall(id, key, 0));
    runner.run();
    expect(pipe.ids()).toEqual(Array.from({ length: 20 }, (_, id) => [id]));
  });

  it.each([
    ['returned', TAKE],
    ['thrown', '(ms) => { mutateTest.advance(ms); throw ms; }'],
  ])('a thousand more, after one that was long and has %s', (_how, source) => {
    const take = inline(source);
    for (let id = 0; id < 17; id++) runner.add(primitiveCall(id, take, 0));
    runner.add(primitiveCall(17, take, 0.5));
    for (let id = 18; id < 1_022; id++) runner.add(primitiveCall(id, take, 0));
    runner.run();
    const frames = pipe.ids();
    expect(frames.slice(15, 18)).toEqual([[15, 16, 17], [18], [19]]);
    expect(frames.at(-1)).toEqual([1_017, 1_018, 1_019, 1_020, 1_021]);
    expect(frames.slice(16, -1).every(({ length }) => length === 1)).toBe(true);
  });
});

describe('leaving', () => {
  it('happens at once where nothing runs', () => {
    runner.whenDone(() => log.push('left'));
    expect(log).toEqual(['left']);
  });

  it('waits for the calls that run and wait, and for their results to be written', async () => {
    runner.add(primitiveCall(1, inline(HOLD), 'gate'));
    runner.add(primitiveCall(2, inline(LOG), 'next'));
    runner.run();
    runner.whenDone(() => log.push(`left, ${pipe.told().length} told`));
    expect(log).toEqual([]);
    open('gate');
    await turn();
    expect(log).toEqual(['next', 'left, 2 told']);
  });
});
