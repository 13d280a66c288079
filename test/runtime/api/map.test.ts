/** `map` and `starmap` over an executor whose futures the test settles by hand. */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../machines/vocabulary.ts';
import { TimeoutError } from '../../../runtime/errors.ts';
import { Executor } from '../../../runtime/executor.ts';
import { Future } from '../../../runtime/future.ts';
import { mapOver } from '../../../runtime/map.ts';
import { endSource, type MapOptions, type Submitter, sourceOf } from '../../../runtime/map-plan.ts';
import { Slots } from '../../../runtime/map-slots.ts';
import { type Task, tasksFrom } from '../../../runtime/task.ts';
import { isHandle } from '../../../runtime/wire/handles.ts';
import { now } from '../../helpers/now.ts';

const { echo } = tasksFrom<{ echo(value: unknown): unknown }>('/simulated.js');
const task = echo as Task<never, unknown>;

/** What was submitted, and a submitter that does no more than note it. */
function lab(hasChunks = true) {
  const futures: Future<unknown>[] = [];
  const submitted: unknown[] = [];
  const submitter: Submitter = {
    submit: (_, args) => {
      submitted.push(args);
      const future = new Future<unknown>();
      futures.push(future);
      return future;
    },
  };
  if (hasChunks)
    submitter.submitChunk = (_, items) => {
      submitted.push({ chunk: items });
      const future = new Future<Outcome[]>();
      futures.push(future);
      return future;
    };
  const start = (items: Iterable<unknown> | AsyncIterable<unknown>, options?: MapOptions) =>
    mapOver<unknown, unknown>(submitter, 'map()', task, items, (item) => [item], options);
  return { futures, submitted, submitter, start };
}

const result = (value: unknown): Outcome => ({ kind: 'result', value });
const turn = () => new Promise(setImmediate);

/** An input that tells what is done to it. */
function input(count: number, told: string[] = []) {
  let at = 0;
  const iterator = {
    next() {
      told.push(at < count ? `${at}` : 'end');
      return at < count ? { value: at++, done: false } : { value: undefined, done: true };
    },
    return() {
      told.push('return');
      return { value: undefined, done: true };
    },
  };
  return { told, [Symbol.iterator]: () => iterator };
}

describe('an input', () => {
  it('is iterated, asynchronously where it offers both', () => {
    const both = { [Symbol.iterator]: () => 'sync', [Symbol.asyncIterator]: () => 'async' };
    expect(sourceOf(both as never, 'map()')).toEqual({ sync: undefined, async: 'async' });
    expect(sourceOf({ [Symbol.iterator]: () => 'sync' } as never, 'map()')).toEqual({ sync: 'sync' });
    expect(sourceOf('ab', 'map()')).toHaveProperty('sync');
  });

  it.each([undefined, null, 5, {}, { [Symbol.iterator]: 5 }])('is iterable: %j is not', (value) => {
    expect(() => sourceOf(value as never, 'map()')).toThrow(
      new TypeError(`The input of map() must be iterable or async iterable, not ${inspect(value)}.`),
    );
  });

  it('is told that no more is wanted, and may do what it likes then', async () => {
    const told: string[] = [];
    const fail = () => {
      throw new Error('return');
    };
    endSource({ sync: { return: () => told.push('sync') } as never });
    endSource({ sync: undefined, async: { return: () => told.push('async') } as never });
    endSource({ sync: {} as never });
    endSource({ sync: undefined, async: {} as never });
    endSource({ sync: { return: fail } as never });
    endSource({ sync: undefined, async: { return: fail } as never });
    endSource({ sync: undefined, async: { return: () => Promise.reject(new Error('later')) } as never });
    await turn();
    expect(told).toEqual(['sync', 'async']);
  });
});

