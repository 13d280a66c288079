/**
 * The seam between deciding and doing: six verbs and one callback.
 *
 * A host runs worker processes, real or simulated. It knows no future and decides nothing: what happened becomes an
 * event, and what to make of it is the core's business. test/contract/ runs one suite against both hosts.
 *
 * Guarantees that every host gives
 * - No event is emitted from inside a verb.
 * - For one worker: `spawned` or `spawnFailed` comes first; `ready` precedes every outcome; outcomes come in the
 *   order of `send`; `exited` comes exactly once after `spawned`, before, between or after the last outcomes; after
 *   `channelEnded` no outcome comes; after `spawnFailed` or `release` nothing comes at all.
 * - `send`, `end` and `timer` for a worker that is gone do nothing: its end is, or will be, an event.
 */
import type { Ending } from '../machines/effects.ts';
import type { Observation } from '../machines/events.ts';
import type { WorkerId, WorkId } from '../machines/vocabulary.ts';
import type { Task } from './task.ts';

/** What a worker must be told to run one call. */
export interface Call {
  readonly work: WorkId;
  readonly task: Task;
  readonly args: readonly unknown[];
}

/** Runs worker processes. */
export interface WorkerHost {
  /** Starts the process of a new worker. */
  spawn(worker: WorkerId): void;
  /** Writes a call, soon and together with others; the arguments are copied when they are written. */
  send(worker: WorkerId, call: Call): void;
  /** Asks the worker to leave once its calls are done (`stop`), or signals it. */
  end(worker: WorkerId, how: Ending): void;
  /** Starts the worker's one timer in place of the former; `undefined` stops it. Milliseconds. */
  timer(worker: WorkerId, ms: number | undefined): void;
  /** Closes what is left of a dead worker and forgets it. */
  release(worker: WorkerId): void;
  /** Whether the event loop must stay alive. */
  hold(on: boolean): void;
}

/** Makes a host that reports to `emit`. */
export type HostFactory = (emit: (event: Observation) => void) => WorkerHost;
