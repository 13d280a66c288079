/** What simulated calls come to, and chunks of them. */
import { describe, expect, it } from 'vitest';
import { SerializationError } from '../../runtime/errors.ts';
import { NO_INITIALIZER, type Plan, planOf } from '../../runtime/simulation/behaviour.ts';
import type { Behaviour, Tasks } from '../../runtime/simulation/index.ts';
import { chunkOf, type Task, tasksFrom } from '../../runtime/task.ts';

const { echo } = tasksFrom<{ echo(value: unknown): unknown }>('/simulated.js');
const task = echo as unknown as Task;
const place = { worker: 1, pid: 2 };

const planOne = (behaviour: Behaviour): Plan => planOf({ work: 0, task, args: [] }, () => behaviour, place);

/** The plan of a chunk whose items behave so. */
function planChunk(...behaviours: readonly Behaviour[]): Plan {
  const tasks: Tasks = ({ args: [item] }) => behaviours[item as number] as Behaviour;
  return planOf({ work: 0, task: chunkOf(task), args: behaviours.map((_, item) => [item]) }, tasks, place);
}

const result = (value: unknown) => ({ kind: 'result', value });
const uncopyable = (side: string) => ({
  kind: 'exception',
  error: expect.objectContaining({
    constructor: SerializationError,
    message: `The simulation has it that the ${side} of this call cannot be copied to another process.`,
    side,
    path: side,
  }),
});
const NOTHING = { outcome: undefined, death: undefined, unsendable: undefined, micros: 100, ignoresSigterm: false };
const DEATH = { code: 3, signal: null };

describe('a call', () => {
  it.each<[string, Behaviour, object]>([
    ['returns', { result: 1 }, { outcome: result(1) }],
    ['returns undefined', { result: undefined }, { outcome: result(undefined) }],
    ['throws', { throws: 'it' }, { outcome: { kind: 'exception', error: 'it' } }],
    ['hangs', { hangs: true }, {}],
    ['dies', { dies: DEATH }, { death: DEATH }],
    ['has an argument that is not copied', { uncopyable: 'argument' }, { unsendable: uncopyable('argument') }],
    ['has a result that is not', { uncopyable: 'result' }, { outcome: uncopyable('result') }],
    ['has an error that is not', { uncopyable: 'error' }, { outcome: uncopyable('error') }],
    ['takes its time', { result: 1, micros: 7 }, { outcome: result(1), micros: 7 }],
    ['takes none', { result: 1, micros: 0 }, { outcome: result(1), micros: 0 }],
    ['ignores SIGTERM', { hangs: true, ignoresSigterm: true }, { ignoresSigterm: true }],
  ])('%s', (_, behaviour, plan) => {
    const { isHeld, ...rest } = planOne(behaviour);
    expect(rest).toEqual({ ...NOTHING, ...plan });
    expect(isHeld()).toBe(false);
  });

  it('is held until it is let go, and is asked each time', () => {
    let isFree = false;
    const { isHeld } = planOne({ result: 1, until: () => isFree });
    expect(isHeld()).toBe(true);
    isFree = true;
    expect(isHeld()).toBe(false);
  });

  it('is decided by itself and its place', () => {
    const asked: unknown[] = [];
    const call = { work: 4, task, args: [1] };
    planOf(
      call,
      (...its) => {
        asked.push(its);
        return { result: 0 };
      },
      place,
    );
    expect(asked).toEqual([[call, place]]);
  });
});

it('a worker without an initializer is ready at once', () => {
  const { isHeld, ...rest } = NO_INITIALIZER;
  expect(rest).toEqual({ ...NOTHING, outcome: result(undefined), micros: 0 });
  expect(isHeld()).toBe(false);
});

describe('a chunk', () => {
  it('asks for each item as a call of the task itself', () => {
    const asked: unknown[] = [];
    planOf(
      { work: 4, task: chunkOf(task), args: [['a'], ['b', 'c']] },
      (call, itsPlace) => {
        asked.push([call, itsPlace]);
        return { result: 0 };
      },
      place,
    );
    const { module, name, source } = task;
    const plain = { module, name, source };
    expect(asked).toEqual([
      [{ work: 4, task: plain, args: ['a'] }, place],
      [{ work: 4, task: plain, args: ['b', 'c'] }, place],
    ]);
  });

  it.each<[string, readonly Behaviour[], object]>([
    [
      'has an outcome for each item, and takes as long as all of them',
      [{ result: 'a', micros: 3 }, { throws: 'b', micros: 4 }, { uncopyable: 'result' }],
      { outcome: result([result('a'), { kind: 'exception', error: 'b' }, uncopyable('result')]), micros: 107 },
    ],
    [
      'goes without the items that are not copied, which take no time',
      [
        { result: 'a', micros: 3 },
        { uncopyable: 'argument', micros: 50, ignoresSigterm: true },
      ],
      { outcome: result([result('a'), uncopyable('argument')]), micros: 3 },
    ],
    [
      'is not sent where none is copied',
      [{ uncopyable: 'argument' }, { uncopyable: 'argument' }],
      { unsendable: result([uncopyable('argument'), uncopyable('argument')]), micros: 0 },
    ],
    ['is not sent where it is empty', [], { unsendable: result([]), micros: 0 }],
    ['dies with the first that dies', [{ result: 1 }, { dies: DEATH }, { hangs: true }], { death: DEATH, micros: 300 }],
    ['hangs with the first that hangs', [{ hangs: true }, { dies: DEATH }], { micros: 200 }],
    [
      'ignores SIGTERM where one does',
      [{ result: 1 }, { result: 2, ignoresSigterm: true }],
      { outcome: result([result(1), result(2)]), micros: 200, ignoresSigterm: true },
    ],
  ])('%s', (_, behaviours, plan) => {
    const { isHeld, ...rest } = planChunk(...behaviours);
    expect(rest).toEqual({ ...NOTHING, ...plan });
    expect(isHeld()).toBe(false);
  });

  it('is held where one is that is sent', () => {
    const held = { until: () => false };
    expect(planChunk({ result: 1 }, { result: 2, ...held }).isHeld()).toBe(true);
    expect(planChunk({ result: 1 }, { uncopyable: 'argument', ...held }).isHeld()).toBe(false);
  });
});
