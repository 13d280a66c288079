/**
 * One schedule: a client with a program of its own, simulated processes, and somebody who chooses who goes next. First
 * with faults, then without: by then all must come to a good end.
 */
import type { Charts } from '../../machines/index.ts';
import type { Edge } from '../../properties/edge.ts';
import type { HostFactory } from '../../runtime/host.ts';
import type { ProcessPoolExecutorOptions } from '../../runtime/options.ts';
import { FAULTS } from '../../runtime/simulation/faults.ts';
import { type Behaviour, type Faults, type Happening, type Tasks, World } from '../../runtime/simulation/index.ts';
import { inline, tasksFrom } from '../../runtime/task.ts';
import type { Letter } from './call-log.ts';
import { Client } from './client.ts';
import { Dice } from './dice.ts';
import { OpenPool } from './looking-on.ts';
import type { Sights } from './sights.ts';
import { CLIENT, type Method, strategyOf } from './strategy.ts';

const { call } = tasksFrom<{ call(n: number): unknown }>('/simulated.js');
const other = inline((n: number): unknown => n);
const boot = inline((): void => {});

const KINDS = FAULTS.map(({ type }) => type as keyof Faults);

/** Faults may happen up to this event. */
const FAULTY_EVENTS = 60;

/** What a schedule is made of. */
export interface Scenario {
  readonly seed: number;
  readonly method: Method;
}

/** What is done to it besides. */
export interface ScheduleOptions {
  /** @defaultValue the compiled tables */
  readonly charts?: Charts;
  /** Puts something between the driver and the simulated host. */
  readonly wrap?: (host: HostFactory) => HostFactory;
  /** Gets the trace, as the option of a pool does. */
  readonly trace?: (line: string) => void;
  /** @defaultValue true */
  readonly judges?: boolean;
  /** Collects what was seen. */
  readonly sights?: Sights;
}

/** What came of it. */
export interface ScheduleResult {
  /** What the client did, and what happened. */
  readonly events: number;
  readonly calls: number;
  /** What is wrong, if anything is. */
  readonly trouble: string | undefined;
  /** A call whose history is not linearizable, if there is one. */
  readonly badHistory: string | undefined;
  /** To be asked when promises have had their turn. */
  readonly brokenPromise: () => string | undefined;
}

/** Runs one schedule; equal scenarios run equally. */
export function runSchedule({ seed, method }: Scenario, options: ScheduleOptions = {}): ScheduleResult {
  const { charts, wrap, trace, judges = true, sights } = options;
  const dice = new Dice(seed);
  const tasks = tasksOf(dice.below(1 << 30));
  const world = new World({ tasks, faults: faultsOf(dice) });
  const made = optionsOf(dice);
  let defect = false;
  const onStep = (edge: Edge): void => {
    defect ||= edge.event.type === 'internalFailure';
    sights?.lookAt(edge);
  };
  const onlooker = judges ? { judges, onStep } : { judges };
  const host = world.host(made);
  const pool = new OpenPool(trace ? { ...made, trace } : made, wrap ? wrap(host) : host, onlooker, charts);
  const client = new Client(pool.pool, dice, [call, other]);
  const choose = strategyOf(method, dice);
  const note = (happening: Happening): void => {
    client.note(happening.work, markOf(happening, tasks));
    sights?.happens(happening);
  };
  sights?.begin();
  const brokenPromise = () => client.brokenPromise();
  let events = 0;
  let isClientsTurn = false;
  const next = (enabled: readonly Happening[]): number | undefined => {
    if (events >= FAULTY_EVENTS) return undefined;
    const chosen = enabled.length === 0 ? CLIENT : choose(enabled, client.hasMore);
    isClientsTurn = chosen === CLIENT && client.hasMore;
    if (chosen === CLIENT) return undefined;
    const happening = enabled[chosen] as Happening;
    events++;
    note(happening);
    return chosen;
  };
  try {
    do {
      isClientsTurn = client.hasMore && events < FAULTY_EVENTS;
      world.run(next);
      if (isClientsTurn) {
        events++;
        client.act();
      }
    } while (isClientsTurn);
    events += settle(world, note);
    client.leave();
    events += settle(world, note);
  } catch (error) {
    const why = error instanceof Error ? error.stack : String(error);
    return { events, calls: client.calls, trouble: `it throws ${why}`, badHistory: undefined, brokenPromise };
  }
  const { breach } = pool;
  const trouble = breach
    ? `${breach.invariant.id} is broken: ${breach.invariant.sentence} ${breach.why}`
    : defect
      ? 'the driver has met a defect of our own (internalFailure)'
      : (client.trouble() ?? troubleAtTheEnd(world, pool));
  return { events, calls: client.calls, trouble, badHistory: client.badHistory(), brokenPromise };
}

