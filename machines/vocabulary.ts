/**
 * The nouns: calls, their outcomes, workers, and what is remembered of a loss.
 *
 * Everything here is plain data. Payloads (`handle`, `value`, `error`, `cause`) are opaque: no machine looks inside.
 * CPython 3.14, `concurrent/futures/process.py`: `_WorkItem`, `_CallItem`, `_ResultItem`.
 */

/** An index into the state list of a chart; what it means is asked through {@link Chart.has} and {@link Chart.name}. */
export type StateIndex = number;

/** Identifies one worker process for ever: ids only grow, a replacement gets a new one (its generation). */
export type WorkerId = number;

/** Identifies one accepted call of an executor: ids only grow, in the order of `submit`. */
export type WorkId = number;

/** A small integer that stands for a task function, so that predictions can be kept per function. */
export type TaskKey = number;

/**
 * A predicted duration as a power of two: the call takes at most `2 ** cost` microseconds.
 *
 * {@link UNKNOWN_COST} means that nothing was measured yet, or that the measurements are too spread to rely on.
 */
export type CostBucket = number;

/** No prediction: such a call is never sent ahead of another one. */
export const UNKNOWN_COST: CostBucket = 255;

/**
 * How a call ended. `lost` is shared by all the calls that one loss has failed; each future makes its own error of it.
 */
export type Outcome =
  | { readonly kind: 'result'; readonly value: unknown }
  | { readonly kind: 'exception'; readonly error: unknown }
  | { readonly kind: 'lost'; readonly loss: Loss };

/** Why the pool broke or was stopped by force, in facts; the runtime words the error. */
export interface Loss {
  /**
   * What ended the calls: a worker that died, one that was given up and killed, one that never started, a forced stop,
   * or a defect of our own.
   */
  readonly reason: 'workerLost' | 'condemned' | 'spawnFailed' | 'bootTimeout' | 'terminated' | 'killed' | 'internal';
  /** The process id of the worker, where one is known. */
  readonly pid: number | undefined;
  /** Exit code, or `null` when a signal ended the process, or when no exit was seen. */
  readonly exitCode: number | null;
  /** The signal that ended the process, or `null`. */
  readonly signal: string | null;
  /** What the worker was doing. */
  readonly activity: Activity;
  /** The call that it ran, or `undefined` when it ran none. */
  readonly call: CallName | undefined;
  /** The end of what the worker wrote to stderr, where that is piped. */
  readonly stderr: string;
  /** What the worker or the system gave as the reason, which may be any value; `undefined` where none was given. */
  readonly cause: Cause | undefined;
}

/** A reason, wrapped: a task may throw `undefined`. */
export interface Cause {
  readonly error: unknown;
}

/** Names a call without keeping it. */
export interface CallName {
  readonly id: WorkId;
  readonly task: TaskKey;
}

/** What a worker was doing when it was lost. */
export type Activity = 'starting' | 'idle' | 'running';

/** One call: its future's state lives here, and nowhere else. */
export interface WorkItem {
  /** Given when the executor accepts the call; -1 before, and for futures that belong to no executor. */
  id: WorkId;
  /** State of the future chart. */
  state: StateIndex;
  /** Set in the very step that makes the future FINISHED, so that nobody sees the one without the other. */
  outcome: Outcome | undefined;
  /** The function, for predictions. */
  readonly task: TaskKey;
  /** The runtime's own: the future and what to send. Opaque here. */
  readonly handle: unknown;
}

/** One worker process, as the core knows it. */
export interface WorkerRecord {
  readonly id: WorkerId;
  /** State of the worker chart. */
  state: StateIndex;
  /**
   * The calls written to it and not yet answered, in the order in which it runs them, from {@link WorkerRecord.head}
   * on. It is empty when there are none; see `heldBy`.
   */
  held: WorkItem[];
  /** Where the first of them stands. What stood before it was answered, and is less than half of the list. */
  head: number;
  /** How many calls it was ever given (for `maxTasksPerChild`). */
  calls: number;
  /** The cost of each held call, at the same place, as it was when the call was sent. */
  predicted: CostBucket[];
  /** The sum of what is predicted, in microseconds. */
  load: number;
  /** How many of the held calls have no prediction. */
  unpredicted: number;
  /** Evidence, for the error message only: never consulted to decide. */
  evidence: Evidence;
}

/** What was seen of a worker's end, collected while it is seen. */
export interface Evidence {
  pid: number | undefined;
  exitCode: number | null;
  signal: string | null;
  activity: Activity;
  reason: Loss['reason'];
  call: CallName | undefined;
  stderr: string;
  cause: Cause | undefined;
}

/** The numbers that `step` consults; all fixed for the life of an executor. */
export interface CoreOptions {
  /** At most so many worker processes at a time, those not yet reaped included. */
  readonly maxWorkers: number;
  /** A worker is replaced after so many calls; `Infinity` for never. */
  readonly maxTasksPerChild: number;
  /** Microseconds of predicted work that a worker may hold when another call is sent to it; 0 for no call ahead. */
  readonly prefetchHorizon: number;
}