describe('map', () => {
  it('submits all at once, and gives the results in the order of the items', async () => {
    const { futures, submitted, start } = lab();
    const mapped = start(['a', 'b', 'c']);
    expect(submitted).toEqual([['a'], ['b'], ['c']]);
    futures[1]?.setResult('B');
    const first = mapped.next();
    expect(await now(first)).toBe('waits');
    futures[0]?.setResult('A');
    expect(await first).toEqual({ value: 'A', done: false });
    expect(await mapped.next()).toEqual({ value: 'B', done: false });
    futures[2]?.setResult('C');
    expect(await mapped.next()).toEqual({ value: 'C', done: false });
    expect(await mapped.next()).toEqual({ value: undefined, done: true });
    expect(await mapped.next()).toEqual({ value: undefined, done: true });
    expect(mapped[Symbol.asyncIterator]()).toBe(mapped);
    expect(inspect(mapped)).toBe('MapIterator { of map(); use for await, or collect() }');
  });

  it('throws a failure where its item stands, and goes on', async () => {
    const { futures, start } = lab();
    const mapped = start([1, 2]);
    futures[0]?.setException('one');
    futures[1]?.setResult(2);
    await expect(mapped.next()).rejects.toBe('one');
    expect(await mapped.next()).toEqual({ value: 2, done: false });
    const waiting = lab();
    const later = waiting.start([1, 2]);
    const first = later.next();
    await turn();
    waiting.futures[0]?.cancel();
    await expect(first).rejects.toThrow('The future was cancelled before its call started.');
    waiting.futures[1]?.setResult(2);
    expect((await later.next()).value).toBe(2);
  });

  it('answers calls of next in their order', async () => {
    const { futures, start } = lab();
    const mapped = start([1, 2]);
    const answers = [mapped.next(), mapped.next(), mapped.next()];
    futures[1]?.setResult(2);
    futures[0]?.setResult(1);
    expect((await Promise.all(answers)).map(({ value }) => value)).toEqual([1, 2, undefined]);
  });

  it('collects everything that is left, and stops at the first failure', async () => {
    const { futures, start } = lab();
    const mapped = start([1, 2, 3]);
    for (const [place, future] of futures.entries()) future.setResult(place);
    await mapped.next();
    expect(await mapped.collect()).toEqual([1, 2]);
    const failing = lab();
    const other = failing.start([1, 2, 3]);
    failing.futures[0]?.setResult(1);
    failing.futures[1]?.setException('two');
    await expect(other.collect()).rejects.toBe('two');
    expect(failing.futures[2]?.cancelled()).toBe(true);
    const late = lab();
    const collecting = late.start([1]).collect();
    expect(await now(collecting)).toBe('waits');
    late.futures[0]?.setResult(5);
    expect(await collecting).toEqual([5]);
  });

  it('that is left cancels what has not started, the newest first, and closes its input', async () => {
    const { futures, start } = lab();
    const items = input(9);
    const mapped = start(items, { buffersize: 3 });
    const cancelled: number[] = [];
    for (const [place, future] of futures.entries()) future.addDoneCallback(() => cancelled.push(place));
    expect(items.told).toEqual(['0', '1', '2']);
    expect(await mapped.return()).toEqual({ value: undefined, done: true });
    expect(cancelled).toEqual([2, 1, 0]);
    expect(items.told.at(-1)).toBe('return');
    expect(await mapped.next()).toEqual({ value: undefined, done: true });
    await mapped.return();
    expect(items.told.filter((it) => it === 'return')).toHaveLength(1);
  });

  it('whose input has ended does not close it once more', async () => {
    const { start } = lab();
    const items = input(2);
    await start(items).return();
    expect(items.told).toEqual(['0', '1', 'end']);
  });

  it('takes so many items ahead of its reader, one for each that was read', async () => {
    const { futures, start } = lab();
    const items = input(9);
    const mapped = start(items, { buffersize: 2 });
    expect(items.told).toEqual(['0', '1']);
    futures[0]?.setResult('x');
    expect(items.told).toHaveLength(2);
    await mapped.next();
    expect(items.told).toEqual(['0', '1', '2']);
    await mapped.return();
  });

  it('gives up when its time is over, and says how much was unread', async () => {
    const { futures, start } = lab();
    const mapped = start([1, 2, 3], { timeout: 1 });
    futures[0]?.setResult(1);
    expect((await mapped.next()).value).toBe(1);
    await expect(mapped.next()).rejects.toThrow(
      new TimeoutError(
        'map() was not done after 1 ms: 2 submitted items were unread. What had not started was cancelled.',
      ),
    );
    expect(futures.slice(1).map((future) => future.cancelled())).toEqual([true, true]);
    expect(await mapped.next()).toEqual({ value: undefined, done: true });
  });

  it('has what is done before its time is asked for', async () => {
    const { futures, start } = lab();
    const mapped = start([1], { timeout: 0 });
    futures[0]?.setResult(1);
    expect((await mapped.next()).value).toBe(1);
  });
});

