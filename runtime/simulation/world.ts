/**
 * The simulated world: what may happen next, and a `WorkerHost` whose processes live there, in virtual time.
 *
 * Guarantees
 * - Nothing happens by itself, least of all inside a verb of the host: somebody chooses, with `happen`, `run`,
 *   `advance` or `settle`.
 * - Two worlds that are given the same commands and choices do the same: no clock, no randomness, no timer, no promise.
 * - With no fault budget whatever is chosen converges: `settle` comes to rest, and only what hangs by its behaviour is
 *   left.
 */
import type { Ending } from '../../machines/effects.ts';
import type { Observation } from '../../machines/events.ts';
import type { WorkerId } from '../../machines/vocabulary.ts';
import type { Call, HostFactory, WorkerHost } from '../host.ts';
import type { Task } from '../task.ts';
import { echoes, type Tasks } from './behaviour.ts';
import { Candidate } from './candidate.ts';
import { FAULTS } from './faults.ts';
import {
  apply,
  type FaultType,
  type Found,
  type Happening,
  MILD,
  type MildType,
  type Rule,
  type Stage,
  TIMER,
} from './happenings.ts';
import { SentCall, SimulatedProcess } from './process.ts';

/** How often each kind of fault may happen; none that is not named. */
export type Faults = { readonly [type in FaultType]?: number };

/** What makes one world differ from another. */
export interface WorldOptions {
  /**
   * What each call does.
   * @defaultValue returns its first argument after 100 microseconds
   */
  readonly tasks?: Tasks;
  /** @defaultValue none */
  readonly faults?: Faults;
}

/** A happening to be chosen; `work` where there is more than one call that it could concern. */
export type Choice = { readonly type: MildType | FaultType } & Pick<Happening, 'worker' | 'work'>;

/** A process as an onlooker sees it. */
export interface ProcessView {
  readonly worker: WorkerId;
  readonly pid: number;
  readonly isAlive: boolean;
  /** The call that it runs. */
  readonly running: Call | undefined;
}

/** Pids of simulated processes are made up, and recognisable. */
const FIRST_PID = 100_001;

/** The processes of one simulated pool. */
export class World {
  readonly #tasks: Tasks;
  readonly #budget: { [type in FaultType]?: number };
  /** The faults that it allows, in canonical order. */
  #affordable: readonly Rule[];
  readonly #processes = new Map<WorkerId, SimulatedProcess>();
  #emit: ((event: Observation) => void) | undefined;
  #now = 0;
  #holds = false;
  readonly #stage: Stage;

