/**
 * A host with an observer in front of it: every event is kept, and the guarantees that hold for every test are checked
 * when the seam is closed.
 */
import type { Observation } from 'procfutures/machines';
import type { HostFactory, WorkerHost } from 'procfutures/simulation';
import { expect, onTestFinished } from 'vitest';
import type { HostWorld } from './host-world.ts';

type Of<Type extends Observation['type']> = Extract<Observation, { type: Type; worker: unknown }>;
type WorkerEvent = Extract<Observation, { worker: unknown }>;

/** A host, and what it has reported. */
export interface Seam {
  readonly host: WorkerHost;
  readonly events: readonly WorkerEvent[];
  /** The first event of this type of this worker, once there is one. */
  next<Type extends WorkerEvent['type']>(type: Type, worker?: number): Promise<Of<Type>>;
  /** What came of this worker, by type. */
  types(worker?: number): string[];
  /** The calls of this worker that have ended, in the order in which that was reported. */
  ended(worker?: number): number[];
  /** Starts a worker and waits until it is ready. */
  start(worker?: number): Promise<void>;
}

/**
 * Opens a seam for one test.
 *
 * @param onEvent - runs inside `emit`, as the driver's effects do
 */
export function openSeam(
  world: HostWorld,
  factory: HostFactory,
  onEvent?: (event: WorkerEvent, host: WorkerHost) => void,
): Seam {
  const events: WorkerEvent[] = [];
  const broken: string[] = [];
  const spawned = new Set<number>();
  const released = new Set<number>();
  let verb: string | undefined;

  const raw = factory((event) => {
    if (!('worker' in event)) return void broken.push(`a host reported ${event.type}`);
    if (verb) broken.push(`${event.type} of worker ${event.worker} came from inside ${verb}()`);
    if (released.has(event.worker)) broken.push(`${event.type} of worker ${event.worker} came after its release`);
    events.push(event);
    onEvent?.(event, host);
  });
  const guarded =
    <Args extends unknown[]>(name: string, fn: (...args: Args) => void) =>
    (...args: Args): void => {
      const outer = verb;
      verb = name;
      fn(...args);
      verb = outer;
    };
  const host: WorkerHost = {
    spawn: guarded('spawn', (worker) => {
      spawned.add(worker);
      raw.spawn(worker);
    }),
    send: guarded('send', (worker, call) => raw.send(worker, call)),
    end: guarded('end', (worker, how) => raw.end(worker, how)),
    timer: guarded('timer', (worker, ms) => raw.timer(worker, ms)),
    release: guarded('release', (worker) => {
      released.add(worker);
      raw.release(worker);
    }),
    hold: guarded('hold', (on) => raw.hold(on)),
  };
  const of = (worker: number): WorkerEvent[] => events.filter((event) => event.worker === worker);
  const has = (worker: number, ...types: string[]): boolean => of(worker).some(({ type }) => types.includes(type));

  onTestFinished(async () => {
    for (const worker of spawned) {
      if (released.has(worker)) continue;
      if (!has(worker, 'exited', 'spawnFailed')) host.end(worker, 'SIGKILL');
      await world.until(() => has(worker, 'exited', 'spawnFailed'), `the end of worker ${worker}`);
      host.release(worker);
    }
    host.hold(false);
    for (const worker of spawned) broken.push(...brokenOrder(of(worker)));
    expect(broken).toEqual([]);
  });

  return {
    host,
    events,
    types: (worker = 0) => of(worker).map(({ type }) => type),
    ended: (worker = 0) =>
      of(worker).flatMap((event) =>
        event.type === 'outcomeReceived' || event.type === 'callRejected' ? [event.work] : [],
      ),
    async next<Type extends WorkerEvent['type']>(type: Type, worker = 0) {
      await world.until(
        () => has(worker, type),
        `${type} of worker ${worker}; seen: ${of(worker).map((it) => it.type)}`,
      );
      return of(worker).find((event) => event.type === type) as Of<Type>;
    },
    async start(worker = 0) {
      host.spawn(worker);
      await world.until(() => has(worker, 'ready'), `worker ${worker} to be ready`);
    },
  };
}

/** What `runtime/host.ts` guarantees for the events of one worker, and how they break it. */
export function brokenOrder(events: readonly WorkerEvent[]): string[] {
  const broken: string[] = [];
  const types = events.map(({ type }) => type).filter((type) => type !== 'timerFired');
  const worker = events[0]?.worker;
  const complain = (what: string): void => void broken.push(`worker ${worker}: ${what} (${types.join(', ')})`);
  const outcomes = types.flatMap((type, place) => (type === 'outcomeReceived' ? [place] : []));
  const place = (type: string): number => types.indexOf(type as never);
  if (types.length > 0 && place('spawned') !== 0 && place('spawnFailed') !== 0)
    complain('spawned or spawnFailed comes first');
  if (place('spawnFailed') >= 0 && types.length > 1) complain('after spawnFailed nothing comes');
  if (outcomes.length > 0 && !(place('ready') >= 0 && place('ready') < outcomes[0]!))
    complain('ready precedes every outcome');
  if (place('channelEnded') >= 0 && outcomes.some((it) => it > place('channelEnded')))
    complain('no outcome after channelEnded');
  for (const once of ['spawned', 'ready', 'exited', 'callsEnded', 'channelEnded'])
    if (types.filter((type) => type === once).length > 1) complain(`${once} comes once`);
  const works = events.flatMap((event) => (event.type === 'outcomeReceived' ? [event.work] : []));
  if (works.some((work, at) => at > 0 && work <= works[at - 1]!)) complain('outcomes come in the order of send');
  return broken;
}
