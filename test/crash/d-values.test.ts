import { isNativeError } from 'node:util/types';
import { type Future, type ProcessPoolExecutor, SerializationError } from 'procfutures';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { oddKinds } from '../helpers/odd-values.ts';
import { newPool } from '../helpers/pool.ts';
import { withPool } from './support.ts';
import { tasks } from './tasks.ts';

let pool: ProcessPoolExecutor;
let pid: number;

// One worker for the whole file: nothing here may cost it its life.
beforeAll(async () => {
  pool = newPool({ maxWorkers: 1 });
  pid = await pool.submit(tasks.pid);
});

afterEach(async () => {
  expect(await pool.submit(tasks.pid), 'the worker was kept').toBe(pid);
  expect(pool.stats()).toMatchObject({ spawned: 1, lost: 0, pending: 0, running: 0 });
  expect(pool.state).toBe('running');
});

afterAll(() => pool.shutdown());

/** The future fails alone: the calls around it are right, and so is the next one. */
async function expectUncopyable(
  submit: () => Future<unknown>,
  expected: { side: SerializationError['side']; path: RegExp },
): Promise<void> {
  const { failed } = pool.stats();
  const before = pool.submit(tasks.double, 1);
  const culprit = submit();
  const after = pool.submit(tasks.double, 2);
  const error = await culprit.exception();
  expect(error).toBeInstanceOf(SerializationError);
  expect(error).toMatchObject({
    name: 'SerializationError',
    code: 'ERR_PROCFUTURES_SERIALIZATION',
    side: expected.side,
  });
  expect((error as SerializationError).path).toMatch(expected.path);
  expect((error as SerializationError).message, 'the text names the culprit').toMatch(expected.path);
  expect(await Promise.all([before, after])).toEqual([2, 4]);
  expect(pool.stats().failed).toBe(failed + 1);
}

const circular = () => {
  const value: { name: string; list: unknown[] } = { name: 'loop', list: [] };
  value.list.push(value);
  return value;
};

describe('(d) results', () => {
  it.each([
    ['function', /result/],
    ['symbol', /result/],
    ['nestedFunction', /result\.items\[1\]\.callback/],
    ['promiseInside', /result\.waiting/],
    ['weakMap', /result/],
  ])('(d) a task that returns what cannot be copied (%s) fails that one future and keeps its worker', (kind, path) =>
    expectUncopyable(() => pool.submit(tasks.give, kind), { side: 'result', path }),
  );

  it('(d) a circular result arrives circular', async () => {
    const value = (await pool.submit(tasks.give, 'circular')) as ReturnType<typeof circular>;
    expect(value.name).toBe('loop');
    expect(value.list[0]).toBe(value);
  });
});

describe('(e) arguments', () => {
  it.each([
    ['a function', () => {}, /args\[0\]/],
    ['a symbol', Symbol('argument'), /args\[0\]/],
    ['a nested function', { items: [0, { callback() {} }] }, /args\[0\]\.items\[1\]\.callback/],
    ['a promise inside', { waiting: Promise.resolve(1) }, /args\[0\]\.waiting/],
    ['a function in a Map', new Map([['key', () => {}]]), /args\[0\]/],
    ['a getter that throws', Object.defineProperty({}, 'bad', { enumerable: true, get: () => fails() }), /args\[0\]/],
  ])('(e) %s as an argument fails that one future and keeps its worker', (_, argument, path) =>
    expectUncopyable(() => pool.submit(tasks.echo, argument), { side: 'argument', path }),
  );

  it('(e) an argument whose getter throws what throws in its turn fails alone, as a call and in a chunk', async () => {
    for (const [kind, make] of oddKinds) {
      const trap = Object.defineProperty({}, 'bad', {
        enumerable: true,
        get() {
          throw make();
        },
      });
      await expectUncopyable(() => pool.submit(tasks.echo, trap), { side: 'argument', path: /args\[0\]\.bad/ });
      const items = pool.map(tasks.echo, [1, trap, 3], { chunksize: 3 });
      expect(await items.next(), kind).toEqual({ value: 1, done: false });
      await expect(items.next(), kind).rejects.toMatchObject({ name: 'SerializationError', side: 'argument' });
      expect(await items.next(), kind).toEqual({ value: 3, done: false });
      expect(await items.next(), kind).toEqual({ value: undefined, done: true });
    }
  });

  it('(e) the very first call of a pool may be the culprit: the next ones run', () =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      const [bad, good] = [pool.submit(tasks.echo, () => {}), pool.submit(tasks.double, 21)];
      expect(await bad.exception()).toBeInstanceOf(SerializationError);
      expect(await good).toBe(42);
    }));

  it('(e) uncopyable and good arguments in one burst: each culprit fails alone', () =>
    withPool({ maxWorkers: 2 }, async (pool) => {
      await pool.map(tasks.echo, Array(200).fill(0)).collect(); // durations are known: calls now share frames
      const futures = Array.from({ length: 300 }, (_, index) =>
        pool.submit(tasks.echo, index % 7 === 3 ? () => index : index),
      );
      for (const [index, future] of futures.entries()) {
        if (index % 7 === 3) expect(await future.exception()).toBeInstanceOf(SerializationError);
        else expect(await future).toBe(index);
      }
    }));
});

