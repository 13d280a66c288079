/**
 * Everything that can be told to the core: commands of the user (imperative) and observations of the world (past
 * tense).
 *
 * A closed union of plain data. An event of a worker names its generation (`worker`); one that names a worker which is
 * gone is counted as dropped, never thrown.
 */
import type { CostBucket, Outcome, TaskKey, WorkerId, WorkId, WorkItem } from './vocabulary.ts';

/** What the user asks for. */
export type Command =
  /** Accept a call, or refuse it without a trace (effect `refuse`). */
  | { readonly type: 'submit'; readonly work: WorkItem }
  /** Cancel a call that is still PENDING; the answer is the state of the future afterwards. */
  | { readonly type: 'cancel'; readonly work: WorkItem }
  /** Settle a future from outside, as `Future.setResult` and `setException` do; refused when it is done. */
  | { readonly type: 'settle'; readonly work: WorkItem; readonly outcome: Outcome }
  /** Refuse new calls, finish the accepted ones. Requests merge: nothing asked before is taken back. */
  | { readonly type: 'shutdown'; readonly wait: boolean; readonly cancelFutures: boolean }
  /** Forced stop with SIGTERM, then SIGKILL. */
  | { readonly type: 'terminate' }
  /** Forced stop with SIGKILL. */
  | { readonly type: 'kill' }
  /** Nobody references the executor any more: finish what was accepted, then end. */
  | { readonly type: 'collected' }
  /** The process is leaving, now: nothing asynchronous will ever run again. */
  | { readonly type: 'processExit' };

/** What the world reports. */
export type Observation =
  /** The estimator's prediction for a function has moved to another bucket. */
  | { readonly type: 'costEstimated'; readonly task: TaskKey; readonly cost: CostBucket }
  | { readonly type: 'spawned'; readonly worker: WorkerId; readonly pid: number }
  /** No process came into being; no exit will follow. */
  | { readonly type: 'spawnFailed'; readonly worker: WorkerId; readonly cause: unknown }
  /** The worker has loaded and its initializer has returned. */
  | { readonly type: 'ready'; readonly worker: WorkerId }
  /**
   * A call has ended. `work` is checked against the order in which the worker runs its calls; `micros` is what the
   * function took, for the estimator: `step` does not look at it.
   */
  | {
      readonly type: 'outcomeReceived';
      readonly worker: WorkerId;
      readonly work: WorkId;
      readonly outcome: Outcome;
      readonly micros: number;
    }
  /** A call could not be copied, so the worker never saw it. */
  | { readonly type: 'callRejected'; readonly worker: WorkerId; readonly work: WorkId; readonly outcome: Outcome }
  /** First fact of a death: the process has ended and was reaped. */
  | {
      readonly type: 'exited';
      readonly worker: WorkerId;
      readonly code: number | null;
      readonly signal: string | null;
      readonly stderr: string;
    }
  /** The worker closed the pipe for calls; on its own that is no fact of a death, but it can never be given work. */
  | { readonly type: 'callsEnded'; readonly worker: WorkerId }
  /** Second fact of a death: nothing more can be read from the worker. */
  | { readonly type: 'channelEnded'; readonly worker: WorkerId }
  /** The worker named the error that is killing it, or sent what is no frame of ours. */
  | { readonly type: 'faulted'; readonly worker: WorkerId; readonly cause: unknown }
  | { readonly type: 'timerFired'; readonly worker: WorkerId }
  /** A defect of our own was caught by the driver. It breaks the pool, and is never silent (I45). */
  | { readonly type: 'internalFailure'; readonly cause: unknown };

/** One input of `step`. */
export type CoreEvent = Command | Observation;
