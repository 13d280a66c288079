/**
 * A world as a row of bytes, and back.
 *
 * Equal bytes are the same to whatever comes. Workers are named by their rank instead of their generation: those that
 * may still take calls in the order in which the core asks them, the others sorted, since nobody chooses among them.
 * Calls are named by their rank among those that are not over. What the invariants show to follow from the rest
 * (sums, counts, the order of the queue) is not packed: an invariant that breaks ends the exploration before anything
 * is packed.
 */

import type { WorkerRecord, WorkItem } from '../machines/index.ts';
import { type CoreState, createCore, createWork, type Loss, UNKNOWN_COST } from '../machines/index.ts';
import { enqueue } from '../machines/queue.ts';
import { createHistory, type History, type WorkerHistory } from './history.ts';
import type { Proc } from './process.ts';
import { COSTS, cancelledWork, type World } from './world.ts';

/** No packed world is longer. */
export const MAX_PACKED = 1024;

/** A worker's row begins with so many bytes of fixed meaning. */
const ROW_HEAD = 6;
/** A call that is over for everybody but the process that still has it. */
const GHOST = 200;
/** Marks of a process in its row of what is unread: -1, -2, -3 from here down. */
const MARKS = 255;
/** The id that such a call has after unpacking: nobody else's. */
const GHOST_ID = -9;

const PHASES = ['asked', 'booting', 'ready', 'gone'] as const;
const SIGNALS = ['none', 'SIGTERM', 'SIGKILL'] as const;
const ACTIVITIES = ['starting', 'idle', 'running'] as const;
const LOSSES = ['workerLost', 'condemned', 'spawnFailed', 'bootTimeout'] as const;
const TIMERS = [null, 'boot', 'drain', 'grace', 'reap'] as const;

const bit = (flag: boolean, place: number): number => (flag ? 1 << place : 0);
const place = <T>(list: readonly T[], it: T): number => Math.max(list.indexOf(it), 0);

/** Writes a world into `out` and returns how many bytes it took. */
export function pack(world: World, out: Uint8Array): number {
  const { core, history, procs, purse } = world;
  const ids: number[] = [];
  let at = 0;
  out[at++] = core.executor;
  out[at++] = bit(history.isAwaited, 0) | bit(history.joined > 0, 1) | bit(world.cancelled !== undefined, 2);
  out[at++] = place(COSTS, core.costs[0] ?? UNKNOWN_COST);
  for (let kind = 0; kind < purse.length; kind++) out[at++] = purse[kind] as number;
  out[at++] = history.open.size;
  for (const { work } of history.open.values()) {
    ids.push(work.id);
    out[at++] = work.state | (work.task << 3) | bit(world.throwing.has(work.id), 5);
  }
  out[at++] = procs.length;
  for (const proc of procs) if (!isEnding(world, proc)) at = packWorker(world, proc, ids, out, at);
  let last = -1;
  for (const proc of procs) {
    if (!isEnding(world, proc)) continue;
    const start = at;
    at = packWorker(world, proc, ids, out, at);
    if (last >= 0) sortRows(out, last, start, at);
    last = last < 0 ? start : last;
  }
  return at;
}

function isEnding({ core, charts }: World, { id }: Proc): boolean {
  return charts.worker.has((core.workers.get(id) as WorkerRecord).state, 'terminating');
}

/** Moves the row from `start` to `end` forward among the sorted ones from `first` on. */
function sortRows(out: Uint8Array, first: number, start: number, end: number): void {
  let at = first;
  while (at < start && !isLess(out, start, end, at)) at = endOfRow(out, at);
  if (at === start) return;
  const row = out.slice(start, end);
  out.copyWithin(at + row.length, at, start);
  out.set(row, at);
}

/** Rows are compared as texts are; they end at the latest where the second one begins. */
function isLess(out: Uint8Array, start: number, end: number, other: number): boolean {
  for (let i = 0; start + i < end; i++) {
    const [a, b] = [out[start + i] as number, out[other + i] as number];
    if (a !== b) return a < b;
  }
  return false;
}

/** Where the row of a worker ends: behind its three lists. */
function endOfRow(out: Uint8Array, start: number): number {
  let at = start + ROW_HEAD;
  for (let list = 0; list < 3; list++) at += 1 + (out[at] as number);
  return at;
}

function packWorker(world: World, proc: Proc, ids: readonly number[], out: Uint8Array, start: number): number {
  const worker = world.core.workers.get(proc.id) as WorkerRecord;
  const history = world.history.workers.get(proc.id) as WorkerHistory;
  const { evidence, held, predicted } = worker;
  const { calls, unread } = proc;
  let at = start;
  out[at++] = worker.state;
  out[at++] = world.scope.maxTasksPerChild === undefined ? 0 : worker.calls;
  out[at++] = place(TIMERS, history.timer) | (history.told << 3) | (place(SIGNALS, proc.signal) << 5);
  out[at++] =
    place(PHASES, proc.phase) |
    bit(proc.exitTold, 2) |
    bit(proc.callsTold, 3) |
    bit(proc.endTold, 4) |
    bit(proc.isDeaf, 5) |
    bit(proc.isMute, 6) |
    bit(proc.isStopped, 7);
  out[at++] =
    bit(history.isReady, 0) |
    bit(history.isSilent, 1) |
    bit(evidence.pid !== undefined, 2) |
    bit(evidence.cause !== undefined, 3) |
    bit(history.lostWhile !== undefined, 4) |
    (place(ACTIVITIES, evidence.activity) << 5);
  out[at++] = place(LOSSES, evidence.reason) | bit(evidence.call !== undefined, 3) | bit(proc.spawnTold, 4);
  out[at++] = held.length;
  for (let i = 0; i < held.length; i++)
    out[at++] = ids.indexOf((held[i] as WorkItem).id) | (place(COSTS, predicted[i] as number) << 6);
  out[at++] = calls.length;
  for (let i = 0; i < calls.length; i++) out[at++] = rankOf(calls[i] as number, ids);
  out[at++] = unread.length;
  for (let i = 0; i < unread.length; i++) {
    const it = unread[i] as number;
    out[at++] = it < 0 && it !== GHOST_ID ? MARKS + it : rankOf(it, ids);
  }
  return at;
}

