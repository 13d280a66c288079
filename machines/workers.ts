/**
 * What is observed of a worker, told to its chart, and what the chart asks for in return.
 *
 * Every event names a generation; one that names a worker which is gone is stale: counted, dropped, never thrown.
 * Evidence for error messages is collected here and consulted by nobody who decides.
 */

import type { WorkerEffect, WorkerEvent } from './alphabet.ts';
import type { TimerName } from './effects.ts';
import type { Observation } from './events.ts';
import { type CoreState, createEvidence, emit, eventFor, raiseFuture } from './state.ts';
import {
  type Activity,
  type CallName,
  type CostBucket,
  type Loss,
  type Outcome,
  UNKNOWN_COST,
  type WorkerRecord,
  type WorkId,
  type WorkItem,
} from './vocabulary.ts';

type WorkerObservation = Extract<Observation, { worker: unknown }>;

/** Brings a new worker into being; the process follows from the chart's first effects. */
export function spawnWorker(state: CoreState): void {
  const { initial } = state.charts.worker;
  const worker: WorkerRecord = {
    id: state.nextWorker++,
    state: initial.next,
    held: [],
    head: 0,
    predicted: [],
    load: 0,
    unpredicted: 0,
    calls: 0,
    evidence: createEvidence(),
  };
  state.workers.set(worker.id, worker);
  state.counts.spawned++;
  for (const effect of initial.effects) workerAsks(state, worker, effect, undefined, undefined);
}

/** Writes a call to a worker: RUNNING from here on. */
export function assign(state: CoreState, worker: WorkerRecord, work: WorkItem): void {
  raiseFuture(state, work, 'setRunningOrNotifyCancel', undefined);
  hold(worker, work, state.costs[work.task] ?? UNKNOWN_COST);
  worker.calls++;
  raiseWorker(state, worker, 'assign', work);
  if (worker.calls >= state.options.maxTasksPerChild) raiseWorker(state, worker, 'retire');
}

function hold(worker: WorkerRecord, work: WorkItem, cost: CostBucket): void {
  worker.held.push(work);
  worker.predicted.push(cost);
  if (cost === UNKNOWN_COST) worker.unpredicted++;
  else worker.load += 2 ** cost;
}

function release(worker: WorkerRecord, work: WorkItem): void {
  const { held, predicted } = worker;
  const place = held[worker.head] === work ? worker.head : held.indexOf(work);
  const cost = predicted[place];
  if (place !== worker.head) {
    held.splice(place, 1);
    predicted.splice(place, 1);
  } else if (++worker.head * 2 < held.length) {
    // Hundreds of tiny calls are held at a time, and each shift() would move them all.
    held[place] = undefined as never;
  } else {
    worker.held = held.slice(worker.head);
    worker.predicted = predicted.slice(worker.head);
    worker.head = 0;
  }
  if (cost === undefined || cost === UNKNOWN_COST) worker.unpredicted--;
  else worker.load -= 2 ** cost;
}

/** The calls that a worker holds, in the order in which it runs them. */
export function heldBy({ held, head }: WorkerRecord): WorkItem[] {
  return head === 0 ? held : held.slice(head);
}

/** Takes from a worker all that it holds: whatever it answers from now on is dropped. */
export function takeAll(worker: WorkerRecord): WorkItem[] {
  const held = heldBy(worker);
  worker.held = [];
  worker.head = 0;
  worker.predicted = [];
  worker.load = 0;
  worker.unpredicted = 0;
  return held;
}

/** Applies one observation of a worker. */
export function observe(state: CoreState, event: WorkerObservation): void {
  const worker = state.workers.get(event.worker);
  if (!worker) {
    state.counts.dropped++;
    return;
  }
  const { evidence } = worker;
  switch (event.type) {
    case 'outcomeReceived':
    case 'callRejected':
      return receive(state, worker, event);
    case 'spawned':
      evidence.pid = event.pid;
      break;
    case 'exited':
      evidence.exitCode = event.code;
      evidence.signal = event.signal;
      evidence.stderr = event.stderr;
      break;
    case 'spawnFailed':
    case 'faulted':
      evidence.cause ??= { error: event.cause };
      break;
  }
  raiseWorker(state, worker, event.type);
}

/**
 * A worker answers its calls in the order in which it was given them, so an answer to any but the first is garbage.
 * A call that was never written (`callRejected`) may stand anywhere.
 */