  constructor({ tasks = echoes, faults = {} }: WorldOptions = {}) {
    this.#tasks = tasks;
    this.#budget = { ...faults };
    this.#affordable = this.#withinBudget();
    const world = this;
    this.#stage = {
      get now() {
        return world.#now;
      },
      emit: (event) => this.#emit?.(event),
      strike: ({ id }) => this.#processes.delete(id),
    };
  }

  /** Virtual milliseconds since the world began. */
  get now(): number {
    return this.#now;
  }

  /** Whether a pool on real processes would now keep the event loop alive. */
  get holds(): boolean {
    return this.#holds;
  }

  /** The processes that were asked for and not released, oldest first. */
  processes(): ProcessView[] {
    return [...this.#processes.values()].map((it) => ({
      worker: it.id,
      pid: it.pid,
      isAlive: it.isAlive,
      running: it.running?.call,
    }));
  }

  /**
   * All that may happen next, in canonical order: what is mild (a timer only when nothing else is due before it), then
   * faults within the budget.
   */
  enabled(): Happening[] {
    return this.#candidates(this.#affordable).map(({ happening }) => ({ ...happening }));
  }

  /**
   * Lets one thing happen; time moves on to where it is due. A fault may be beyond the budget, but not beyond physics.
   *
   * @throws RangeError when it cannot happen now; nothing has happened then
   */
  happen(choice: Choice): void {
    const { type, worker, work } = choice;
    const found = this.#candidates(FAULTS).find((it) => it.is(type, worker, work));
    if (found) return this.#perform(found);
    const enabled = this.enabled().map(nameOf).join(', ');
    throw new RangeError(
      `'${nameOf(choice)}' cannot happen now. What can, within the budget of faults: ${enabled || 'nothing'}.`,
    );
  }

  /**
   * Lets the mild happening that is due first happen, the first in canonical order of several.
   *
   * @returns false when there is none: all is at rest, but for what hangs
   */
  advance(): boolean {
    const [first, ...others] = this.#candidates(NO_FAULTS);
    if (!first) return false;
    this.#perform(others.reduce((least, it) => (it.due < least.due ? it : least), first));
    return true;
  }

  /**
   * Lets everything mild happen, timers included when nothing else is due, until all is at rest.
   *
   * @param limit - how many happenings are too many, as when a callback submits for ever
   * @returns how many things happened
   * @throws RangeError beyond the limit
   */
  settle(limit = 1_000_000): number {
    let count = 0;
    while (this.advance())
      if (++count > limit) throw new RangeError(`The world had not come to rest after ${limit} happenings.`);
    return count;
  }

  /**
   * Lets happen what `choose` chooses, until it chooses nothing or nothing can happen.
   *
   * @param choose - gets what {@link World.enabled} gives; returns an index into it, or `undefined` to stop
   * @returns how many things happened
   * @throws RangeError when it chooses what is not there
   */
  run(choose: (enabled: readonly Happening[]) => number | undefined): number {
    for (let count = 0; ; count++) {
      const candidates = this.#candidates(this.#affordable);
      const index = candidates.length > 0 ? choose(candidates) : undefined;
      if (index === undefined) return count;
      const chosen = candidates[index];
      if (!chosen)
        throw new RangeError(
          `${index} was chosen of ${candidates.length} happenings; choose the index of one of them.`,
        );
      this.#perform(chosen);
    }
  }

  /**
   * The host whose processes live here, for one pool.
   *
   * @param options - of the pool: its initializer is asked for as the call -1
   */
  host(
    options: {
      readonly initializer?: Task<never, unknown> | undefined;
      readonly initArgs?: readonly unknown[] | undefined;
    } = {},
  ): HostFactory {
    const { initializer, initArgs = [] } = options;
    return (emit) => {
      if (this.#emit) throw new Error('A world holds the processes of one pool; make another world.');
      this.#emit = emit;
      const boot = initializer ? { work: -1, task: initializer as Task, args: initArgs } : undefined;
      return this.#makeHost(boot);
    };
  }

  #makeHost(boot: Call | undefined): WorkerHost {
    const processes = this.#processes;
    return {
      spawn: (worker) => {
        const pid = FIRST_PID + worker;
        const initializer = boot && new SentCall(boot, this.#tasks, { worker, pid });
        processes.set(worker, new SimulatedProcess(worker, pid, initializer));
      },
      send: (worker, call) => {
        const process = processes.get(worker);
        if (process) process.calls.push(new SentCall(call, this.#tasks, { worker, pid: process.pid }));
      },
      end: (worker, how) => endProcess(processes.get(worker), how),
      timer: (worker, ms) => {
        const process = processes.get(worker);
        if (process) process.timer = ms === undefined ? undefined : this.#now + ms;
      },
      release: (worker) => {
        processes.delete(worker);
      },
      hold: (on) => {
        this.#holds = on;
      },
    };
  }

  /** All that can happen, in canonical order. */
  #candidates(faults: readonly Rule[]): Candidate[] {
    const found: Candidate[] = [];
    const addMild: Found = (rule, process, call) => void found.push(new Candidate(rule, process, call, false));
    for (const process of this.#processes.values()) for (const rule of MILD) apply(rule, process, addMild);
    const timer = this.#nextTimer(found);
    if (timer) found.push(new Candidate(TIMER, timer, undefined, false));
    const addFault: Found = (rule, process, call) => void found.push(new Candidate(rule, process, call, true));
    for (const rule of faults)
      for (const process of this.#processes.values())
        if (rule !== TIMER || process !== timer) apply(rule, process, addFault);
    return found;
  }

  /** Whose timer fires first, if it does before all that is mild. */
  #nextTimer(mild: readonly Candidate[]): SimulatedProcess | undefined {
    let timer: SimulatedProcess | undefined;
    for (const process of this.#processes.values())
      if (process.timer !== undefined && process.timer < (timer?.timer ?? Number.POSITIVE_INFINITY)) timer = process;
    return timer && mild.every(({ due }) => (timer.timer as number) < due) ? timer : undefined;
  }

  #withinBudget(): readonly Rule[] {
    return FAULTS.filter(({ type }) => (this.#budget[type as FaultType] ?? 0) > 0);
  }

  #perform(chosen: Candidate): void {
    if (chosen.isFault) {
      const type = chosen.type as FaultType;
      this.#budget[type] = Math.max(0, (this.#budget[type] ?? 0) - 1);
      this.#affordable = this.#withinBudget();
    }
    this.#now = Math.max(this.#now, chosen.due);
    chosen.happen(this.#stage);
  }
}

const NO_FAULTS: readonly Rule[] = [];

function endProcess(process: SimulatedProcess | undefined, how: Ending): void {
  if (!process) return;
  if (how === 'stop') process.isAskedToLeave = true;
  else if (process.signal !== 'SIGKILL') process.signal = how;
}

function nameOf({ type, worker, work }: Choice): string {
  return work === undefined ? `worker ${worker} ${type}` : `worker ${worker} ${type} call ${work}`;
}
