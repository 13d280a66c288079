/**
 * The simulated world: what it offers, what it refuses, and that two runs with the same choices are the same run.
 */
import { describe, expect, it } from 'vitest';
import { BrokenProcessPool, SerializationError } from '../../runtime/errors.ts';
import type { Future } from '../../runtime/future.ts';
import type { ProcessPoolExecutorOptions } from '../../runtime/options.ts';
import {
  type Behaviour,
  type Happening,
  replay,
  type Simulation,
  type SimulationOptions,
  simulate,
  type Tasks,
} from '../../runtime/simulation/index.ts';
import { tasksFrom } from '../../runtime/task.ts';
import { expectWarning } from '../helpers/leaks.ts';

interface Module {
  echo<T>(value: T): T;
  fail(message: string): never;
}
const { echo, fail } = tasksFrom<Module>('/simulated.js');

/** The tasks of {@link Module}; `fail` is slow. */
const behave: Tasks = ({ task, args }) =>
  task.name === 'fail' ? { throws: new Error(String(args[0])), micros: 5_000 } : { result: args[0] };

function end({ pool, world }: Simulation): void {
  void pool.killWorkers();
  world.settle();
  expect(pool.state).toBe('joined');
}

/** A generator of numbers in [0, 1): mulberry32, so that a run is known by its seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const shown = ({ type, worker, work }: Happening): string => `${worker} ${type}${work === undefined ? '' : ` ${work}`}`;

describe('what may happen', () => {
  it('nothing happens by itself, and one call lives through the mild happenings in their order', () => {
    const simulation = simulate({ maxWorkers: 1 }, { tasks: behave });
    const { pool, world } = simulation;
    const future = pool.submit(echo, 'value');
    expect(pool.stats().workers.spawning).toBe(1);
    const seen: string[] = [];
    world.run((enabled) => {
      if (enabled.length === 0) return undefined;
      seen.push(enabled.map(shown).join(' | '));
      return 0;
    });
    expect(seen).toEqual(['0 spawns', '0 boots', '0 delivers', '0 takes 0', '0 finishes 0', '0 delivers']);
    expect(future.resultNow()).toBe('value');
    end(simulation);
  });

  it('after a death the exit, the end of the calls and the end of the results may come in every order', () => {
    const orders = new Set<string>();
    for (const order of permutations(['reportsExit', 'endsCalls', 'endsResults'] as const)) {
      const { pool, world } = simulate({ maxWorkers: 1 }, { tasks: behave });
      const future = pool.submit(echo, 1);
      while (!future.running()) world.advance();
      world.happen({ type: 'isKilled', worker: 0 });
      for (const type of order) if (world.enabled().some((it) => it.type === type)) world.happen({ type, worker: 0 });
      expect(world.processes(), order.join()).toEqual([]);
      expect(future.exceptionNow()).toBeInstanceOf(BrokenProcessPool);
      expect(future.exceptionNow()).toMatchObject({ pid: 100_001, signal: 'SIGKILL', activity: 'running' });
      expect(pool.stats().lost).toBe(1);
      orders.add(order.join());
    }
    expect(orders.size).toBe(6);
  });

  it('a result that is on its way arrives before or after the exit, never after the end of the results', () => {
    const { pool, world } = simulate({ maxWorkers: 1 }, { tasks: behave });
    const future = pool.submit(echo, 'late');
    until(world, 'delivers', 1);
    world.happen({ type: 'isKilled', worker: 0 });
    expect(world.enabled().map(shown)).toEqual(['0 delivers', '0 reportsExit', '0 endsCalls']);
    world.happen({ type: 'reportsExit', worker: 0 });
    expect(future.running()).toBe(true);
    world.happen({ type: 'delivers', worker: 0 });
    expect(future.resultNow()).toBe('late');
    expect(pool.state).toBe('running');
    world.settle();
    expect(pool.state).toBe('joined');
  });

  it('a frame that is cut in half takes its result along', () => {
    const { pool, world } = simulate({ maxWorkers: 1 }, { tasks: behave });
    const future = pool.submit(echo, 'cut');
    until(world, 'delivers', 1);
    world.happen({ type: 'cutsFrame', worker: 0 });
    world.settle();
    expect(future.exceptionNow()).toBeInstanceOf(BrokenProcessPool);
    expect(pool.state).toBe('joined');
  });

  it('after garbage nothing more is read, and the process has to be killed', () => {
    const { pool, world } = simulate({ maxWorkers: 1 }, { tasks: () => ({ hangs: true }) });
    const future = pool.submit(echo, 1);
    while (world.processes()[0]?.running === undefined) world.advance();
    world.happen({ type: 'writesGarbage', worker: 0 });
    world.settle();
    expect(future.exceptionNow()).toMatchObject({ signal: 'SIGKILL', cause: { message: /no frame/ } });
    expect(pool.state).toBe('joined');
  });

  it('a choice that is not possible is refused with what is, and nothing has happened', () => {
    const simulation = simulate({ maxWorkers: 1 }, { tasks: behave });
    const { pool, world } = simulation;
    pool.submit(echo, 1);
    const before = pool.stats();
    expect(() => world.happen({ type: 'boots', worker: 0 })).toThrow(RangeError);
    expect(() => world.happen({ type: 'boots', worker: 0 })).toThrow(
      /'worker 0 boots' cannot happen.*: worker 0 spawns\./,
    );
    expect(() => world.happen({ type: 'spawns', worker: 7 })).toThrow(RangeError);
    expect(() => world.run(() => 3)).toThrow(/3 was chosen of 1 happenings/);
    expect(pool.stats()).toEqual(before);
    end(simulation);
  });

  it('run stops when nothing is chosen, and says how much happened', () => {
    const simulation = simulate({ maxWorkers: 1 }, { tasks: behave });
    const { pool, world } = simulation;
    pool.submit(echo, 1);
    let left = 4;
    expect(world.run(() => (left-- > 0 ? 0 : undefined))).toBe(4);
    expect(world.enabled().map(shown)).toEqual(['0 finishes 0']);
    expect(world.settle()).toBe(2);
    expect(world.advance()).toBe(false);
    end(simulation);
  });

  it('a callback that submits for ever is noticed', () => {
    const simulation = simulate({ maxWorkers: 1 }, { tasks: behave });
    const { pool, world } = simulation;
    const again = (): void => {
      if (pool.state === 'running') pool.submit(echo, 1).addDoneCallback(again);
    };
    again();
    expect(() => world.settle(1_000)).toThrow(/not come to rest after 1000 happenings/);
    end(simulation);
  });

  it('a world holds the processes of one pool', () => {
    const { world } = simulate();
    expect(() => world.host()(() => {})).toThrow(/make another world/);
  });
});

describe('faults', () => {
  it('none is offered that has no budget, and each is offered as often as the budget allows', () => {
    const simulation = simulate({ maxWorkers: 2 }, { tasks: behave, faults: { throws: 2 } });
    const { pool, world } = simulation;
    const futures = [1, 2, 3].map((n) => pool.submit(echo, n));
    let offered = 0;
    world.run((enabled) => {
      const fault = enabled.findIndex(({ isFault }) => isFault);
      if (fault < 0) return 0;
      expect(enabled[fault]?.type).toBe('throws');
      offered++;
      return fault;
    });
    expect(offered).toBe(2);
    expect(futures.filter((future) => future.exceptionNow() !== null)).toHaveLength(2);
    end(simulation);
  });

  it('the mild happenings come first', () => {
    const simulation = simulate({ maxWorkers: 2 }, { faults: { isKilled: 1, failsToSpawn: 1 } });
    const { pool, world } = simulation;
    pool.submit(echo, 1);
    pool.submit(echo, 2);
    world.happen({ type: 'spawns', worker: 0 });
    expect(world.enabled().map((it) => `${shown(it)}${it.isFault ? ' (fault)' : ''}`)).toEqual([
      '0 boots',
      '1 spawns',
      '1 failsToSpawn (fault)',
      '0 isKilled (fault)',
    ]);
    end(simulation);
  });

  it('a timer overtakes what is due before it only as a fault', () => {
    const hasty = simulate({ maxWorkers: 1 }, { faults: { timesOut: 1 } });
    hasty.pool.submit(echo, 1);
    expect(hasty.world.enabled().map(shown)).toEqual(['0 spawns', '0 timesOut']);
    hasty.world.happen({ type: 'timesOut', worker: 0 });
    expect(hasty.world.now).toBe(30_000);
    hasty.world.settle();
    expect(hasty.pool.state).toBe('joined');

    const patient = simulate({ maxWorkers: 1 });
    patient.pool.submit(echo, 1);
    expect(patient.world.enabled().map(shown)).toEqual(['0 spawns']);
    end(patient);
  });

  it('any call that was not taken can turn out not to be copyable', () => {
    const simulation = simulate({ maxWorkers: 1, prefetchHorizon: 1_000 }, { tasks: behave });
    const { pool, world } = simulation;
    for (let n = 0; n < 3; n++) pool.submit(echo, n);
    world.settle();
    const futures = [0, 1, 2].map((n) => pool.submit(echo, n));
    world.happen({ type: 'rejects', worker: 0, work: 4 });
    world.settle();
    expect(futures[0]?.resultNow()).toBe(0);
    expect(futures[1]?.exceptionNow()).toBeInstanceOf(SerializationError);
    expect(futures[2]?.resultNow()).toBe(2);
    end(simulation);
  });

  it('a process that outlives SIGKILL is given up with a warning', async () => {
    expectWarning(/Worker process 100001 is still there 5000 ms after SIGKILL/);
    const { pool, world } = simulate({ maxWorkers: 1 }, { tasks: behave });
    pool.submit(echo, 1);
    world.happen({ type: 'spawns', worker: 0 });
    const joined = pool.killWorkers();
    world.happen({ type: 'timesOut', worker: 0 });
    expect(world.processes()).toEqual([]);
    await joined;
  });
});

describe('behaviours', () => {
  const run = (behaviour: Behaviour, options: ProcessPoolExecutorOptions = {}) => {
    const { pool, world } = simulate({ maxWorkers: 1, ...options }, { tasks: () => behaviour });
    const future: Future<unknown> = pool.submit(echo, 'argument');
    world.settle();
    return { pool, world, future };
  };

  it('by default a call returns its first argument', () => {
    const simulation = simulate({ maxWorkers: 1 });
    const future = simulation.pool.submit(echo, 'argument');
    simulation.world.settle();
    expect(future.resultNow()).toBe('argument');
    end(simulation);
  });

  it('a call returns, throws, or comes to what cannot be copied', () => {
    const error = new TypeError('thrown');
    const returns = run({ result: 1 });
    expect(returns.future.resultNow()).toBe(1);
    end(returns);
    const throws = run({ throws: error });
    expect(throws.future.exceptionNow()).toBe(error);
    end(throws);
    for (const side of ['argument', 'result', 'error'] as const) {
      const uncopyable = run({ uncopyable: side });
      expect(uncopyable.future.exceptionNow()).toBeInstanceOf(SerializationError);
      expect(uncopyable.future.exceptionNow()).toMatchObject({ side });
      expect(uncopyable.pool.state).toBe('running');
      end(uncopyable);
    }
  });

  it('a call ends its process, with an error or without', () => {
    const silent = run({ dies: { code: 3, signal: null } });
    expect(silent.future.exceptionNow()).toMatchObject({ exitCode: 3, signal: null, activity: 'running' });
    expect(silent.future.exceptionNow()).not.toHaveProperty('cause');
    const error = new Error('uncaught');
    const loud = run({ dies: { code: 1, signal: null, error } });
    expect(loud.future.exceptionNow()).toMatchObject({ exitCode: 1, cause: error });
  });

  it('a call that hangs is ended by a signal only, and one that ignores SIGTERM by SIGKILL', () => {
    for (const [behaviour, signal, after] of [
      [{ hangs: true }, 'SIGTERM', 0],
      [{ hangs: true, ignoresSigterm: true }, 'SIGKILL', 200],
    ] as const) {
      const lines: string[] = [];
      const { pool, world } = run(behaviour, { killGrace: 200, trace: (line) => lines.push(line) });
      expect(pool.stats().running).toBe(1);
      expect(world.holds).toBe(true);
      const before = world.now;
      void pool.terminateWorkers();
      world.settle();
      expect(pool.state).toBe('joined');
      expect(world.now - before).toBe(after);
      expect(world.holds).toBe(false);
      expect(lines.join('\n')).toContain(`"type":"exited","worker":0,"code":null,"signal":"${signal}"`);
    }
  });

  it('a call that is held ends when it is let go', () => {
    let isOpen = false;
    const { pool, world, future } = run({ result: 'held', until: () => isOpen });
    expect(future.running()).toBe(true);
    expect(world.enabled()).toEqual([]);
    expect(world.processes()).toMatchObject([
      { worker: 0, pid: 100_001, isAlive: true, running: { args: ['argument'] } },
    ]);
    isOpen = true;
    world.settle();
    expect(future.resultNow()).toBe('held');
    end({ pool, world });
  });

  it('virtual time goes from one due time to the next', () => {
    const { pool, world } = simulate(
      { maxWorkers: 2 },
      { tasks: ({ args }) => ({ result: args[0], micros: Number(args[0]) }) },
    );
    const ends: [unknown, number][] = [];
    for (const micros of [5_000_000, 2_000, 250])
      pool.submit(echo, micros).addDoneCallback((future) => ends.push([future.resultNow(), world.now]));
    world.settle();
    expect(ends).toEqual([
      [2_000, 2],
      [250, 2.25],
      [5_000_000, 5_000],
    ]);
    end({ pool, world });
  });

  it('the initializer is asked for as the call -1: it may return, throw, hang, die or be uncopyable', () => {
    const outcomes: [Behaviour, object | null][] = [
      [{ result: undefined }, null],
      [{ throws: new Error('not today') }, { activity: 'starting', exitCode: 1, cause: { message: 'not today' } }],
      [{ hangs: true }, { activity: 'starting', signal: 'SIGKILL' }],
      [{ dies: { code: 0, signal: null } }, { activity: 'starting', exitCode: 0 }],
      [{ uncopyable: 'argument' }, { pid: undefined, cause: expect.any(SerializationError) }],
    ];
    for (const [behaviour, failure] of outcomes) {
      const asked: unknown[] = [];
      const tasks: Tasks = ({ work, task, args }, { pid }) => {
        if (work >= 0) return { result: args[0] };
        asked.push([task.name, args, pid]);
        return behaviour;
      };
      const options = { maxWorkers: 1, bootTimeout: 500, initializer: fail, initArgs: ['argument'] };
      const { pool, world } = simulate(options, { tasks });
      const future: Future<unknown> = pool.submit(echo, 1);
      world.settle();
      expect(asked).toEqual([['fail', ['argument'], 100_001]]);
      if (failure) expect(future.exceptionNow()).toMatchObject(failure);
      else expect(future.resultNow()).toBe(1);
      end({ pool, world });
    }
  });

  it('the items of a chunk succeed and fail each alone, and die together', async () => {
    const tasks: Tasks = ({ args: [item] }) => {
      if (item === 2) return { throws: new Error('two') };
      if (item === 3) return { uncopyable: 'argument' };
      if (item === 5) return { dies: { code: 9, signal: null } };
      return { result: `item ${item}` };
    };
    const simulation = simulate({ maxWorkers: 1 }, { tasks });
    const results = simulation.pool.map(echo, [1, 2, 3, 4], { chunksize: 4 });
    simulation.world.settle();
    expect(await results.next()).toEqual({ done: false, value: 'item 1' });
    await expect(results.next()).rejects.toThrow('two');
    await expect(results.next()).rejects.toThrow(SerializationError);
    expect(await results.next()).toEqual({ done: false, value: 'item 4' });
    const dying = simulation.pool.map(echo, [4, 5], { chunksize: 2 });
    simulation.world.settle();
    await expect(dying.next()).rejects.toMatchObject({ exitCode: 9 });
    end(simulation);
  });
});

/** A random run: a workload and an order of happenings, both of the seed alone. */
function randomRun(
  seed: number,
  simulation: SimulationOptions,
): { lines: string[]; futures: Future<unknown>[]; seen: Set<string> } & Simulation {
  const next = seeded(seed);
  const below = (n: number): number => Math.floor(next() * n);
  const lines: string[] = [];
  const options: ProcessPoolExecutorOptions = {
    maxWorkers: 1 + below(3),
    prefetchHorizon: [0, 1, 20][below(3)] ?? 1,
    trace: (line) => lines.push(line),
    ...(below(3) === 0 ? { maxTasksPerChild: 1 + below(3) } : {}),
  };
  const { pool, world } = simulate(options, { tasks: behave, ...simulation });
  const futures: Future<unknown>[] = [];
  const seen = new Set<string>();
  const submit = (): void => {
    if (pool.state !== 'running') return;
    const index = futures.length;
    const future: Future<unknown> = below(6) === 0 ? pool.submit(fail, `call ${index}`) : pool.submit(echo, index);
    futures.push(future);
    // Commands from inside callbacks: also while the pool breaks.
    future.addDoneCallback(() => {
      if (below(8) === 0) submit();
      if (below(8) === 0) futures[below(futures.length)]?.cancel();
    });
  };
  for (let round = 0; round < 40; round++) {
    const dice = below(20);
    if (dice < 5) submit();
    else if (dice === 5) futures[below(futures.length)]?.cancel();
    else if (dice === 6 && round > 30) void pool.shutdown({ cancelFutures: below(2) === 0 });
    else if (dice === 7 && round > 35 && simulation.faults)
      void (below(2) === 0 ? pool.terminateWorkers() : pool.killWorkers());
    else {
      let steps = below(6);
      world.run((enabled) => {
        const chosen = steps-- > 0 ? below(enabled.length) : undefined;
        if (chosen !== undefined) seen.add(`${enabled[chosen]?.type}${enabled[chosen]?.isFault ? ' (fault)' : ''}`);
        return chosen;
      });
    }
  }
  world.settle();
  return { pool, world, lines, futures, seen };
}

