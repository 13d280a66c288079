/** The world of simulated processes below the executor: its time, its budget of faults, its choices and its refusals. */
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../machines/events.ts';
import type { WorkerHost } from '../../runtime/host.ts';
import { type Behaviour, type Tasks, World, type WorldOptions } from '../../runtime/simulation/index.ts';
import { type Task, tasksFrom } from '../../runtime/task.ts';

const { echo } = tasksFrom<{ echo(value: unknown): unknown }>('/simulated.js');
const task = echo as unknown as Task;

interface Lab {
  readonly world: World;
  readonly host: WorkerHost;
  readonly events: Observation[];
  /** Lets these happen: `1 spawns`, `2 rejects 7`. */
  do(...choices: readonly string[]): void;
  send(worker: number, work: number): void;
}

function lab(options: WorldOptions = {}, initializer?: Task): Lab {
  const events: Observation[] = [];
  const world = new World(options);
  const host = world.host(initializer ? { initializer: initializer as never, initArgs: ['init'] } : {})((event) =>
    events.push(event),
  );
  return {
    world,
    host,
    events,
    do(...choices) {
      for (const choice of choices) {
        const [worker, type, work] = choice.split(' ');
        world.happen({ worker: Number(worker), type: type as 'spawns', ...(work && { work: Number(work) }) });
      }
    },
    send: (worker, work) => host.send(worker, { work, task, args: [work] }),
  };
}

/** Each call takes as many virtual milliseconds as its number says. */
const byNumber: Tasks = ({ work }) => ({ result: work, micros: work * 1000 });

const offered = (world: World) =>
  world.enabled().map(({ type, worker, work }) => [worker, type, work].filter((it) => it !== undefined).join(' '));

describe('time', () => {
  it('begins at 0 and goes to when the next thing is due, never back', () => {
    const boot: Behaviour = { result: 0, micros: 2_000 };
    const it = lab({ tasks: (call, place) => (call.work < 0 ? boot : byNumber(call, place)) }, task);
    it.host.spawn(1);
    it.send(1, 3);
    it.do('1 spawns');
    expect(it.world.now).toBe(0);
    it.do('1 boots');
    expect(it.world.now).toBe(2);
    it.do('1 delivers', '1 takes 3');
    expect(it.world.now).toBe(2);
    it.do('1 finishes 3', '1 delivers');
    expect(it.world.now).toBe(5);
    it.do('1 exits', '1 reportsExit');
    expect(it.world.now).toBe(5);
  });

  it('a call that nobody decided takes a tenth of a millisecond and gives its first argument', () => {
    const it = lab();
    it.host.spawn(1);
    it.send(1, 7);
    expect(it.world.settle()).toBe(6);
    expect(it.world.now).toBe(0.1);
    expect(it.events.at(-1)).toEqual({
      type: 'outcomeReceived',
      worker: 1,
      work: 7,
      outcome: { kind: 'result', value: 7 },
      micros: 100,
    });
  });

  it('what is due first happens first, of several at once the first that is offered', () => {
    const it = lab({ tasks: byNumber });
    for (const worker of [1, 2, 3]) it.host.spawn(worker);
    it.send(1, 9);
    it.send(2, 4);
    it.send(3, 4);
    it.world.settle();
    expect(it.events.flatMap((event) => (event.type === 'outcomeReceived' ? event.worker : []))).toEqual([2, 3, 1]);
  });

  it('a timer fires when it is the next thing to happen, and at once with something else it waits', () => {
    const it = lab({ tasks: byNumber });
    it.host.spawn(1);
    it.send(1, 5);
    it.do('1 spawns', '1 boots', '1 delivers', '1 takes 5');
    it.host.timer(1, 5);
    expect(offered(it.world)).toEqual(['1 finishes 5']);
    it.host.timer(1, 6);
    expect(offered(it.world)).toEqual(['1 finishes 5']);
    it.host.timer(1, 4.5);
    expect(offered(it.world)).toEqual(['1 finishes 5', '1 timesOut']);
    expect(it.world.advance()).toBe(true);
    expect(it.world.now).toBe(4.5);
    expect(it.events.at(-1)).toEqual({ type: 'timerFired', worker: 1 });
    expect(offered(it.world)).toEqual(['1 finishes 5']);
  });

  it('of several timers the first one fires, and counts from when it was set', () => {
    const it = lab();
    for (const worker of [1, 2, 3]) it.host.spawn(worker);
    it.world.settle();
    it.host.timer(1, 8);
    it.host.timer(2, 3);
    it.host.timer(3, 3);
    expect(offered(it.world)).toEqual(['2 timesOut']);
    it.do('2 timesOut');
    it.host.timer(2, 1);
    expect(it.world.settle()).toBe(3);
    expect(it.events.slice(-4)).toEqual([2, 3, 2, 1].map((worker) => ({ type: 'timerFired', worker })));
    expect(it.world.now).toBe(8);
  });

  it('a timer that overtakes is a fault, and is none where it would be next anyway', () => {
    const it = lab({ tasks: byNumber, faults: { timesOut: 1 } });
    it.host.spawn(1);
    it.host.spawn(2);
    it.send(1, 5);
    it.do('1 spawns', '2 spawns', '1 boots', '2 boots', '1 delivers', '2 delivers', '1 takes 5');
    it.host.timer(1, 9);
    it.host.timer(2, 1);
    expect(it.world.enabled()).toEqual([
      { type: 'finishes', worker: 1, work: 5, isFault: false },
      { type: 'timesOut', worker: 2, isFault: false },
      { type: 'timesOut', worker: 1, isFault: true },
    ]);
    it.do('1 timesOut');
    expect(it.world.now).toBe(9);
    expect(it.world.enabled().filter(({ isFault }) => isFault)).toEqual([]);
  });
});

