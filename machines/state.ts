/**
 * All that an executor knows, as plain data, and the smallest changes to it: those of one future.
 */

import type { FutureEffect, FutureEvent } from './alphabet.ts';
import type { Cell, Charts } from './chart.ts';
import { compiledCharts } from './charts.ts';
import type { Effect } from './effects.ts';
import { createQueue, type PendingQueue, remove } from './queue.ts';
import type {
  CoreOptions,
  CostBucket,
  Evidence,
  Loss,
  Outcome,
  WorkerId,
  WorkerRecord,
  WorkItem,
} from './vocabulary.ts';
import { stepFuture } from './work.ts';

/** All that an executor knows. */
export interface CoreState {
  readonly options: CoreOptions;
  readonly charts: Charts;
  /** State of the executor chart. */
  executor: number;
  /** Live workers by generation, oldest first; a dead one is forgotten. */
  readonly workers: Map<WorkerId, WorkerRecord>;
  readonly queue: PendingQueue;
  /** Predictions by task key; a missing one is unknown. */
  readonly costs: CostBucket[];
  nextWork: number;
  nextWorker: WorkerId;
  /** Accepted calls whose future is not done. */
  unsettled: number;
  /** How many `shutdown({ wait: true })` and forced stops are waiting for the end. */
  waits: number;
  /** What the world was last told about keeping the event loop alive. */
  holds: boolean;
  /** What broke it, for those who submit later. */
  loss: Loss | undefined;
  /** Losses that the executor chart has not been told of yet. */
  losses: Loss[];
  /** The calls of the workers that those losses took. */
  orphans: WorkItem[];
  readonly counts: Counts;
  /** Effects of the step under way. */
  out: Effect[];
}

/** Totals since the executor was made. */
export interface Counts {
  succeeded: number;
  failed: number;
  cancelled: number;
  /** Worker processes asked for. */
  spawned: number;
  /** Workers that died unasked. */
  lost: number;
  /** Late outcomes and stale events that were dropped. */
  dropped: number;
}

const NO_EFFECTS: Effect[] = [];

/** A core with no worker and no call. */
export function createCore(options: CoreOptions, charts: Charts = compiledCharts): CoreState {
  return {
    options,
    charts,
    executor: charts.executor.initial.next,
    workers: new Map(),
    queue: createQueue(),
    costs: [],
    nextWork: 0,
    nextWorker: 0,
    unsettled: 0,
    waits: 0,
    holds: false,
    loss: undefined,
    losses: [],
    orphans: [],
    counts: { succeeded: 0, failed: 0, cancelled: 0, spawned: 0, lost: 0, dropped: 0 },
    out: NO_EFFECTS,
  };
}

/** What is known of a worker's end before anything is. */
export function createEvidence(): Evidence {
  return {
    pid: undefined,
    exitCode: null,
    signal: null,
    activity: 'starting',
    reason: 'workerLost',
    call: undefined,
    stderr: '',
    cause: undefined,
  };
}

/** Cancels and notifies in one step, so that nobody who waits on several futures is left behind (gh-136655). */
export function cancel(state: CoreState, work: WorkItem): void {
  if (!raiseFuture(state, work, 'cancel', undefined).effects.includes('publish')) return;
  remove(state.queue, work);
  raiseFuture(state, work, 'setRunningOrNotifyCancel', undefined);
}

/** Tells a future's chart. The outcome is set together with the state, before anybody is told. */
export function raiseFuture(
  state: CoreState,
  work: WorkItem,
  event: FutureEvent,
  outcome: Outcome | undefined,
): Cell<FutureEffect> {
  const cell = stepFuture(state.charts, work, event, outcome);
  for (const effect of cell.effects) {
    if (effect === 'publish') {
      state.unsettled--;
      count(state.counts, outcome);
      emit(state, { type: 'publish', work });
    } else {
      state.counts.dropped++;
    }
  }
  return cell;
}

/** The event of the future chart that an outcome is. */
export function eventFor(outcome: Outcome): 'setResult' | 'setException' {
  return outcome.kind === 'result' ? 'setResult' : 'setException';
}

function count(counts: Counts, outcome: Outcome | undefined): void {
  if (outcome === undefined) counts.cancelled++;
  else if (outcome.kind === 'result') counts.succeeded++;
  else counts.failed++;
}

/** Adds to the effects of the step under way. */
export function emit(state: CoreState, effect: Effect): void {
  const { out } = state;
  // Most steps have no more than two, and a list that grows takes room for seventeen.
  if (out.length === 0) state.out = [effect];
  else if (out.length === 1) state.out = [out[0] as Effect, effect];
  else out.push(effect);
}

/** The effects of the step that ends here. */
export function takeEffects(state: CoreState): readonly Effect[] {
  const effects = state.out;
  state.out = NO_EFFECTS;
  return effects;
}
