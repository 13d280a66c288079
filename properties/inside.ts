/**
 * What a step depends on, and what the world sees of it: the core, the past, and what is over but may still be named.
 *
 * The other half of a world is `Outside`: processes and what may still be wished. A step looks at this half alone, so
 * that one step stands for all the worlds that differ only in the other.
 */
import {
  type CoreEvent,
  type CoreState,
  createWork,
  type Effect,
  type Outcome,
  type WorkerId,
  type WorkItem,
} from '../machines/index.ts';
import { type Edge, takeStep } from './edge.ts';
import type { History } from './history.ts';
import { GHOST_ID, type Tiding, type Told, toldBy } from './tidings.ts';

/** A core and its past. */
export interface Inside {
  core: CoreState;
  history: History;
  /** A call that was cancelled, for those who cancel or settle it again. */
  cancelled: WorkItem | undefined;
  /** A worker that was released, for late news of it. */
  gone: WorkerId | undefined;
  /** Whether no call can be submitted any more. */
  isClosed: boolean;
}

/** What a step asks of processes; whatever else it asks for changes nothing outside. */
export type Demand =
  | { readonly type: 'spawn' | 'release'; readonly worker: WorkerId }
  | { readonly type: 'send'; readonly worker: WorkerId; readonly call: number }
  | { readonly type: 'end'; readonly worker: WorkerId; readonly how: 'stop' | 'SIGTERM' | 'SIGKILL' };

/** What the choice of a move depends on. */
export interface View {
  /** The deadline of each worker. */
  readonly timerOf: (worker: WorkerId) => string | null | undefined;
  /** Open calls, oldest first. */
  readonly calls: Iterable<number>;
  /** Whether task 0 has no prediction yet. */
  readonly isUnpredicted: boolean;
  readonly hasCancelled: boolean;
  readonly hasGone: boolean;
}

const RETURNED: Outcome = { kind: 'result', value: undefined };
const THREW: Outcome = { kind: 'exception', error: undefined };
const CAUSE = 'cause';

/** The predicted cost of task 0 once it is known: 8 µs. */
export const SHORT = 3;

/** Tells the core. */
export function tell(inside: Inside, told: Tiding): Edge {
  const { core, history } = inside;
  const taken = toldBy(told);
  const event = eventOf(taken, inside);
  if (taken.kind === 'submit' && taken.isMarked) inside.isClosed = true;
  const edge = takeStep(core, history, event);
  const { future } = core.charts;
  if (event.type === 'cancel' && future.has(event.work.state, 'cancelled')) inside.cancelled = event.work;
  for (const effect of edge.effects) {
    if (effect.type === 'publish' && future.has(effect.work.state, 'cancelled')) inside.cancelled = effect.work;
    else if (effect.type === 'release') inside.gone = effect.worker;
  }
  return edge;
}

const NONE: readonly Demand[] = [];

/** What processes are asked for, in order. */
export function demandsOf(effects: readonly Effect[]): readonly Demand[] {
  let demands: Demand[] | undefined;
  for (const effect of effects) {
    const demand = demandOf(effect);
    if (!demand) continue;
    demands ??= [];
    demands.push(demand);
  }
  return demands ?? NONE;
}

function demandOf(effect: Effect): Demand | undefined {
  switch (effect.type) {
    case 'spawn':
    case 'release':
    case 'end':
      return effect;
    case 'send':
      return { type: 'send', worker: effect.worker, call: effect.work.id };
    default:
      return undefined;
  }
}

/** A tiding as an event. */
function eventOf({ kind, worker, call, isMarked }: Told, { core, history, cancelled, gone }: Inside): CoreEvent {
  const outcome = isMarked ? THREW : RETURNED;
  const work = () => {
    const open = kind === 'cancelAgain' || kind === 'settleAgain' ? cancelled : history.open.get(call)?.work;
    if (!open) throw new RangeError(`There is no open call ${call}.`);
    return open;
  };
  const late = () => {
    if (gone === undefined) throw new RangeError('No worker has gone yet.');
    return gone;
  };
  switch (kind) {
    case 'submit':
      return { type: kind, work: createWork(core.charts, call, undefined) };
    case 'cancel':
    case 'cancelAgain':
      return { type: 'cancel', work: work() };
    case 'settle':
    case 'settleAgain':
      return { type: 'settle', work: work(), outcome };
    case 'shutdown':
      return { type: kind, wait: true, cancelFutures: false };
    case 'shutdownCancel':
      return { type: 'shutdown', wait: false, cancelFutures: true };
    case 'internalFailure':
      return { type: kind, cause: CAUSE };
    case 'estimate':
      return { type: 'costEstimated', task: 0, cost: SHORT };
    case 'spawned':
      return { type: kind, worker, pid: worker + 1 };
    case 'spawnFailed':
    case 'faulted':
      return { type: kind, worker, cause: CAUSE };
    case 'outcomeReceived':
      return { type: kind, worker, work: call, outcome, micros: 1 };
    case 'callRejected':
      return { type: kind, worker, work: call, outcome };
    case 'exited':
      return { type: kind, worker, code: 1, signal: null, stderr: '' };
    case 'lateReady':
      return { type: 'ready', worker: late() };
    case 'lateOutcome':
      return { type: 'outcomeReceived', worker: late(), work: GHOST_ID, outcome, micros: 1 };
    case 'lateExit':
      return { type: 'exited', worker: late(), code: 1, signal: null, stderr: '' };
    case 'lateEnd':
      return { type: 'channelEnded', worker: late() };
    case 'ready':
    case 'callsEnded':
    case 'channelEnded':
    case 'timerFired':
      return { type: kind, worker };
    case 'terminate':
    case 'kill':
    case 'collected':
    case 'processExit':
      return { type: kind };
  }
}
