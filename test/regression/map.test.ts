import type { ProcessPoolExecutor } from 'procfutures';
import { describe, expect, it } from 'vitest';
import { ExecutorShutdownError } from '../../runtime/errors.ts';
import { simulate } from '../../runtime/simulation/index.ts';
import { tasksFrom } from '../../runtime/task.ts';

const { echo } = tasksFrom<{ echo<T>(value: T): T }>('/simulated.js');

/** An endless input that counts how often it is closed, and throws then. */
class Unclosable implements Iterator<number>, Iterable<number> {
  closed = 0;
  #next = 0;

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<number> {
    return { value: this.#next++, done: false };
  }

  return(): never {
    this.closed++;
    throw new Error('the input cannot be closed');
  }
}

async function close(pool: ProcessPoolExecutor, world: { settle(): void }): Promise<void> {
  const joined = pool.killWorkers();
  world.settle();
  await joined;
}

describe('an input of map() that throws when it is closed', () => {
  it('leaves nothing uncancelled, and return() resolves', async () => {
    const { pool, world } = simulate({ maxWorkers: 1 });
    const input = new Unclosable();
    const results = pool.map(echo, input, { buffersize: 8 });
    const returned = results.return();
    expect(pool.stats()).toMatchObject({ pending: 0, running: 0, cancelled: 8 });
    expect(await returned).toEqual({ value: undefined, done: true });
    await results.return();
    expect(input.closed).toBe(1);
    await close(pool, world);
  });

  it('does not take the place of the TimeoutError', async () => {
    const { pool, world } = simulate({ maxWorkers: 1 });
    const input = new Unclosable();
    const results = pool.map(echo, input, { buffersize: 8, timeout: 0 });
    await expect(results.next()).rejects.toMatchObject({ code: 'ERR_PROCFUTURES_TIMEOUT' });
    expect(pool.stats()).toMatchObject({ pending: 0, cancelled: 8 });
    expect(input.closed).toBe(1);
    await close(pool, world);
  });

  it('does not take the place of the error of the call to map()', async () => {
    const { pool, world } = simulate({ maxWorkers: 1 });
    const input = new Unclosable();
    await close(pool, world);
    expect(() => pool.map(echo, input, { buffersize: 8 })).toThrow(ExecutorShutdownError);
    expect(input.closed).toBe(1);
  });
});

describe('an input of map()', () => {
  it('finds everything cancelled when it is closed, and is closed once by callbacks that close it as well', async () => {
    const { pool, world } = simulate({ maxWorkers: 1 });
    let closed = 0;
    const cancelled: number[] = [];
    let next = 0;
    const input = {
      [Symbol.iterator]: () => input,
      next: () => ({ value: next++, done: false }),
      return: () => {
        closed++;
        cancelled.push(pool.stats().cancelled);
        void results.return();
        return { value: undefined, done: true as const };
      },
    };
    const results = pool.map(echo, input, { buffersize: 4 });
    await results.return();
    expect([closed, cancelled]).toEqual([1, [4]]);
    expect(next).toBe(4);
    await close(pool, world);
  });

  it('is closed when the pool takes no more of its items, also in the middle of a chunk', async () => {
    const { pool, world } = simulate({ maxWorkers: 1 });
    const input = new Unclosable();
    const results = pool.map(echo, input, { buffersize: 4, chunksize: 2 });
    world.settle();
    const joined = pool.killWorkers();
    world.settle();
    await joined;
    for (let read = 0; read < 4; read++) expect(await results.next()).toEqual({ value: read, done: false });
    await expect(results.next()).rejects.toThrow(ExecutorShutdownError);
    expect(input.closed).toBe(1);
  });
});