describe('the input of a map that fails', () => {
  function* failing(count: number) {
    for (let item = 0; item < count; item++) yield item;
    throw new Error('input');
  }

  it('in the call throws there, and what was submitted is cancelled', () => {
    const { futures, start } = lab();
    expect(() => start(failing(2))).toThrow('input');
    expect(futures.map((future) => future.cancelled())).toEqual([true, true]);
  });

  it('later throws where the next item would have stood, and ends the iteration', async () => {
    const { futures, start } = lab();
    const mapped = start(failing(2), { buffersize: 2 });
    for (const future of futures) future.setResult('r');
    expect((await mapped.next()).value).toBe('r');
    expect((await mapped.next()).value).toBe('r');
    await expect(mapped.next()).rejects.toThrow('input');
    expect(await mapped.next()).toEqual({ value: undefined, done: true });
  });

  it('asynchronously throws in its place too, with what was taken for a chunk before', async () => {
    const { futures, submitted, start } = lab();
    async function* items() {
      yield* failing(3);
    }
    const mapped = start(items(), { chunksize: 2 });
    const first = mapped.next();
    for (let i = 0; i < 5; i++) await turn();
    expect(submitted).toEqual([{ chunk: [[0], [1]] }, { chunk: [[2]] }]);
    futures[0]?.setResult([result('a'), result('b')]);
    futures[1]?.setResult([result('c')]);
    expect([(await first).value, (await mapped.next()).value, (await mapped.next()).value]).toEqual(['a', 'b', 'c']);
    await expect(mapped.next()).rejects.toThrow('input');
    expect(await mapped.next()).toEqual({ value: undefined, done: true });
  });
});

describe('an asynchronous input', () => {
  it('is taken as it comes, and a reader waits for it', async () => {
    const { futures, submitted, start } = lab();
    let give: (item: number | undefined) => void = () => {};
    const items = {
      [Symbol.asyncIterator]: () => ({
        next: () =>
          new Promise<IteratorResult<number>>((resolve) => {
            give = (value) => resolve(value === undefined ? { value, done: true } : { value, done: false });
          }),
      }),
    };
    const mapped = start(items);
    const first = mapped.next();
    expect(await now(first)).toBe('waits');
    give(7);
    await turn();
    expect(submitted).toEqual([[7]]);
    futures[0]?.setResult('seven');
    expect((await first).value).toBe('seven');
    const last = mapped.next();
    expect(await now(last)).toBe('waits');
    give(undefined);
    expect(await last).toEqual({ value: undefined, done: true });
  });

  it('that is left while one waits for it answers that there is nothing more, and is closed', async () => {
    const { start } = lab();
    const told: string[] = [];
    const items = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<never>(() => told.push('next')),
        return: async () => {
          told.push('return');
          return { value: undefined, done: true as const };
        },
      }),
    };
    const mapped = start(items);
    const next = mapped.next();
    await turn();
    await mapped.return();
    expect(await next).toEqual({ value: undefined, done: true });
    expect(told).toEqual(['next', 'return']);
  });
});

describe('a chunk', () => {
  it('is as many items as one says, and fewer at the end', async () => {
    const { futures, submitted, start } = lab();
    const mapped = start([1, 2, 3, 4, 5], { chunksize: 2 });
    expect(submitted).toEqual([{ chunk: [[1], [2]] }, { chunk: [[3], [4]] }, { chunk: [[5]] }]);
    futures[0]?.setResult([result('a'), { kind: 'exception', error: 'b' }]);
    futures[1]?.setResult([result('c')]);
    futures[2]?.setException('all');
    expect((await mapped.next()).value).toBe('a');
    await expect(mapped.next()).rejects.toBe('b');
    expect((await mapped.next()).value).toBe('c');
    await expect(mapped.next()).rejects.toThrow('a worker answered a chunk with too few outcomes');
    await expect(mapped.next()).rejects.toBe('all');
    expect((await mapped.next()).done).toBe(true);
  });

  it('is no larger than what may be taken ahead, and waits until it can be filled', async () => {
    const { futures, submitted, start } = lab();
    const items = input(20);
    const mapped = start(items, { chunksize: 9, buffersize: 4 });
    expect(submitted).toEqual([{ chunk: [[0], [1], [2], [3]] }]);
    futures[0]?.setResult([0, 1, 2, 3].map(result));
    for (let read = 0; read < 3; read++) await mapped.next();
    expect(submitted).toHaveLength(1);
    await mapped.next();
    expect(submitted).toHaveLength(2);
    await mapped.return();
  });

  it('of an executor that knows none is so many calls', () => {
    const { submitted, start } = lab(false);
    start([1, 2, 3], { chunksize: 2 });
    expect(submitted).toEqual([[1], [2], [3]]);
  });
});