/** Without faults: the healthy world goes on until it is at rest. */
function settle(world: World, note: (happening: Happening) => void): number {
  let left = 10_000;
  return world.run((enabled) => {
    const mild = enabled.findIndex(({ isFault }) => !isFault);
    if (mild < 0) return undefined;
    if (left-- === 0) throw new Error('the world does not come to rest without faults');
    note(enabled[mild] as Happening);
    return mild;
  });
}

function troubleAtTheEnd(world: World, { pool }: OpenPool): string | undefined {
  if (pool.state !== 'joined') return `after shutdown() and at rest the pool is '${pool.state}'`;
  if (world.processes().length > 0) return `${world.processes().length} processes outlive their pool`;
  return world.holds ? 'the event loop would be kept alive after the end' : undefined;
}

/** What each call does is a matter of its number alone. */
function tasksOf(salt: number): Tasks {
  const isRare = salt % 3 === 0;
  return ({ work }): Behaviour => {
    const dice = new Dice(salt + work);
    if (work < 0) return dice.oneIn(20) ? { throws: new Error('The initializer failed.') } : { result: undefined };
    const micros = dice.pick([1, 50, 5_000]);
    const ignoresSigterm = dice.oneIn(8);
    const end = dice.below(isRare ? 12 : 40);
    if (end === 0) return { dies: { code: 7, signal: null }, micros, ignoresSigterm };
    if (end === 1) return { uncopyable: 'argument', micros };
    if (end === 2) return { uncopyable: 'result', micros };
    return end < 7 ? { throws: work, micros, ignoresSigterm } : { result: work, micros, ignoresSigterm };
  };
}

/** What the process of a call would write down at this happening. */
function markOf({ type, work = -1 }: Happening, tasks: Tasks): Letter | undefined {
  if (type === 'takes') return 's';
  if (type === 'throws') return 'y';
  if (type === 'cannotCopy') return 'x';
  if (type !== 'finishes') return undefined;
  const end = tasks({ work, task: call, args: [] }, NOWHERE);
  return 'dies' in end ? undefined : 'throws' in end ? 'y' : 'x';
}

const NOWHERE = { worker: 0, pid: 0 };

/** Two kinds in most runs, many in some, none in others. */
function faultsOf(dice: Dice): Faults {
  const kinds = dice.pick([0, 1, 2, 2, 3, KINDS.length]);
  const faults: { -readonly [kind in keyof Faults]: number } = {};
  if (kinds === KINDS.length) for (const kind of KINDS) faults[kind] = 1;
  else for (let i = 0; i < kinds; i++) faults[dice.pick(KINDS)] = 1 + dice.below(2);
  return faults;
}

function optionsOf(dice: Dice): ProcessPoolExecutorOptions {
  return {
    maxWorkers: 1 + dice.below(3),
    prefetchHorizon: dice.pick([0, 1, 20]),
    ...(dice.oneIn(3) ? { maxTasksPerChild: 1 + dice.below(3) } : {}),
    ...(dice.oneIn(4) ? { initializer: boot } : {}),
  };
}