const oneOfEach = {
  failsToSpawn: 1,
  failsToBoot: 1,
  rejects: 1,
  throws: 1,
  cannotCopy: 1,
  crashes: 1,
  exits: 1,
  isKilled: 1,
  cutsFrame: 1,
  losesFrames: 1,
  misreads: 1,
  ignoresSignal: 1,
  writesGarbage: 1,
  closesCalls: 1,
  closesResults: 1,
};
const kinds = Object.keys(oneOfEach) as (keyof typeof oneOfEach)[];
/** Two kinds of faults for each seed. */
const faultsOf = (seed: number) => ({
  [kinds[seed % kinds.length] as string]: 1,
  [kinds[(seed >> 4) % kinds.length] as string]: 1,
});

describe('random runs', () => {
  it('with no faults every call comes to what its behaviour says, unless it was cancelled', () => {
    for (let seed = 1; seed <= 150; seed++) {
      const { pool, world, futures } = randomRun(seed, {});
      futures.forEach((future, index) => {
        const error = future.cancelled() ? null : (future.exceptionNow() as Error | null);
        if (future.cancelled()) return;
        if (error) expect(error.message, `seed ${seed}`).toBe(`call ${index}`);
        else expect(future.resultNow(), `seed ${seed}`).toBe(index);
      });
      expect(pool.stats().lost, `seed ${seed}`).toBe(0);
      end({ pool, world });
    }
  });

  it('with faults every future settles, no defect shows, no process stays; every kind of happening was seen', () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= 400; seed++) {
      const run = randomRun(seed, { faults: faultsOf(seed) });
      for (const future of run.futures) expect(future.done(), `seed ${seed}`).toBe(true);
      expect(run.world.holds, `seed ${seed}`).toBe(false);
      void run.pool.shutdown();
      run.world.settle();
      expect(run.pool.state, `seed ${seed}`).toBe('joined');
      expect(run.world.processes(), `seed ${seed}`).toEqual([]);
      expect(run.lines.join('\n'), `seed ${seed}`).not.toContain('internalFailure');
      for (const kind of run.seen) seen.add(kind);
    }
    const mild = 'spawns boots takes finishes delivers leaves obeysSignal reportsExit endsCalls endsResults timesOut';
    expect([...seen].sort()).toEqual([...mild.split(' '), ...kinds.map((kind) => `${kind} (fault)`)].sort());
  });

  it('the same choices give the same trace, to the letter, and other choices another', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const simulation = { faults: faultsOf(seed) };
      const first = randomRun(seed, simulation).lines;
      expect(randomRun(seed, simulation).lines).toEqual(first);
    }
    expect(randomRun(1, {}).lines).not.toEqual(randomRun(2, {}).lines);
  });

  it('a recorded trace is enough to replay the run', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const { lines } = randomRun(seed, { faults: faultsOf(seed) });
      expect(replay(lines), `seed ${seed}`).toEqual({ steps: lines.length - 1, mismatches: [] });
    }
  });
});

