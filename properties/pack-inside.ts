/**
 * The inside of a world as a row of bytes, and back.
 *
 * Equal bytes are the same to whatever comes. Workers are named by their rank instead of their generation: those that
 * may still be given calls in the order in which the core asks them, the others sorted, since nobody chooses among
 * them. Nobody ever does once the executor gives out no calls, or none waits and none can be submitted: then all are
 * sorted. A call is written where it is, with the worker that holds it or among those that wait, and needs no name:
 * the order of `submit` matters among those that wait alone. What the invariants show to follow from the rest (sums,
 * counts) is not packed: an invariant that breaks ends the exploration before anything is packed.
 */

import type { WorkerId, WorkerRecord, WorkItem } from '../machines/index.ts';
import {
  type Charts,
  type CoreState,
  createWork,
  heldBy,
  type Loss,
  stepFuture,
  UNKNOWN_COST,
} from '../machines/index.ts';
import { enqueue } from '../machines/queue.ts';
import { createHistory, type History, type WorkerHistory } from './history.ts';
import type { Inside } from './inside.ts';
import type { Scope } from './moves.ts';
import { GHOST_ID } from './tidings.ts';
import { COSTS, coreOf } from './world.ts';

/** A packed inside, and who is who in it. */
export interface PackedInside {
  /** Shared: to be copied before the next is packed. */
  readonly row: Uint8Array;
  readonly length: number;
  /** The id of each worker, by rank. */
  readonly order: readonly WorkerId[];
  /** What each worker holds, by rank. */
  readonly held: readonly (readonly number[])[];
  /** Ranks from the first to before the second whose workers are equal inside and may change places. */
  readonly ties: readonly (readonly [first: number, end: number])[];
}

/** No packed inside is longer. */
const MAX_INSIDE = 4096;
const row = new Uint8Array(MAX_INSIDE);
/** Workers before they are sorted. */
const unsorted = new Uint8Array(MAX_INSIDE);

const ACTIVITIES = ['starting', 'idle', 'running'] as const;
const LOSSES = ['workerLost', 'condemned', 'spawnFailed', 'bootTimeout'] as const;
const TIMERS = [null, 'boot', 'drain', 'grace', 'reap'] as const;
/** The id of a worker that is gone; which one makes no difference to what comes. */
const GONE = 1023;

const bit = (flag: boolean, place: number): number => (flag ? 1 << place : 0);
const place = <T>(list: readonly T[], it: T): number => Math.max(list.indexOf(it), 0);

/** A worker among the others. */
interface Ranked {
  readonly worker: WorkerRecord;
  readonly canMove: boolean;
  /** Where its bytes are in {@link unsorted}. */
  readonly start: number;
  readonly end: number;
}

/** Packs what a step depends on. */
export function packInside({ core, history, cancelled, gone, isClosed }: Inside): PackedInside {
  const all = rank(core, history, isClosed);
  let at = packState(row, 0, core.executor);
  row[at++] =
    bit(history.isAwaited, 0) |
    bit(history.joined > 0, 1) |
    bit(cancelled !== undefined, 2) |
    bit(gone !== undefined, 3) |
    bit(isClosed, 4);
  row[at++] = place(COSTS, core.costs[0] ?? UNKNOWN_COST);
  row[at++] = core.queue.size;
  for (const work of core.queue.places) if (work) at = packCall(row, at, work, 0);
  row[at++] = all.length;
  const ties: [number, number][] = [];
  for (let i = 0; i < all.length; i++) {
    const it = all[i] as Ranked;
    row.set(unsorted.subarray(it.start, it.end), at);
    at += it.end - it.start;
    const before = all[i - 1];
    if (!before?.canMove || compare(before, it) !== 0) continue;
    const last = ties[ties.length - 1];
    if (last?.[1] === i) last[1] = i + 1;
    else ties.push([i - 1, i + 1]);
  }
  return {
    row,
    length: at,
    order: all.map(({ worker }) => worker.id),
    held: all.map(({ worker }) => heldBy(worker).map(({ id }) => id)),
    ties,
  };
}

