/** The flight recorder, the counts of a pool, and those who are told that the process leaves. */
import { describe, expect, it } from 'vitest';
import { compiledCharts } from '../../../machines/charts.ts';
import { createCore } from '../../../machines/state.ts';
import { InvalidStateError } from '../../../runtime/errors.ts';
import { processIsLeaving, unwatchExit, watchExit } from '../../../runtime/exit-watch.ts';
import { simulate } from '../../../runtime/simulation/index.ts';
import { statsOf } from '../../../runtime/stats.ts';
import { tasksFrom } from '../../../runtime/task.ts';
import { digest, Recorder } from '../../../runtime/trace.ts';
import { expectWarning } from '../../helpers/leaks.ts';

const { echo } = tasksFrom<{ echo<T>(value: T): T }>('/simulated.js');
const core = () =>
  createCore({ maxWorkers: 2, maxTasksPerChild: Number.POSITIVE_INFINITY, prefetchHorizon: 7 }, compiledCharts);
const ready = (worker: number) => ({ type: 'ready', worker }) as const;

describe('the recorder', () => {
  it('tells its sink what the options are, then each step', () => {
    const lines: string[] = [];
    const state = core();
    const recorder = new Recorder(state, (line) => lines.push(line));
    recorder.record(state, ready(3), [{ type: 'hold', on: true }]);
    recorder.recordFailure(state, ready(4), new TypeError('Odd.'));
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { procfutures: 1, options: { maxWorkers: 2, maxTasksPerChild: 'Infinity', prefetchHorizon: 7 } },
      { step: 1, event: ready(3), state: digest(state), effects: [{ type: 'hold', on: true }] },
      { step: 2, event: ready(4), state: digest(state), effects: [], failed: 'TypeError: Odd' },
    ]);
  });

  it('remembers the last 32 steps, with what they were about', () => {
    const state = core();
    const recorder = new Recorder(state, undefined);
    expect(recorder.tail()).toBe('');
    for (let worker = 0; worker < 40; worker++) recorder.record(state, ready(worker), []);
    const expected = Array.from({ length: 32 }, (_, i) => `${i + 9} ready ${i + 8}`);
    expect(recorder.tail().split('\n')).toEqual(expected);
    recorder.recordFailure(state, { type: 'collected' }, 'why');
    expect(recorder.tail().split('\n')).toEqual([...expected.slice(1), '41 collected (failed)']);
  });

  it('names the call of a submit, the worker of an outcome, and the call of a cancellation', () => {
    const lines: string[] = [];
    const { pool, world } = simulate({ maxWorkers: 1, trace: (line) => lines.push(line) });
    const state = core();
    const recorder = new Recorder(state, undefined);
    const work = { id: 5 } as never;
    const outcome = { kind: 'result', value: 0 } as const;
    recorder.record(state, { type: 'submit', work }, []);
    recorder.record(state, { type: 'outcomeReceived', worker: 2, work: 9, outcome, micros: 1 }, []);
    recorder.record(state, { type: 'callRejected', worker: 0, work: 9, outcome }, []);
    recorder.record(state, { type: 'cancel', work }, []);
    recorder.record(state, { type: 'costEstimated', task: 4, cost: 1 }, []);
    recorder.recordFailure(state, { type: 'cancel', work }, 0);
    expect(recorder.tail().split('\n')).toEqual([
      '1 submit 5',
      '2 outcomeReceived 2',
      '3 callRejected 0',
      '4 cancel 5',
      '5 costEstimated',
      '6 cancel 5 (failed)',
    ]);
    void pool.shutdown();
    world.settle();
  });

  it('gives up on a sink that throws, with a warning', () => {
    expectWarning(
      /: The trace sink of an executor threw; nothing more is recorded, and the executor is not affected\.$/m,
    );
    const state = core();
    let told = 0;
    const recorder = new Recorder(state, () => {
      if (++told === 2) throw new Error('sink');
    });
    for (let step = 0; step < 3; step++) recorder.record(state, ready(step), []);
    expect(told).toBe(2);
    expect(recorder.tail()).toBe('1 ready 0\n2 ready 1\n3 ready 2');
  });

  it('refuses commands of its sink, and nobody else’s', () => {
    const state = core();
    const refusals: unknown[] = [];
    const recorder: Recorder = new Recorder(state, () => {
      // The header comes while the recorder is made.
      if (refusals.length === 0) return void refusals.push('header');
      try {
        recorder.refuseCallsOfSink();
      } catch (error) {
        refusals.push(error);
      }
    });
    recorder.refuseCallsOfSink();
    recorder.record(state, ready(1), []);
    recorder.refuseCallsOfSink();
    expect(refusals.slice(1)).toEqual([
      new InvalidStateError(
        'A trace sink cannot call its own executor or cancel its futures: it is told in the middle of a step. ' +
          'Call when the step is over, for example with queueMicrotask() or setImmediate().',
      ),
    ]);
  });

  it('ends with the step in which its sink ends the process', () => {
    const state = core();
    const lines: string[] = [];
    const recorder: Recorder = new Recorder(state, (line) => {
      lines.push(line);
      if (lines.length === 2) recorder.record(state, { type: 'processExit' }, []);
    });
    recorder.record(state, ready(1), []);
    expect(lines).toHaveLength(2);
    expect(recorder.tail()).toBe('1 ready 1\n2 processExit');
    recorder.record(state, ready(2), []);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ step: 3 });
  });
});

describe('the counts of a pool', () => {
  it('tell what its workers do and its calls have come to, and are frozen', () => {
    const { pool, world } = simulate({ maxWorkers: 2, prefetchHorizon: 0 });
    expect(pool.stats()).toEqual({
      workers: { spawning: 0, booting: 0, idle: 0, busy: 0, retiring: 0, terminating: 0 },
      pending: 0,
      running: 0,
      succeeded: 0,
      failed: 0,
      cancelled: 0,
      spawned: 0,
      lost: 0,
      dropped: 0,
    });
    const futures = [1, 2, 3, 4].map((n) => pool.submit(echo, n));
    world.happen({ type: 'spawns', worker: 0 });
    expect(pool.stats()).toMatchObject({ workers: { spawning: 1, booting: 1 }, pending: 4, running: 0, spawned: 2 });
    futures[3]?.cancel();
    world.happen({ type: 'boots', worker: 0 });
    world.happen({ type: 'delivers', worker: 0 });
    expect(pool.stats()).toMatchObject({ workers: { busy: 1 }, pending: 2, running: 1, cancelled: 1 });
    world.settle();
    const stats = pool.stats();
    expect(stats).toMatchObject({ workers: { idle: 2 }, pending: 0, running: 0, succeeded: 3 });
    expect([Object.isFrozen(stats), Object.isFrozen(stats.workers)]).toEqual([true, true]);
    void pool.killWorkers();
    expect(pool.stats().workers.terminating).toBe(2);
    world.settle();
  });

  it('are those of a core', () => {
    expect(statsOf(core()).pending).toBe(0);
  });
});

describe('those who are told that the process leaves', () => {
  it('are those who watch, and are not told while it stays', () => {
    let told = 0;
    const leaver = { leave: () => void told++ };
    watchExit(leaver);
    expect(processIsLeaving()).toBe(false);
    const count = process.listenerCount('exit');
    expect(processIsLeaving()).toBe(false);
    expect(process.listenerCount('exit')).toBe(count);
    expect(told).toBe(0);
    unwatchExit(leaver);
  });
});
