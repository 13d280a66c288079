import { Future } from 'procfutures';
import { describe, expect, it } from 'vitest';
import { simulate } from '../../runtime/simulation/index.ts';
import { tasksFrom } from '../../runtime/task.ts';

const { echo } = tasksFrom<{ echo<T>(value: T): T }>('/simulated.js');

// A promise adopts what has a `then`: a future that resolved to itself kept the microtasks of its reader going for ever.
describe('a Future is no result', () => {
  it('neither of itself', () => {
    const future = new Future<unknown>();
    expect(() => future.setResult(future)).toThrow(TypeError);
    expect(() => future.setResult(future)).toThrow(/takes no Future, .* await it/);
    expect(future.state).toBe('PENDING');
  });

  it('nor of another one, so that no cycle of them can arise', async () => {
    const [first, second] = [new Future<unknown>(), new Future<unknown>()];
    expect(() => first.setResult(second)).toThrow(TypeError);
    expect(() => second.setResult(first)).toThrow(TypeError);
    first.setResult('a value');
    second.setResult(await first);
    expect(await second).toBe('a value');
  });

  it('nor of a future of a pool, which goes on', () => {
    const { pool, world } = simulate({ maxWorkers: 1 });
    const future = pool.submit(echo, 1);
    expect(() => future.setResult(future as never)).toThrow(TypeError);
    expect(future.state).toBe('PENDING');
    world.settle();
    expect(future.resultNow()).toBe(1);
    void pool.shutdown();
    world.settle();
  });

  it('and may be a part of one, or what a future failed with', async () => {
    const [whole, part, failed] = [new Future<unknown>(), new Future<unknown>(), new Future<unknown>()];
    whole.setResult({ part });
    expect(await whole).toEqual({ part });
    failed.setException(failed);
    await expect(failed.result()).rejects.toBe(failed);
  });

  it('while a value whose properties throw is one like any other', () => {
    const refuse = (): never => {
      throw new Error('it does not let itself be looked at');
    };
    const value = new Proxy({}, { get: refuse, has: refuse, getPrototypeOf: refuse });
    const future = new Future<unknown>();
    future.setResult(value);
    expect(future.resultNow() === value).toBe(true);
  });
});
