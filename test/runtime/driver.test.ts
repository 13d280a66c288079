/**
 * The order of things: what `runtime/driver.ts` guarantees, on simulated processes.
 *
 * Where a host has to misbehave, the simulated one is wrapped: the pool is then made with its internals, which no other
 * test does.
 */
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../machines/events.ts';
import { verifyTrace } from '../../properties/verify-trace.ts';
import { BrokenProcessPool, ExecutorShutdownError } from '../../runtime/errors.ts';
import type { Future } from '../../runtime/future.ts';
import type { HostFactory, WorkerHost } from '../../runtime/host.ts';
import type { ProcessPoolExecutorOptions } from '../../runtime/options.ts';
import { ProcessPoolExecutor } from '../../runtime/process-pool-executor.ts';
import { simulate, type Tasks, World } from '../../runtime/simulation/index.ts';
import { tasksFrom } from '../../runtime/task.ts';
import { expectWarning } from '../helpers/leaks.ts';

const { echo } = tasksFrom<{ echo<T>(value: T): T }>('/simulated.js');

/** A pool whose host is the simulated one, changed by `change`. */
function poolWithHost(
  options: ProcessPoolExecutorOptions,
  change: (host: WorkerHost, emit: (event: Observation) => void) => Partial<WorkerHost>,
  tasks: Tasks = ({ args }) => ({ result: args[0] }),
): { pool: ProcessPoolExecutor; world: World } {
  const world = new World({ tasks });
  const host = (): HostFactory => (emit) => {
    const simulated = world.host()(emit);
    return { ...simulated, ...change(simulated, emit) };
  };
  return { pool: new ProcessPoolExecutor(options, { host }), world };
}

/** The events of a trace, in words. */
const eventsOf = (lines: readonly string[]): string[] =>
  lines.slice(1).map((line) => (JSON.parse(line) as { event: { type: string } }).event.type);

function close(pool: ProcessPoolExecutor, world: World): void {
  void pool.killWorkers();
  world.settle();
  expect(pool.state).toBe('joined');
}

describe('steps never nest', () => {
  it('an event that a host reports while effects run waits until they have run', () => {
    const lines: string[] = [];
    const order: string[] = [];
    const { pool, world } = poolWithHost({ maxWorkers: 2, trace: (line) => lines.push(line) }, (host, emit) => ({
      spawn(worker) {
        order.push(`spawn ${worker} begins`);
        host.spawn(worker);
        // A host must not do this; the driver has to keep its order all the same.
        emit({ type: 'costEstimated', task: 9, cost: worker });
        order.push(`spawn ${worker} ends, ${eventsOf(lines).length} steps`);
      },
      timer: (worker, ms) => {
        order.push(`timer ${worker}`);
        host.timer(worker, ms);
      },
    }));
    pool.submit(echo, 1);
    expect(order).toEqual(['spawn 0 begins', 'spawn 0 ends, 1 steps', 'timer 0']);
    expect(eventsOf(lines)).toEqual(['submit', 'costEstimated']);
    close(pool, world);
  });

  it('events that wait are taken first in, first out', () => {
    const lines: string[] = [];
    const { pool, world } = poolWithHost({ maxWorkers: 1, trace: (line) => lines.push(line) }, (host, emit) => ({
      spawn(worker) {
        host.spawn(worker);
        for (const cost of [3, 1, 2]) emit({ type: 'costEstimated', task: 9, cost });
      },
    }));
    pool.submit(echo, 1);
    const costs = lines.slice(1).map((line) => (JSON.parse(line) as { event: { cost?: number } }).event.cost);
    expect(costs).toEqual([undefined, 3, 1, 2]);
    close(pool, world);
  });

  it('a command inside a callback steps at once and is answered from the state that it leaves', () => {
    const { pool, world } = simulate({ maxWorkers: 1, prefetchHorizon: 0 });
    const first = pool.submit(echo, 1);
    const second = pool.submit(echo, 2);
    const third = pool.submit(echo, 3);
    const answers: unknown[] = [];
    first.addDoneCallback(() => {
      // The step that published `first` has handed the worker on to `second` already: state is complete before effects.
      answers.push(second.state, second.cancel(), third.cancel(), third.state, pool.stats().cancelled);
      void pool.shutdown();
      answers.push(pool.state);
      try {
        pool.submit(echo, 4);
      } catch (error) {
        answers.push(error);
      }
    });
    world.settle();
    expect(answers).toEqual([
      'RUNNING',
      false,
      true,
      'CANCELLED_AND_NOTIFIED',
      1,
      'shuttingDown',
      expect.any(ExecutorShutdownError),
    ]);
    expect(second.resultNow()).toBe(2);
    expect(pool.state).toBe('joined');
  });
});