function rankOf(id: number, ids: readonly number[]): number {
  const rank = ids.indexOf(id);
  return rank < 0 ? GHOST : rank;
}

/** Makes `world` the one that was packed. */
export function unpack(world: World, bytes: Uint8Array, start: number): void {
  const { charts, purse } = world;
  const core = createCore(world.core.options, charts);
  const history = createHistory();
  let at = start;
  core.executor = bytes[at++] as number;
  const flags = bytes[at++] as number;
  history.isAwaited = (flags & 1) !== 0;
  history.joined = (flags >> 1) & 1;
  world.cancelled = (flags & 4) === 0 ? undefined : cancelledWork(charts);
  core.costs.push(COSTS[bytes[at++] as 0] as number, COSTS[1], COSTS[2]);
  for (let kind = 0; kind < purse.length; kind++) purse[kind] = bytes[at++] as number;
  world.throwing.clear();
  const works: WorkItem[] = [];
  for (let left = bytes[at++] as number; left > 0; left--) {
    const byte = bytes[at++] as number;
    const work = createWork(charts, (byte >> 3) & 3, undefined);
    work.id = works.length;
    work.state = byte & 7;
    if ((byte & 32) !== 0) world.throwing.add(work.id);
    works.push(work);
    unpackCall(core, history, work);
  }
  core.nextWork = works.length;
  world.core = core;
  world.history = history;
  const count = bytes[at++] as number;
  world.procs = [];
  for (let id = 0; id < count; id++) at = unpackWorker(world, id, works, bytes, at);
  core.nextWorker = count;
  core.waits = history.isAwaited ? 1 : 0;
  core.holds = core.unsettled > 0 || core.waits > 0;
  if (charts.executor.name(core.executor).includes('broken')) core.loss = LOSS;
}

/** Puts a call where it must be: it waits when it is pending, it is over when it is done. */
function unpackCall(core: CoreState, history: History, work: WorkItem): void {
  const { future } = core.charts;
  const isDone = future.has(work.state, 'done');
  const isPending = future.has(work.state, 'pending');
  const call = { work, published: isDone ? 1 : 0, sent: isPending ? 0 : 1, doneAs: isDone ? work.state : undefined };
  history.open.set(work.id, call);
  if (isDone) history.over.push(call);
  else core.unsettled++;
  if (isPending) enqueue(core.queue, work);
}

function unpackWorker(world: World, id: number, works: readonly WorkItem[], bytes: Uint8Array, start: number): number {
  const { core, history: past, procs } = world;
  const [calls, a, b] = [bytes[start + 1] as number, bytes[start + 2] as number, bytes[start + 3] as number];
  const [c, d] = [bytes[start + 4] as number, bytes[start + 5] as number];
  let at = start + ROW_HEAD;
  const hasExited = (b & 4) !== 0;
  const activity = ACTIVITIES[c >> 5] as (typeof ACTIVITIES)[number];
  const reason = LOSSES[d & 7] as (typeof LOSSES)[number];
  const worker: WorkerRecord = {
    id,
    state: bytes[start] as number,
    held: [],
    predicted: [],
    load: 0,
    unpredicted: 0,
    calls,
    evidence: {
      pid: (c & 4) === 0 ? undefined : id + 1,
      exitCode: hasExited ? 1 : null,
      signal: null,
      activity,
      reason,
      call: (d & 8) === 0 ? undefined : { id: GHOST_ID, task: 0 },
      stderr: '',
      cause: (c & 8) === 0 ? undefined : { error: 'cause' },
    },
  };
  for (let left = bytes[at++] as number; left > 0; left--) {
    const byte = bytes[at++] as number;
    const cost = COSTS[byte >> 6] as number;
    worker.held.push(works[byte & 63] as WorkItem);
    worker.predicted.push(cost);
    if (cost === UNKNOWN_COST) worker.unpredicted++;
    else worker.load += 2 ** cost;
  }
  const proc: Proc = {
    id,
    phase: PHASES[b & 3] as Proc['phase'],
    calls: [],
    unread: [],
    isStopped: (b & 128) !== 0,
    signal: SIGNALS[a >> 5] as Proc['signal'],
    spawnTold: (d & 16) !== 0,
    exitTold: hasExited,
    callsTold: (b & 8) !== 0,
    endTold: (b & 16) !== 0,
    isDeaf: (b & 32) !== 0,
    isMute: (b & 64) !== 0,
  };
  for (let left = bytes[at++] as number; left > 0; left--) {
    const rank = bytes[at++] as number;
    proc.calls.push(rank === GHOST ? GHOST_ID : rank);
  }
  for (let left = bytes[at++] as number; left > 0; left--) {
    const rank = bytes[at++] as number;
    proc.unread.push(rank === GHOST ? GHOST_ID : rank > GHOST ? rank - MARKS : rank);
  }
  core.workers.set(id, worker);
  procs.push(proc);
  past.workers.set(id, {
    id,
    isReady: (c & 1) !== 0,
    sent: calls,
    timer: TIMERS[a & 7] as string | null,
    told: (a >> 3) & 3,
    hasExited,
    isSilent: (c & 2) !== 0,
    lostWhile: (c & 16) === 0 ? undefined : activity,
    lostFor: reason,
  });
  return at;
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
