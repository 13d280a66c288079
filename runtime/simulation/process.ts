/**
 * A simulated worker process: the physical facts, and what is on its way to the parent.
 *
 * Knows: pipes, signals, exit. Refuses to know: when any of it happens (happenings.ts says what can, the world says
 * which).
 */
import type { Observation } from '../../machines/events.ts';
import type { WorkerId } from '../../machines/vocabulary.ts';
import type { Call } from '../host.ts';
import { type Death, NO_INITIALIZER, type Place, type Plan, planOf, type Tasks } from './behaviour.ts';

/** A call that was written to a worker. What it does is asked for when that first matters, never inside a verb. */
export class SentCall {
  readonly call: Call;
  readonly #tasks: Tasks;
  readonly #place: Place;
  #plan: Plan | undefined;

  constructor(call: Call, tasks: Tasks, place: Place) {
    this.call = call;
    this.#tasks = tasks;
    this.#place = place;
  }

  get plan(): Plan {
    this.#plan ??= planOf(this.call, this.#tasks, this.#place);
    return this.#plan;
  }
}

/** One process, from the request for it to its release. */
export class SimulatedProcess {
  readonly id: WorkerId;
  readonly pid: number;
  readonly #initializer: SentCall | undefined;
  hasSpawned = false;
  hasBooted = false;
  /** Written to it and not taken, in order. */
  readonly calls: SentCall[] = [];
  running: SentCall | undefined;
  /** When loading, or the running call, is through: virtual milliseconds. */
  due = 0;
  /** Written by it and not read by the parent, in order. */
  frames: Observation[] = [];
  isAskedToLeave = false;
  /** A signal that was sent and has not arrived. */
  signal: string | undefined;
  /** How it ended; `undefined` while it lives. */
  death: Death | undefined;
  areCallsClosed = false;
  areResultsClosed = false;
  /** What the parent was told of its end. */
  readonly told = { exit: false, callsEnd: false, resultsEnd: false };
  /** When the parent's timer for it fires: virtual milliseconds. */
  timer: number | undefined;
  #isUnreadable = false;

  constructor(id: WorkerId, pid: number, initializer: SentCall | undefined) {
    this.id = id;
    this.pid = pid;
    this.#initializer = initializer;
  }

  /** What loading does: the initializer, where there is one. */
  get boot(): Plan {
    return this.#initializer?.plan ?? NO_INITIALIZER;
  }

  get isAlive(): boolean {
    return this.hasSpawned && this.death === undefined;
  }

  /** What occupies its thread. */
  get busyWith(): Plan | undefined {
    return this.running?.plan ?? (this.hasBooted ? undefined : this.boot);
  }

  /** Whether SIGTERM is on its way and the code that runs takes no notice. */
  get willIgnoreSignal(): boolean {
    return this.signal === 'SIGTERM' && this.busyWith?.ignoresSigterm === true;
  }

  start(call: SentCall, now: number): void {
    this.running = call;
    this.due = now + call.plan.micros / 1000;
  }

  /** Puts a frame on its way. One that has closed the pipe dies of the attempt. */
  write(frame: Observation): void {
    if (this.areResultsClosed) this.die({ code: 1, signal: null });
    else if (!this.#isUnreadable) this.frames.push(frame);
  }

  /** Writes what is no frame: what was written before it is still read, what comes after it is not. */
  writeGarbage(): void {
    const cause = new Error('The simulated worker sent what is no frame.');
    this.write({ type: 'faulted', worker: this.id, cause });
    this.#isUnreadable = true;
  }

  /** Ends as the plan of what it runs says, which does not hang. */
  finish({ outcome, death }: Plan, ends: (outcome: NonNullable<Plan['outcome']>) => void): void {
    if (outcome) ends(outcome);
    else if (death) this.crash(death);
  }

  /** Names its error, if it has one, and dies. */
  crash(death: Death): void {
    if ('error' in death && !this.areResultsClosed)
      this.write({ type: 'faulted', worker: this.id, cause: death.error });
    this.die(death);
  }

  die(death: Death): void {
    this.death = death;
    this.running = undefined;
    this.areCallsClosed = true;
    this.areResultsClosed = true;
  }
}
