/**
 * What is known of one future of a run, and whether its state may be what it is.
 */
import { inspect } from 'node:util';
import type { FutureLike } from './check-options.ts';
import { Broken } from './check-promises.ts';
import type { Outcome } from './functions.ts';

/** One accepted call. */
export interface Watched {
  readonly future: FutureLike;
  readonly call: number;
  /** What it must come to, where that is known. */
  readonly due?: Outcome;
  /** What it came to when that was first read. */
  outcome?: Outcome;
  /** The state in which it was last seen. */
  state?: string;
  /** A cancel() or cancelFutures has had its chance. */
  mayBeCancelled?: boolean;
  /** Callbacks in the order of registration, as they ran, and those that have thrown. */
  registered: number;
  readonly ran: number[];
  readonly threw: number[];
}

/** What may follow each state. */
const NEXT: Readonly<Record<string, readonly string[]>> = {
  PENDING: ['RUNNING', 'CANCELLED', 'CANCELLED_AND_NOTIFIED', 'FINISHED'],
  RUNNING: ['FINISHED'],
  // Seen by its executor, a cancelled future goes on to say that it was.
  CANCELLED: ['CANCELLED_AND_NOTIFIED'],
  CANCELLED_AND_NOTIFIED: [],
  FINISHED: [],
};

/**
 * Judges a future by its state and by that in which it was before.
 *
 * @throws Broken when it may not be so
 */
export function judgeState(watched: Watched): void {
  const { future, call, state: before = 'PENDING', mayBeCancelled } = watched;
  const { state } = future;
  if (!Object.hasOwn(NEXT, state))
    throw new Broken('C2', `call ${call} is ${inspect(state)}, which is none of ${Object.keys(NEXT).join(', ')}`);
  const isCancelled = state.startsWith('CANCELLED');
  if (isCancelled && before === 'RUNNING') throw new Broken('C3', `call ${call} was RUNNING and is ${state}`);
  if (state !== before && !NEXT[before]?.includes(state))
    throw new Broken('C2', `call ${call} was ${before} and is ${state}`);
  watched.state = state;
  if (future.done() !== (isCancelled || state === 'FINISHED'))
    throw new Broken('C2', `call ${call} is ${state}, and done() is ${future.done()}`);
  if (future.cancelled() !== isCancelled)
    throw new Broken('C3', `call ${call} is ${state}, and cancelled() is ${future.cancelled()}`);
  if (isCancelled && !mayBeCancelled) throw new Broken('C17', `call ${call} is ${state}, and nobody cancelled it`);
}

/** What there is instead of a future, and what it lacks; nothing when it is one. */
export function notAFuture(value: unknown): string | undefined {
  if (value instanceof Promise) return 'a promise; submit must return the future itself, at once';
  if (typeof value !== 'object' || value === null) return inspect(value);
  const lacking = ['cancel', 'cancelled', 'done', 'addDoneCallback', 'result'].filter(
    (name) => typeof (value as Record<string, unknown>)[name] !== 'function',
  );
  return lacking.length > 0 ? `${inspect(value, { depth: 0 })}, which has no ${lacking.join('(), ')}()` : undefined;
}