describe('replay', () => {
  const record = (): string[] => {
    const lines: string[] = [];
    const { pool, world } = simulate({ maxWorkers: 1, trace: (line) => lines.push(line) }, { tasks: behave });
    const futures = [1, 2].map((n) => pool.submit(echo, n));
    futures[1]?.cancel();
    void pool.shutdown();
    world.settle();
    return lines;
  };

  it('names the step at which an altered trace goes another way', () => {
    const lines = record();
    const place = lines.findIndex((line) => line.includes('"outcome":"result"'));
    const altered = lines.with(place, lines[place]!.replace('"outcome":"result"', '"outcome":"exception"'));
    const { steps, mismatches } = replay(altered);
    expect(steps).toBe(lines.length - 1);
    expect(mismatches[0]).toMatch(
      new RegExp(`^step ${place}, outcomeReceived: state .*"succeeded":1.* when recorded, .*"failed":1.* here\\.$`),
    );
  });

  it('stops at a step that cannot be', () => {
    const lines = record();
    const place = lines.findIndex((line) => line.includes('"type":"spawned"'));
    const repeated = JSON.stringify({ ...JSON.parse(lines[place]!), step: place + 1 });
    const { steps, mismatches } = replay([...lines.slice(0, place + 1), repeated]);
    expect(steps).toBe(place);
    expect(mismatches).toEqual([expect.stringMatching(/spawned: it throws here: .*cannot happen in 'booting'/)]);
    const lost = lines.map((line) => line.replace('"type":"cancel","work":1', '"type":"cancel","work":9'));
    expect(replay(lost).mismatches.at(-1)).toMatch(/it names call 9, never submitted/);
  });

  it('refuses what is no trace', () => {
    const [header = '', ...steps] = record();
    expect(() => replay([])).toThrow(/trace is empty/);
    expect(() => replay(['{"other":1}'])).toThrow(TypeError);
    expect(() => replay(['no json'])).toThrow(SyntaxError);
    expect(() => replay([header, 'null'])).toThrow(/no trace of procfutures/);
    expect(() => replay([header, ...steps.slice(1)])).toThrow(/step 1 was to come/);
  });

  const NO_TRACE = 'This is no trace of procfutures (the lines that the option `trace` of a pool gets)';

  it.each([
    ['{"procfutures":2,"options":{}}', `, version 1: its first line is {"procfutures":2,"options":{}}`],
    ['{"procfutures":1}', ', version 1: its first line is {"procfutures":1}'],
    [`{"other":"${'x'.repeat(90)}"}`, `, version 1: its first line is {"other":"${'x'.repeat(70)}`],
    ['5', ': 5'],
    ['null', ': null'],
    [`"${'x'.repeat(90)}"`, `: "${'x'.repeat(79)}`],
  ])('says of the first line %s what it should have been', (line, why) => {
    expect(() => replay([line])).toThrow(new TypeError(NO_TRACE + why));
  });

  it.each(['{"step":2,"event":{"type":"shutdown"}}', '{"step":1}', '{"step":1,"event":{}}', '{"step":1,"event":null}'])(
    'says of the line %s which step was to come',
    (line) => {
      const [header = ''] = record();
      const padded = line.replace('}', `${' '.repeat(60)}}`);
      expect(() => replay([header, padded])).toThrow(
        new TypeError(`${NO_TRACE}: step 1 was to come, and there is ${padded.slice(0, 80)}`),
      );
    },
  );

  it('replays whatever a call came to, and a future that its owner settled', () => {
    const lines: string[] = [];
    const options = { maxWorkers: 1, trace: (line: string) => void lines.push(line) };
    const { pool, world } = simulate(options, { tasks: behave });
    pool.submit(fail, 'on purpose');
    const future = pool.submit(echo, 1);
    future.setResult(2);
    const other = pool.submit(echo, 1);
    other.setException(new Error('mine'));
    void pool.shutdown();
    world.settle();
    expect(lines.filter((line) => line.includes('"type":"settle"'))).toHaveLength(2);
    expect(replay(lines)).toEqual({ steps: lines.length - 1, mismatches: [] });
    const gone = lines.map((line) => line.replace('"type":"settle","work":1', '"type":"settle","work":8'));
    expect(replay(gone).mismatches.at(-1)).toMatch(/^step \d+, settle: it names call 8, never submitted\.$/);
    for (const [was, is] of [
      ['exception', 'result'],
      ['result', 'exception'],
    ]) {
      const other = lines.map((line) => line.replace(`"outcome":"${was}"`, `"outcome":"${is}"`));
      expect(replay(other).mismatches).not.toEqual([]);
    }
  });
});

function* permutations<T>(items: readonly T[]): Generator<T[]> {
  if (items.length === 0) yield [];
  for (const [place, item] of items.entries())
    for (const rest of permutations(items.toSpliced(place, 1))) yield [item, ...rest];
}

/** Lets mild things happen until `type` was offered `after` times and is again: first `ready` is delivered. */
function until(world: Simulation['world'], type: Happening['type'], after: number): void {
  let passed = 0;
  for (;;) {
    const offered = world.enabled().some((it) => it.type === type);
    if (offered && passed++ === after) return;
    if (!world.advance()) throw new Error(`the world is at rest, and '${type}' was not offered ${after + 1} times`);
  }
}
