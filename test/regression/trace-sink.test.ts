import { describe, expect, it } from 'vitest';
import { verifyTrace } from '../../properties/verify-trace.ts';
import { InvalidStateError } from '../../runtime/errors.ts';
import type { ProcessPoolExecutor } from '../../runtime/process-pool-executor.ts';
import { simulate } from '../../runtime/simulation/index.ts';
import { tasksFrom } from '../../runtime/task.ts';
import { collected } from '../helpers/gate.ts';
import { expectWarning } from '../helpers/leaks.ts';

const { echo } = tasksFrom<{ echo<T>(value: T): T }>('/simulated.js');

const typeOf = (line: string): string | undefined => (JSON.parse(line) as { event?: { type: string } }).event?.type;

// A killWorkers() inside the sink was performed before the spawn of the step that was told: the pool never joined.
describe('a trace sink that calls its own executor', () => {
  const calls: Readonly<Record<string, (pool: ProcessPoolExecutor) => unknown>> = {
    submit: (pool) => pool.submit(echo, 2),
    map: (pool) => pool.map(echo, [2]),
    shutdown: (pool) => pool.shutdown(),
    terminateWorkers: (pool) => pool.terminateWorkers(),
    killWorkers: (pool) => pool.killWorkers(),
  };

  it('is refused whatever it calls, at every step, and nothing changes', () => {
    const lines: string[] = [];
    const errors: unknown[] = [];
    let seen = 0;
    const { pool, world } = simulate({
      maxWorkers: 1,
      trace(line) {
        lines.push(line);
        if (lines.length === 1) return;
        for (const call of Object.values(calls))
          try {
            errors.push(call(pool));
          } catch (error) {
            errors.push(error);
          }
        seen += pool.stats().spawned >= 0 && pool.state !== 'broken' ? 1 : 0;
      },
    });
    const future = pool.submit(echo, 1);
    world.settle();
    expect(future.resultNow()).toBe(1);
    void pool.shutdown();
    world.settle();
    expect(pool.state).toBe('joined');
    expect(pool.stats()).toMatchObject({ succeeded: 1, cancelled: 0, failed: 0, spawned: 1 });
    expect(errors).toHaveLength((lines.length - 1) * Object.keys(calls).length);
    expect(errors.every((error) => error instanceof InvalidStateError)).toBe(true);
    expect((errors[0] as Error).message).toMatch(/queueMicrotask/);
    expect(seen, 'reading is allowed').toBe(lines.length - 1);
    expect(verifyTrace(lines.join('\n')).trouble).toBeUndefined();
  });

  it('may not cancel a future of it, and may when the step is over', async () => {
    let refusal: unknown;
    const { pool, world } = simulate({
      maxWorkers: 1,
      trace(line) {
        if (typeOf(line) !== 'spawned') return;
        try {
          future.cancel();
        } catch (error) {
          refusal = error;
        }
        queueMicrotask(() => void pool.killWorkers());
      },
    });
    const future = pool.submit(echo, 1);
    world.happen({ type: 'spawns', worker: 0 });
    expect(refusal).toBeInstanceOf(InvalidStateError);
    expect(future.state).toBe('PENDING');
    await Promise.resolve();
    expect(future.cancelled()).toBe(true);
    world.settle();
    expect(pool.state).toBe('joined');
  });

  it('and does not catch what it is told, is given up with a warning', () => {
    expectWarning(/The trace sink of an executor threw/);
    const { pool, world } = simulate({
      maxWorkers: 1,
      trace(line) {
        if (typeOf(line) === 'submit') void pool.killWorkers();
      },
    });
    const future = pool.submit(echo, 1);
    world.settle();
    expect(future.resultNow()).toBe(1);
    void pool.shutdown();
    world.settle();
    expect(pool.state).toBe('joined');
  });
});

// What stands by for an executor that is dropped held its sink for ever, and so whatever that refers to.
describe('an executor whose trace sink refers to it', () => {
  it('is collected once it has joined', async () => {
    const make = (): WeakRef<object> => {
      let steps = 0;
      const { pool, world } = simulate({
        maxWorkers: 1,
        // The header comes while the executor is made.
        trace: () => void (steps++ > 0 && pool.state),
      });
      pool.submit(echo, 1);
      void pool.shutdown();
      world.settle();
      expect(pool.state).toBe('joined');
      return new WeakRef(pool);
    };
    await collected(make(), 'the executor');
  });
});