/** Those among whom nobody chooses come last, and sorted. */
function rank(core: CoreState, history: History, isClosed: boolean): Ranked[] {
  const { executor, worker: chart } = core.charts;
  const isSettled = !executor.has(core.executor, 'dispatches') || (isClosed && core.queue.size === 0);
  const all: Ranked[] = [];
  let [staying, start] = [0, 0];
  for (const worker of core.workers.values()) {
    const end = packWorker(core, worker, history.workers.get(worker.id) as WorkerHistory, start);
    const canMove = isSettled || chart.has(worker.state, 'terminating');
    const it: Ranked = { worker, canMove, start, end };
    let at = canMove ? all.length : staying++;
    while (canMove && at > staying && compare(it, all[at - 1] as Ranked) < 0) at--;
    all.splice(at, 0, it);
    start = end;
  }
  return all;
}

/** Of two workers, by what they look like from inside. */
function compare(one: Ranked, other: Ranked): number {
  const length = Math.min(one.end - one.start, other.end - other.start);
  for (let i = 0; i < length; i++) {
    const difference = (unsorted[one.start + i] as number) - (unsorted[other.start + i] as number);
    if (difference !== 0) return difference;
  }
  return one.end - one.start - (other.end - other.start);
}

function packWorker({ options }: CoreState, worker: WorkerRecord, history: WorkerHistory, start: number): number {
  const { evidence, held, head, predicted, calls, state } = worker;
  let at = packState(unsorted, start, state);
  unsorted[at++] = options.maxTasksPerChild === Number.POSITIVE_INFINITY ? 0 : calls;
  unsorted[at++] = place(TIMERS, history.timer) | (history.told << 3) | bit(history.hasExited, 5);
  unsorted[at++] =
    bit(history.isReady, 0) |
    bit(history.isSilent, 1) |
    bit(evidence.pid !== undefined, 2) |
    bit(evidence.cause !== undefined, 3) |
    bit(history.lostWhile !== undefined, 4) |
    (place(ACTIVITIES, evidence.activity) << 5);
  unsorted[at++] = place(LOSSES, evidence.reason) | bit(evidence.call !== undefined, 3);
  unsorted[at++] = held.length - head;
  for (let i = head; i < held.length; i++)
    at = packCall(unsorted, at, held[i] as WorkItem, place(COSTS, predicted[i] as number));
  return at;
}

/** Charts may have more states than a byte has values: see `rememberingCharts`. */
function packState(out: Uint8Array, at: number, state: number): number {
  out[at] = state & 255;
  out[at + 1] = state >> 8;
  return at + 2;
}

function packCall(out: Uint8Array, start: number, { state, task }: WorkItem, cost: number): number {
  const at = packState(out, start, state);
  out[at] = task | (cost << 2);
  return at + 1;
}

/** Reads bytes one after the other. */
class Reader {
  readonly #row: Uint8Array;
  #at = 0;
  constructor(row: Uint8Array) {
    this.#row = row;
  }
  byte(): number {
    return this.#row[this.#at++] as number;
  }
  state(): number {
    return this.byte() | (this.byte() << 8);
  }
}