describe('effects run in the order in which steps asked for them', () => {
  it('those of a command inside a callback run after those under way', () => {
    const order: string[] = [];
    const { pool, world } = simulate({ maxWorkers: 1, prefetchHorizon: 0 });
    const futures = [0, 1, 2, 3].map((n) => pool.submit(echo, n));
    futures.forEach((future, n) => {
      future.addDoneCallback(() => order.push(`${n} is ${future.state}`));
    });
    // One step publishes 1, 2 and 3, in this order; the callback of 1 asks for more in between.
    futures[1]?.addDoneCallback(() => {
      const late = pool.submit(echo, 4);
      late.addDoneCallback(() => order.push(`late is ${late.state}`));
      order.push('submitted');
      expect(late.cancel()).toBe(true);
      order.push('cancelled');
    });
    futures[1]?.cancel();
    futures[2]?.cancel();
    expect(order).toEqual([
      '1 is CANCELLED_AND_NOTIFIED',
      'submitted',
      'cancelled',
      'late is CANCELLED_AND_NOTIFIED',
      '2 is CANCELLED_AND_NOTIFIED',
    ]);
    world.settle();
    close(pool, world);
  });

  it('when a pool breaks, every future has failed and submit is closed before the first callback runs', () => {
    const order: string[] = [];
    const { pool, world } = simulate({ maxWorkers: 2, prefetchHorizon: 0 }, { tasks: () => ({ hangs: true }) });
    const futures = [0, 1, 2].map((n) => pool.submit(echo, n));
    futures.forEach((future, n) => {
      future.addDoneCallback(() => {
        order.push(`${n}: ${futures.map((it) => it.state).join(' ')}, ${pool.state}`);
        if (n > 0) return;
        expect(futures[2]?.cancel()).toBe(false);
        expect(() => pool.submit(echo, 3)).toThrow(BrokenProcessPool);
        void pool.shutdown();
        void pool.killWorkers();
        order.push('asked for more');
      });
    });
    world.settle();
    world.happen({ type: 'isKilled', worker: 0 });
    world.settle();
    const all = 'FINISHED FINISHED FINISHED, broken';
    expect(order).toEqual([`0: ${all}`, 'asked for more', `1: ${all}`, `2: ${all}`]);
    const errors = futures.map((future) => future.exceptionNow());
    expect(errors.every((error) => error instanceof BrokenProcessPool)).toBe(true);
    expect(new Set(errors).size).toBe(3);
    expect(pool.state).toBe('joined');
  });

  it('futures are published before any process is signalled', () => {
    const order: string[] = [];
    const { pool, world } = poolWithHost(
      { maxWorkers: 2, prefetchHorizon: 0 },
      (host) => ({
        end(worker, how) {
          order.push(`${how} to ${worker}`);
          host.end(worker, how);
        },
      }),
      () => ({ hangs: true }),
    );
    const futures = [0, 1, 2].map((n) => pool.submit(echo, n));
    futures.forEach((future, n) => {
      future.addDoneCallback(() => order.push(`${n} is done`));
    });
    world.settle();
    void pool.killWorkers();
    expect(order).toEqual(['2 is done', '0 is done', '1 is done', 'SIGKILL to 0', 'SIGKILL to 1']);
    world.settle();
    expect(pool.state).toBe('joined');
  });
});

describe('a callback that throws', () => {
  it('becomes a process warning and disturbs neither the other callbacks nor the executor', () => {
    expectWarning(/A done callback of a future threw/);
    const { pool, world } = simulate({ maxWorkers: 1 });
    const future = pool.submit(echo, 1);
    const seen: unknown[] = [];
    future.addDoneCallback(() => {
      throw new Error('from a callback');
    });
    future.addDoneCallback((it) => seen.push(it.resultNow()));
    world.settle();
    expect(seen).toEqual([1]);
    const next = pool.submit(echo, 2);
    world.settle();
    expect(next.resultNow()).toBe(2);
    expect(pool.stats()).toMatchObject({ succeeded: 2, failed: 0, lost: 0 });
    close(pool, world);
  });

  it('in a command of its own throws to its caller only', () => {
    expectWarning(/A done callback of a future threw/);
    const { pool, world } = simulate({ maxWorkers: 1 });
    pool.submit(echo, 1);
    const future = pool.submit(echo, 2);
    future.addDoneCallback(() => {
      pool.submit(undefined as never);
    });
    expect(future.cancel()).toBe(true);
    close(pool, world);
  });
});