describe('what a map is given', () => {
  it.each<[unknown, string]>([
    [5, 'The task of map() must be made by tasksFrom() or inline(), not 5.'],
    [
      function mine() {},
      'The task of map() must be made by tasksFrom() or inline(), not [Function: mine]; ' +
        'use tasksFrom() or inline(), since processes share no code.',
    ],
  ])('is a task: %s is none', (value, why) => {
    expect(() => mapOver(lab().submitter, 'map()', value, [], () => [])).toThrow(new TypeError(why));
  });

  it.each<[object, Error]>([
    [{ chunksize: 0 }, new RangeError('chunksize must be an integer from 1, not 0.')],
    [{ chunksize: '1' }, new TypeError("chunksize must be an integer from 1, not '1'.")],
    [{ buffersize: 1.5 }, new RangeError('buffersize must be an integer from 1, not 1.5.')],
    [{ timeout: -1 }, new RangeError('timeout must be milliseconds from 0 to 2147483647, not -1.')],
    [
      { size: 1 },
      new TypeError("There is no option 'size' in the options of map(); there are chunksize, buffersize, timeout."),
    ],
  ])('has good options: %j are none', (options, why) => {
    const { submitted, start } = lab();
    expect(() => start([1], options as never)).toThrow(why);
    expect(submitted).toEqual([]);
  });

  it('has lists of arguments, where it is a starmap', () => {
    const { submitted, submitter } = lab();
    const start = (items: readonly unknown[]) =>
      mapOver<unknown, unknown>(submitter, 'starmap()', task, items, (item) => item as never);
    start([[1, 2], []]);
    expect(submitted).toEqual([[1, 2], []]);
    expect(() => start([5])).toThrow(new TypeError('Each item of starmap() must be an array of arguments, not 5.'));
  });
});

describe('an executor of one’s own', () => {
  class Own extends Executor {
    readonly calls: unknown[] = [];
    readonly ends: unknown[] = [];
    submit(...call: readonly unknown[]): Future<never> {
      this.calls.push(call);
      const future = new Future<never>();
      future.setResult(call.length as never);
      return future;
    }
    async shutdown(options?: object): Promise<void> {
      this.ends.push(options);
    }
  }

  it('has map and starmap from its submit, and is disposed of by its shutdown', async () => {
    const own = new Own();
    expect(await own.map(task as never, ['a', 'b'], { chunksize: 2 }).collect()).toEqual([2, 2]);
    const tuple = [1, 2, 3];
    const mapped = own.starmap(task as never, [tuple]);
    tuple.length = 0;
    expect(await mapped.collect()).toEqual([4]);
    expect(own.calls).toEqual([
      [task, 'a'],
      [task, 'b'],
      [task, 1, 2, 3],
    ]);
    await own[Symbol.asyncDispose]();
    expect(own.ends).toEqual([undefined]);
    expect(isHandle(own)).toBe(true);
  });
});

describe('slots', () => {
  it('are read from the front, and given back in slices', () => {
    const slots = new Slots<number>();
    expect([slots.waiting, slots.headIsDone]).toEqual([0, false]);
    for (let i = 0; i < 5_000; i++) {
      const future = new Future<number>();
      future.setResult(i);
      slots.push({ future, isChunk: false, items: 1 });
    }
    for (let i = 0; i < 5_000; i++) {
      expect(slots.waiting).toBe(5_000 - i);
      expect(slots.headIsDone).toBe(true);
      expect(slots.pass()()).toBe(i);
    }
    expect([slots.waiting, slots.headIsDone]).toEqual([0, false]);
  });

  it('forget everything, and say which futures nobody will read', () => {
    const slots = new Slots<number>();
    const [read, chunk, open] = [new Future<number>(), new Future<Outcome[]>(), new Future<number>()];
    read.setResult(1);
    chunk.setResult([result(1), result(2)]);
    slots.push({ future: read, isChunk: false, items: 1 });
    slots.push({ future: chunk, isChunk: true, items: 2 });
    slots.push({ future: open, isChunk: false, items: 1 });
    slots.push({ future: undefined, error: 'end', items: 1 });
    expect(slots.waiting).toBe(5);
    slots.pass();
    expect(slots.pass()()).toBe(1);
    expect(slots.clear()).toEqual([chunk, open]);
    expect(slots.waiting).toBe(0);
    slots.push({ future: chunk, isChunk: true, items: 2 });
    expect(slots.pass()()).toBe(1);
    expect(slots.pass()()).toBe(2);
  });
});