/** The inside that was packed; its workers are named by rank, its calls in the order in which they are packed. */
export function unpackInside(row: Uint8Array, scope: Scope, charts: Charts): Inside {
  const reader = new Reader(row);
  const core = coreOf(scope, charts);
  const history = createHistory();
  core.executor = reader.state();
  const flags = reader.byte();
  history.isAwaited = (flags & 1) !== 0;
  history.joined = (flags >> 1) & 1;
  core.costs.push(COSTS[reader.byte() as 0] as number, COSTS[1], COSTS[2]);
  const waiting = Array.from({ length: reader.byte() }, () => readCall(reader, charts).work);
  const workers = reader.byte();
  for (let id = 0; id < workers; id++) unpackWorker(reader, id, core, history);
  for (const work of waiting) open(core, history, work);
  core.nextWorker = workers;
  core.waits = history.isAwaited ? 1 : 0;
  core.holds = core.unsettled > 0 || core.waits > 0;
  if (charts.executor.name(core.executor).includes('broken')) core.loss = LOSS;
  return {
    core,
    history,
    cancelled: (flags & 4) === 0 ? undefined : cancelledWork(charts),
    gone: (flags & 8) === 0 ? undefined : GONE,
    isClosed: (flags & 16) !== 0,
  };
}

function readCall(reader: Reader, charts: Charts): { work: WorkItem; cost: number } {
  const state = reader.state();
  const byte = reader.byte();
  const work = createWork(charts, byte & 3, undefined);
  work.state = state;
  return { work, cost: COSTS[byte >> 2] as number };
}

/** Gives a call its id, and puts it where it must be: it waits when it is pending, it is over when it is done. */
function open(core: CoreState, history: History, work: WorkItem): void {
  const { future } = core.charts;
  work.id = core.nextWork++;
  const isDone = future.has(work.state, 'done');
  const isPending = future.has(work.state, 'pending');
  const call = { work, published: isDone ? 1 : 0, sent: isPending ? 0 : 1, doneAs: isDone ? work.state : undefined };
  history.open.set(work.id, call);
  if (isDone) history.over.push(call);
  else core.unsettled++;
  if (isPending) enqueue(core.queue, work);
}

function unpackWorker(reader: Reader, id: WorkerId, core: CoreState, past: History): void {
  const state = reader.state();
  const [calls, a, b, c] = [reader.byte(), reader.byte(), reader.byte(), reader.byte()];
  const hasExited = (a & 32) !== 0;
  const activity = ACTIVITIES[b >> 5] as (typeof ACTIVITIES)[number];
  const reason = LOSSES[c & 7] as (typeof LOSSES)[number];
  const worker: WorkerRecord = {
    id,
    state,
    held: [],
    head: 0,
    predicted: [],
    load: 0,
    unpredicted: 0,
    calls,
    evidence: {
      pid: (b & 4) === 0 ? undefined : id + 1,
      exitCode: hasExited ? 1 : null,
      signal: null,
      activity,
      reason,
      call: (c & 8) === 0 ? undefined : { id: GHOST_ID, task: 0 },
      stderr: '',
      cause: (b & 8) === 0 ? undefined : { error: 'cause' },
    },
  };
  for (let left = reader.byte(); left > 0; left--) {
    const { work, cost } = readCall(reader, core.charts);
    open(core, past, work);
    worker.held.push(work);
    worker.predicted.push(cost);
    if (cost === UNKNOWN_COST) worker.unpredicted++;
    else worker.load += 2 ** cost;
  }
  core.workers.set(id, worker);
  past.workers.set(id, {
    id,
    isReady: (b & 1) !== 0,
    sent: calls,
    timer: TIMERS[a & 7] as string | null,
    told: (a >> 3) & 3,
    hasExited,
    isSilent: (b & 2) !== 0,
    lostWhile: (b & 16) === 0 ? undefined : activity,
    lostFor: reason,
  });
}

/** A call that was cancelled and that nobody knows any more. */
function cancelledWork(charts: Charts): WorkItem {
  const work = createWork(charts, 0, undefined);
  stepFuture(charts, work, 'cancel', undefined);
  stepFuture(charts, work, 'setRunningOrNotifyCancel', undefined);
  return work;
}

/** What broke it; which one makes no difference to what comes. */
const LOSS: Loss = {
  reason: 'workerLost',
  pid: undefined,
  exitCode: null,
  signal: null,
  activity: 'idle',
  call: undefined,
  stderr: '',
  cause: undefined,
};
