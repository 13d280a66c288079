import { inspect } from 'node:util';
import { Future, type ProcessPoolExecutor } from 'procfutures';
import { describe, expect, it } from 'vitest';
import { simulate } from '../../runtime/simulation/index.ts';
import { inline, tasksFrom } from '../../runtime/task.ts';
import { brief, describe as describeValue, show, textOf } from '../../runtime/wire/describe.ts';
import { expectWarning } from '../helpers/leaks.ts';
import { oddKinds } from '../helpers/odd-values.ts';

const { echo } = tasksFrom<{ echo<T>(value: T): T }>('/simulated.js');

const close = (pool: ProcessPoolExecutor, world: { settle(): void }): void => {
  void pool.shutdown();
  world.settle();
  expect(pool.state).toBe('joined');
};

describe('a value that throws when it is looked at', () => {
  it.each(oddKinds)('has words nevertheless: %s', (_, make) => {
    for (const words of [show, describeValue, textOf, brief]) expect(words(make()), words.name).toMatch(/./);
  });

  it.each(oddKinds)('shows its future in one line as the failure: %s', (_, make) => {
    const future = new Future<unknown>();
    future.setException(make());
    expect(inspect(future)).toMatch(/^Future \{ FINISHED, failed: .+ \}$/);
  });

  it('shows its future in one line as the result', () => {
    const future = new Future<unknown>();
    future.setResult(oddKinds[0]?.[1]());
    expect(inspect(future)).toMatch(/^Future \{ FINISHED, .+ \}$/);
  });
});

describe('a done callback', () => {
  it('that throws what throws in its turn disturbs neither the other callbacks nor the pool', () => {
    expectWarning(/A done callback of a future threw/);
    const { pool, world } = simulate({ maxWorkers: 1 });
    for (const [kind, make] of oddKinds) {
      const future = pool.submit(echo, 1);
      const neighbour = pool.submit(echo, 2);
      const seen: unknown[] = [];
      future.addDoneCallback(() => {
        throw make();
      });
      future.addDoneCallback((it) => seen.push(it.resultNow()));
      world.settle();
      expect(seen, kind).toEqual([1]);
      expect(neighbour.resultNow(), kind).toBe(2);
      expect(pool.state, kind).toBe('running');
    }
    close(pool, world);
  });

  it.each(oddKinds)('that rejects with %s becomes a warning and no unhandled rejection', async (_, make) => {
    expectWarning(/A done callback of a future threw/);
    const future = new Future<number>();
    future.addDoneCallback(() => Promise.reject(make()));
    future.setResult(1);
    // The runner fails on an unhandled rejection, which Node reports after the microtasks of this turn.
    await new Promise(setImmediate);
    expect(future.resultNow()).toBe(1);
  });

  it.each(oddKinds)('that throws %s on a future that is done does not throw to who added it', (_, make) => {
    expectWarning(/A done callback of a future threw/);
    const future = new Future<number>();
    future.setResult(1);
    future.addDoneCallback(() => {
      throw make();
    });
  });
});

describe('a trace sink', () => {
  it.each(oddKinds)('that throws %s is given up with a warning, and nothing else changes', (_, make) => {
    expectWarning(/The trace sink of an executor threw/);
    let lines = 0;
    const trace = (): void => {
      if (lines++ === 3) throw make();
    };
    const { pool, world } = simulate({ maxWorkers: 1, trace });
    const future = pool.submit(echo, 1);
    world.settle();
    expect(future.resultNow()).toBe(1);
    expect(pool.state).toBe('running');
    close(pool, world);
  });
});

it.each(oddKinds)('a wrong argument of a method is refused with a TypeError, also where it is %s', (_, make) => {
  expect(() => new Future().addDoneCallback(make() as never)).toThrow(TypeError);
  expect(() => inline(make() as never)).toThrow(TypeError);
});