describe('(d)(e) values that survive both ways', () => {
  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['NaN', Number.NaN],
    ['-0', -0],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['a BigInt', 2n ** 80n],
    ['a lone surrogate', '\ud800'],
    ['a Map', new Map<unknown, unknown>([[{ key: 1 }, new Set([1, 'two'])]])],
    ['a Date', new Date(0)],
    ['a RegExp', /a.b/giu],
    ['a Uint8Array', new Uint8Array([1, 2, 3])],
    ['a Float64Array', new Float64Array([Number.NaN, -0, 1.5])],
    ['a Buffer', Buffer.from('buffer')],
    ['an ArrayBuffer', new Uint8Array([1, 2]).buffer],
    ['a hole', Object.assign(Array(3), { 0: 1, 2: 3 })],
    ['an undefined property', { here: undefined, nested: [undefined] }],
    ['a property named __proto__', JSON.parse('{"__proto__": {"polluted": true}}')],
    ['a property named then', { then: 1 }],
    ['a circular value', circular()],
  ])('(d)(e) %s arrives as it is', async (_, value) => {
    const returned = await pool.submit(tasks.echo, value);
    expect(returned).toStrictEqual(value);
    if (typeof value === 'object' && value !== null) expect(returned).not.toBe(value);
    else expect(Object.is(returned, value)).toBe(true);
  });
});

describe('(f) thrown values', () => {
  it.each(['fail', 'failLater'] as const)(
    '(f) a custom Error keeps name, code, own properties and cause (%s)',
    (task) =>
      withPool({ maxWorkers: 1 }, async (pool) => {
        const error = (await pool.submit(tasks[task], 'custom').exception()) as Error;
        expect(error).toBeInstanceOf(RangeError); // the nearest global class
        expect(isNativeError(error)).toBe(true);
        expect(error).toMatchObject({ name: 'QuotaError', message: 'over quota', code: 'E_QUOTA', limit: 3 });
        expect(error.cause).toBeInstanceOf(TypeError);
        expect((error.cause as Error).message).toBe('inner');
        expect(error.stack, 'the stack is the one of the worker').toContain('crash-tasks.js');
      }),
  );

  it('(f) an AggregateError keeps its errors', async () => {
    const error = (await pool.submit(tasks.fail, 'aggregate').exception()) as AggregateError;
    expect(error).toBeInstanceOf(AggregateError);
    expect(error.message).toBe('both failed');
    expect(error.errors.map((inner: Error) => [inner.constructor, inner.message])).toEqual([
      [TypeError, 'first'],
      [SyntaxError, 'second'],
    ]);
  });

  it.each([
    ['string', 'str'],
    ['undefined', undefined],
    ['null', null],
    ['object', { code: 'E_PLAIN' }],
  ])(
    '(f) a thrown value that is no Error (%s) rejects with an equal value, and never passes for success',
    (kind, value) =>
      withPool({ maxWorkers: 1 }, async (pool) => {
        for (const task of [tasks.fail, tasks.failLater]) {
          const outcome = await pool.submit(task, kind).then(
            () => 'fulfilled',
            (reason: unknown) => ({ reason }),
          );
          expect(outcome).toStrictEqual({ reason: value });
        }
      }),
  );

  it('(f) an error with a property that cannot be copied arrives without that property', async () => {
    const error = (await pool.submit(tasks.fail, 'functionProperty').exception()) as Error;
    expect(error).toMatchObject({ name: 'Error', message: 'with a function', kept: 'kept' });
    expect(error).not.toHaveProperty('callback');
    expect(await pool.submit(tasks.double, 1)).toBe(2);
  });

  it.each(['function', 'symbol'])('(f) a thrown %s cannot be copied: that future says so, the worker is kept', (kind) =>
    expectUncopyable(() => pool.submit(tasks.fail, kind), { side: 'error', path: /./ }),
  );
});

describe('(l) large values', () => {
  const size = 100 * 2 ** 20;

  it('(l) a string of 100 MB arrives whole', { timeout: 60_000 }, async () => {
    const text = await pool.submit(tasks.bigString, size);
    expect(text.length).toBe(size);
    expect(text.at(-1)).toBe('x');
  });

  it('(l) a Buffer of 100 MB arrives whole and as a Buffer, and goes back', { timeout: 60_000 }, async () => {
    const bytes = await pool.submit(tasks.bigBuffer, size, 7);
    expect(Buffer.isBuffer(bytes)).toBe(true);
    expect(bytes.equals(Buffer.alloc(size, 7))).toBe(true);
    expect(await pool.submit(tasks.sizeOf, bytes)).toBe(size);
  });

  it('(l) a worker killed while it writes a large result breaks the pool and loses no other future', () =>
    withPool({ maxWorkers: 2 }, async (pool, stage) => {
      const pid = await pool.submit(tasks.pid);
      const large = Array.from({ length: 8 }, () => pool.submit(tasks.bigBuffer, size / 4, 1));
      const held = pool.submit(tasks.hold, stage.path, 'held');
      await large[0]; // the next ones are on their way
      if (pool.state === 'running') process.kill(pid, 'SIGKILL');
      for (const future of large) {
        const error = await future.exception();
        if (error === null) expect(future.resultNow().equals(Buffer.alloc(size / 4, 1))).toBe(true);
        else expect(error).toMatchObject({ name: 'BrokenProcessPool', pid, signal: 'SIGKILL' });
      }
      await expect(held.result()).rejects.toMatchObject({ name: 'BrokenProcessPool', pid });
    }));
});

function fails(): never {
  throw new Error('a getter that throws');
}