describe('a defect of our own', () => {
  it.each(['spawn', 'send', 'timer'] as const)(
    'in %s breaks the pool, and its future fails with the last steps',
    (verb) => {
      const lines: string[] = [];
      const defect = new Error(`the host could not ${verb}`);
      let isFirst = true;
      const { pool, world } = poolWithHost({ maxWorkers: 1, trace: (line) => lines.push(line) }, (host) => ({
        [verb](...args: never[]) {
          (host[verb] as (...args: never[]) => void)(...args);
          if (!isFirst) return;
          isFirst = false;
          throw defect;
        },
      }));
      const future: Future<unknown> = pool.submit(echo, 1);
      world.settle();
      const error = future.exceptionNow() as BrokenProcessPool;
      expect(error).toBeInstanceOf(BrokenProcessPool);
      expect((error.cause as Error).message).toContain(`procfutures has a bug: '${verb}' failed. Please report it`);
      expect((error.cause as Error).message).toMatch(/:\n1 submit 0(\n|$)/);
      expect((error.cause as Error).cause).toBe(defect);
      expect(eventsOf(lines)).toContain('internalFailure');
      expect(() => pool.submit(echo, 3)).toThrow(BrokenProcessPool);
      expect(pool.state).toBe('joined');
    },
  );

  it('an event that the charts have as impossible is one, and is never silent', () => {
    let report: (event: Observation) => void = () => {};
    const lines: string[] = [];
    const { pool, world } = poolWithHost({ maxWorkers: 1, trace: (line) => lines.push(line) }, (_host, emit) => {
      report = emit;
      return {};
    });
    const future = pool.submit(echo, 1);
    world.happen({ type: 'spawns', worker: 0 });
    report({ type: 'spawned', worker: 0, pid: 4711 });
    const error = future.exceptionNow() as BrokenProcessPool;
    expect(error).toBeInstanceOf(BrokenProcessPool);
    expect((error.cause as Error).message).toContain("procfutures has a bug: 'spawned' failed");
    expect((error.cause as Error).message).toMatch(/\n2 spawned 0\n3 spawned 0 \(failed\)$/);
    expect((error.cause as Error).cause).toMatchObject({ name: 'ImpossibleEvent' });
    expect(verifyTrace(lines.join('\n')).trouble).toMatchObject({ kind: 'breach', line: 4, invariant: { id: 'P0' } });
    world.settle();
    expect(pool.state).toBe('joined');
  });
});

describe('a trace sink that throws', () => {
  it.each([1, 2, 3, 4, 5, 6])('at step %i is given up with a warning, and nothing else changes', (step) => {
    expectWarning(/The trace sink of an executor threw/);
    let lines = 0;
    const trace = (): void => {
      if (lines++ === step) throw new Error('disk full');
    };
    const { pool, world } = simulate({ maxWorkers: 1, trace });
    const future = pool.submit(echo, 1);
    const told: unknown[] = [];
    future.addDoneCallback((it) => told.push(it.resultNow()));
    world.settle();
    void pool.shutdown();
    world.settle();
    expect(told).toEqual([1]);
    expect(pool.state).toBe('joined');
    expect(lines).toBe(step + 1);
  });
});

describe('stale events', () => {
  it('are dropped and counted: those of a worker that is gone, and those of one that never was', () => {
    let report: (event: Observation) => void = () => {};
    const lines: string[] = [];
    const { pool, world } = poolWithHost(
      { maxWorkers: 1, maxTasksPerChild: 1, trace: (line) => lines.push(line) },
      (_host, emit) => {
        report = emit;
        return {};
      },
    );
    const future = pool.submit(echo, 1);
    world.settle();
    expect(future.resultNow()).toBe(1);
    expect(world.processes()).toEqual([]);
    const before = pool.stats();
    expect(before.dropped).toBe(0);
    report({ type: 'exited', worker: 0, code: 0, signal: null, stderr: '' });
    report({ type: 'channelEnded', worker: 0 });
    report({ type: 'timerFired', worker: 99 });
    report({ type: 'outcomeReceived', worker: 0, work: 0, outcome: { kind: 'result', value: 2 }, micros: 1 });
    expect(pool.stats()).toEqual({ ...before, dropped: 4 });
    expect(future.resultNow()).toBe(1);
    close(pool, world);
  });

  it('a result that comes after a forced stop is dropped and counted', () => {
    const { pool, world } = simulate({ maxWorkers: 1 });
    const future = pool.submit(echo, 1);
    while (!world.processes()[0]?.running) world.advance();
    void pool.terminateWorkers();
    expect(future.exceptionNow()).toBeInstanceOf(BrokenProcessPool);
    world.happen({ type: 'finishes', worker: 0 });
    world.happen({ type: 'delivers', worker: 0 });
    expect(pool.stats().dropped).toBe(1);
    expect(future.exceptionNow()).toBeInstanceOf(BrokenProcessPool);
    world.settle();
    expect(pool.state).toBe('joined');
  });
});

describe('whether the process must live', () => {
  it('while a future is pending or somebody waits for the end, and not otherwise', () => {
    const { pool, world } = simulate({ maxWorkers: 1 });
    expect(world.holds).toBe(false);
    pool.submit(echo, 1);
    expect(world.holds).toBe(true);
    world.settle();
    expect(world.holds).toBe(false);
    void pool.shutdown({ wait: false });
    expect(world.holds).toBe(false);
    void pool.shutdown();
    expect(world.holds).toBe(true);
    world.settle();
    expect(world.holds).toBe(false);
  });
});
