/**
 * The simulated world: what may happen next, and a `WorkerHost` whose processes live there, in virtual time.
 *
 * Guarantees
 * - Nothing happens by itself, least of all inside a verb of the host: somebody chooses, with `happen`, `run`, `advance` or `settle`.
 * - Two worlds that are given the same commands and choices do the same: no clock, no randomness, no timer, no promise.
 * - With no fault budget whatever is chosen converges: `settle` comes to rest, and only what hangs by its behaviour is left.
 */
import type { Ending } from '../../machines/effects.ts';
import type { Observation } from '../../machines/events.ts';
import type { WorkerId } from '../../machines/vocabulary.ts';
import type { Call, HostFactory, WorkerHost } from '../host.ts';
import type { Task } from '../task.ts';
import { echoes, type Tasks } from './behaviour.ts';
import { FAULTS } from './faults.ts';
import { type FaultType, type Happening, MILD, type MildType, type Rule, type Stage, TIMER } from './happenings.ts';
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
  readonly #processes = new Map<WorkerId, SimulatedProcess>();
  #emit: ((event: Observation) => void) | undefined;
  #now = 0;
  #holds = false;
  readonly #stage: Stage;

  constructor({ tasks = echoes, faults = {} }: WorldOptions = {}) {
    this.#tasks = tasks;
    this.#budget = { ...faults };
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
   * All that may happen next, in canonical order: what is mild (a timer only when nothing else is due before it), then faults
   * within the budget.
   */
  enabled(): Happening[] {
    const found: Happening[] = [];
    for (const process of this.#processes.values()) for (const rule of MILD) addEnabled(found, rule, process, false);
    const timer = this.#mildTimer();
    if (timer) addEnabled(found, TIMER, timer, false);
    for (const rule of FAULTS) {
      if (!((this.#budget[rule.type as FaultType] ?? 0) > 0)) continue;
      for (const process of this.#processes.values())
        if (rule !== TIMER || process !== timer) addEnabled(found, rule, process, true);
    }
    return found;
  }

  /**
   * Lets one thing happen; time moves on to where it is due. A fault may be beyond the budget, but not beyond physics.
   *
   * @throws RangeError when it cannot happen now; nothing has happened then
   */
  happen(choice: Choice): void {
    const process = this.#processes.get(choice.worker);
    const timer = this.#mildTimer();
    for (const rule of ALL) {
      if (!process || rule.type !== choice.type) continue;
      const call = rule
        .calls?.(process)
        .find(({ call: { work } }) => choice.work === undefined || choice.work === work);
      if ((rule.calls && !call) || !rule.can(process, call)) continue;
      if (FAULTS.includes(rule) && (rule !== TIMER || process !== timer)) this.#draw(rule.type as FaultType);
      return this.#perform(rule, process, call);
    }
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
    const next = this.#next();
    const timer = this.#mildTimer(next);
    if (timer) this.#perform(TIMER, timer, undefined);
    else if (next) this.#perform(next.rule, next.process, next.call);
    return (timer ?? next) !== undefined;
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
      const enabled = this.enabled();
      const index = enabled.length > 0 ? choose(enabled) : undefined;
      if (index === undefined) return count;
      const choice = enabled[index];
      if (!choice)
        throw new RangeError(`${index} was chosen among ${enabled.length} happenings; choose an index of one of them.`);
      this.happen(choice);
    }
  }

  /**
   * The host whose processes live here, for one pool.
   *
   * @param options - of the pool: its initializer is asked for as the call -1
   */
  host(
    options: { readonly initializer?: Task<never, unknown> | undefined; readonly initArgs?: readonly unknown[] } = {},
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
        const initializer = boot && new SentCall(boot, this.#tasks);
        processes.set(worker, new SimulatedProcess(worker, FIRST_PID + worker, initializer));
      },
      send: (worker, call) => {
        processes.get(worker)?.calls.push(new SentCall(call, this.#tasks));
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

  /** What is mild, no timer, and due first. */
  #next(): Next | undefined {
    let first: Next | undefined;
    for (const process of this.#processes.values()) {
      for (const rule of MILD) {
        const call = rule.calls?.(process).find((it) => rule.can(process, it));
        if (rule.calls ? !call : !rule.can(process)) continue;
        const due = rule.due?.(process) ?? AT_ONCE;
        if (!first || due < first.due) first = { rule, process, call, due };
      }
    }
    return first;
  }

  /** The process whose timer fires before anything else is due. */
  #mildTimer(next: Next | undefined = this.#next()): SimulatedProcess | undefined {
    let found: SimulatedProcess | undefined;
    let least = next?.due ?? Number.POSITIVE_INFINITY;
    for (const process of this.#processes.values()) {
      if (process.timer === undefined || process.timer >= least) continue;
      found = process;
      least = process.timer;
    }
    return found;
  }

  #draw(type: FaultType): void {
    this.#budget[type] = Math.max(0, (this.#budget[type] ?? 0) - 1);
  }

  #perform(rule: Rule, process: SimulatedProcess, call: SentCall | undefined): void {
    this.#now = Math.max(this.#now, rule.due?.(process) ?? 0);
    rule.happen(process, this.#stage, call);
  }
}

const ALL = [...MILD, ...FAULTS];
const AT_ONCE = Number.NEGATIVE_INFINITY;

interface Next {
  readonly rule: Rule;
  readonly process: SimulatedProcess;
  readonly call: SentCall | undefined;
  /** Virtual milliseconds. */
  readonly due: number;
}

function addEnabled(found: Happening[], rule: Rule, process: SimulatedProcess, isFault: boolean): void {
  const { type } = rule;
  if (!rule.calls) {
    if (rule.can(process)) found.push({ type, worker: process.id, isFault });
    return;
  }
  for (const call of rule.calls(process))
    if (rule.can(process, call)) found.push({ type, worker: process.id, work: call.call.work, isFault });
}

function endProcess(process: SimulatedProcess | undefined, how: Ending): void {
  if (!process) return;
  if (how === 'stop') process.isAskedToLeave = true;
  else if (process.signal !== 'SIGKILL') process.signal = how;
}

function nameOf({ type, worker, work }: Choice): string {
  return work === undefined ? `worker ${worker} ${type}` : `worker ${worker} ${type} call ${work}`;
}