function receive(
  state: CoreState,
  worker: WorkerRecord,
  event: Extract<Observation, { type: 'outcomeReceived' | 'callRejected' }>,
): void {
  const place = event.type === 'callRejected' ? placeOf(worker, event.work) : worker.head;
  const work = worker.held[place];
  if (work?.id !== event.work && !state.charts.worker.has(worker.state, 'terminating')) {
    worker.evidence.cause ??= {
      error: new Error(
        `The worker answered call ${event.work}; it was to answer ${work ? `call ${work.id}` : 'none'}.`,
      ),
    };
    return raiseWorker(state, worker, 'faulted');
  }
  raiseWorker(state, worker, 'outcomeReceived', work?.id === event.work ? work : undefined, event.outcome);
  if (worker.held.length === 0 && state.charts.worker.has(worker.state, 'answers'))
    raiseWorker(state, worker, 'lastCallDone');
}

function placeOf(worker: WorkerRecord, id: WorkId): number {
  return worker.held.findLastIndex((work: WorkItem | undefined) => work?.id === id);
}

/** Tells a worker's chart, and does what it asks for. */
export function raiseWorker(
  state: CoreState,
  worker: WorkerRecord,
  event: WorkerEvent,
  work?: WorkItem,
  outcome?: Outcome,
): void {
  const cell = state.charts.worker.transition(worker.state, event);
  worker.state = cell.next;
  for (const effect of cell.effects) workerAsks(state, worker, effect, work, outcome);
}

const TIMERS = {
  startBootTimer: 'boot',
  startDrainTimer: 'drain',
  startGraceTimer: 'grace',
  startReapTimer: 'reap',
} as const satisfies Record<string, TimerName>;

const ENDINGS = { sendStop: 'stop', sendTerm: 'SIGTERM', sendKill: 'SIGKILL' } as const;

function workerAsks(
  state: CoreState,
  worker: WorkerRecord,
  effect: WorkerEffect,
  work: WorkItem | undefined,
  outcome: Outcome | undefined,
): void {
  const { id, evidence } = worker;
  switch (effect) {
    case 'sendCall':
      if (work) emit(state, { type: 'send', worker: id, work });
      return;
    case 'deliver':
      return deliver(state, worker, work, outcome);
    case 'drop':
      state.counts.dropped++;
      return;
    case 'spawn':
      return emit(state, { type: 'spawn', worker: id });
    case 'startBootTimer':
    case 'startDrainTimer':
    case 'startGraceTimer':
    case 'startReapTimer':
      return emit(state, { type: 'timer', worker: id, timer: TIMERS[effect] });
    case 'stopTimer':
      return emit(state, { type: 'timer', worker: id, timer: null });
    case 'sendStop':
    case 'sendTerm':
    case 'sendKill':
      return emit(state, { type: 'end', worker: id, how: ENDINGS[effect] });
    case 'noteSpawnFailure':
      evidence.reason = 'spawnFailed';
      return;
    case 'noteCondemned':
      evidence.reason = 'condemned';
      return;
    case 'noteBootTimeout':
      evidence.reason = 'bootTimeout';
      return;
    case 'noteIdle':
      return note(worker, 'idle');
    case 'noteRunning':
      return note(worker, 'running');
    case 'giveUp':
      return emit(state, { type: 'giveUp', worker: id, pid: evidence.pid });
    case 'reportLost':
      state.counts.lost++;
      state.losses.push({ ...evidence, call: headOf(worker) ?? evidence.call });
      state.orphans.push(...heldBy(worker));
      return;
    case 'release':
      state.workers.delete(id);
      return emit(state, { type: 'release', worker: id });
  }
}

function deliver(
  state: CoreState,
  worker: WorkerRecord,
  work: WorkItem | undefined,
  outcome: Outcome | undefined,
): void {
  if (work === undefined || outcome === undefined) {
    state.counts.dropped++;
    return;
  }
  release(worker, work);
  raiseFuture(state, work, eventFor(outcome), outcome);
}

function note(worker: WorkerRecord, activity: Activity): void {
  worker.evidence.activity = activity;
  worker.evidence.call = headOf(worker);
}

function headOf(worker: WorkerRecord): CallName | undefined {
  const head = worker.held[worker.head];
  return head && { id: head.id, task: head.task };
}

/** The facts of a forced stop, as those whose call it ended are told. */
export function forcedLoss(worker: WorkerRecord, reason: 'terminated' | 'killed'): Loss {
  return { ...worker.evidence, reason, activity: 'running', call: headOf(worker) };
}