describe('the budget of faults', () => {
  it('is spent fault by fault, whoever chooses them, and never goes below nothing', () => {
    const it = lab({ faults: { exits: 2, crashes: 0 } });
    for (const worker of [1, 2, 3]) it.host.spawn(worker);
    it.do('1 spawns', '2 spawns', '3 spawns');
    const faults = () =>
      it.world.enabled().flatMap(({ type, worker, isFault }) => (isFault ? `${worker} ${type}` : []));
    expect(faults()).toEqual(['1 exits', '2 exits', '3 exits']);
    it.do('2 exits');
    expect(faults()).toEqual(['1 exits', '3 exits']);
    it.do('1 exits');
    expect(faults()).toEqual([]);
    it.do('3 crashes');
    expect(faults()).toEqual([]);
  });

  it('that was given may change: the world has its own', () => {
    const faults = { exits: 1 };
    const it = lab({ faults });
    faults.exits = 0;
    it.host.spawn(1);
    it.do('1 spawns');
    expect(offered(it.world)).toEqual(['1 boots', '1 exits']);
  });
});

describe('a choice', () => {
  it('that cannot be is refused with what can, and nothing happens', () => {
    const it = lab({ faults: { exits: 1 } });
    expect(() => it.do('1 spawns')).toThrow(
      new RangeError("'worker 1 spawns' cannot happen now. What can, within the budget of faults: nothing."),
    );
    it.host.spawn(1);
    it.send(1, 4);
    it.do('1 spawns', '1 boots');
    expect(() => it.do('1 takes 9')).toThrow(
      new RangeError(
        "'worker 1 takes call 9' cannot happen now. What can, within the budget of faults: " +
          'worker 1 takes call 4, worker 1 delivers, worker 1 exits.',
      ),
    );
    expect(() => it.do('2 takes')).toThrow(/^'worker 2 takes' cannot happen now/);
    expect(it.events).toHaveLength(1);
  });

  it('names a call where several could be meant, else the first is', () => {
    const it = lab();
    it.host.spawn(1);
    for (const work of [0, 1, 2]) it.send(1, work);
    it.do('1 rejects 1');
    it.do('1 rejects');
    expect(it.events.map((event) => 'work' in event && event.work)).toEqual([1, 0]);
  });

  it('is made of a list that is nobody else’s', () => {
    const { world, host } = lab();
    host.spawn(1);
    const [first] = world.enabled();
    expect(first).toEqual({ type: 'spawns', worker: 1, isFault: false });
    expect(Object.keys(first ?? {})).not.toContain('work');
    Object.assign(first as object, { type: 'boots' });
    expect(offered(world)).toEqual(['1 spawns']);
  });

  it('by a function goes on until it chooses nothing, or nothing is there', () => {
    const { world, host } = lab();
    expect(world.run(() => 0)).toBe(0);
    host.spawn(1);
    let asked = 0;
    expect(world.run(() => (asked++ < 2 ? 0 : undefined))).toBe(2);
    expect(asked).toBe(3);
    expect(world.run(() => 0)).toBe(1);
    host.spawn(2);
    for (const index of [1, -1, 0.5])
      expect(() => world.run(() => index)).toThrow(
        new RangeError(`${index} was chosen of 1 happenings; choose the index of one of them.`),
      );
  });

  it('is nobody’s where the world advances by itself, up to a limit', () => {
    const one = lab();
    expect(one.world.advance()).toBe(false);
    expect(one.world.settle()).toBe(0);
    one.host.spawn(1);
    expect(() => one.world.settle(2)).toThrow(new RangeError('The world had not come to rest after 2 happenings.'));
    const other = lab();
    other.host.spawn(1);
    expect(other.world.settle(3)).toBe(3);
  });
});

describe('the processes of a world', () => {
  it('are seen from when they are asked for until they are released', () => {
    const it = lab({ tasks: () => ({ hangs: true }) });
    it.host.spawn(1);
    it.host.spawn(2);
    const idle = { isAlive: false, running: undefined };
    expect(it.world.processes()).toEqual([
      { worker: 1, pid: 100_002, ...idle },
      { worker: 2, pid: 100_003, ...idle },
    ]);
    it.send(2, 6);
    it.world.settle();
    expect(it.world.processes()[1]).toEqual({
      worker: 2,
      pid: 100_003,
      isAlive: true,
      running: { work: 6, task, args: [6] },
    });
    it.do('2 isKilled');
    expect(it.world.processes()[1]).toEqual({ worker: 2, pid: 100_003, ...idle });
    it.host.release(2);
    expect(it.world.processes().map(({ worker }) => worker)).toEqual([1]);
    expect(offered(it.world)).toEqual([]);
  });

  it('that never came into being are gone when that is known', () => {
    const it = lab();
    it.host.spawn(1);
    it.do('1 failsToSpawn');
    expect(it.world.processes()).toEqual([]);
  });

  it('are of one pool', () => {
    const { world } = lab();
    expect(() => world.host()(() => {})).toThrow(
      new Error('A world holds the processes of one pool; make another world.'),
    );
  });

  it('that are not there let every verb pass', () => {
    const { world, host, send } = lab();
    send(9, 1);
    for (const how of ['stop', 'SIGTERM', 'SIGKILL'] as const) host.end(9, how);
    host.timer(9, 1);
    host.release(9);
    expect(world.processes()).toEqual([]);
    expect(world.settle()).toBe(0);
  });

  it('hold the event loop as they are told', () => {
    const { world, host } = lab();
    expect(world.holds).toBe(false);
    host.hold(true);
    expect(world.holds).toBe(true);
    host.hold(false);
    expect(world.holds).toBe(false);
  });

  it('have their initializer as the call -1, asked for when that first matters, and once', () => {
    const asked: unknown[] = [];
    const tasks: Tasks = ({ work, args }, place) => {
      asked.push([work, args, place]);
      return { result: 0 };
    };
    const it = lab({ tasks }, task);
    it.host.spawn(3);
    it.send(3, 8);
    expect(asked).toEqual([]);
    it.world.settle();
    const place = { worker: 3, pid: 100_004 };
    expect(asked).toEqual([
      [-1, ['init'], place],
      [8, [8], place],
    ]);
  });
});
