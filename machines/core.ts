/**
 * `step(state, event) -> effects`: the one place where the three machines meet.
 *
 * Synchronous; plain data in, plain data out. The core routes an event to the chart that it concerns, does to its own
 * counts what that chart asks for, and raises the facts that the counts imply (`drained`, `lastWorkerGone`,
 * `lastCallDone`, `retire`) until nothing more follows. It decides nothing that a chart could decide, and never looks
 * at the name of a state.
 *
 * Guarantees
 * - The state is complete before the first effect runs; a callback sees the world as it will stay.
 * - Assignment is recorded before the bytes leave; a worker with an intent against it gets no work.
 * - Dispatch follows every event, whatever it was.
 * - Nothing refers to a call any more once its future is done and its worker has answered.
 *
 * CPython 3.14, `process.py:330-447` (the manager thread), without the thread.
 */

import type { ExecutorEvent } from './alphabet.ts';
import { dispatch } from './dispatch.ts';
import type { Effect } from './effects.ts';
import type { CoreEvent } from './events.ts';
import { enqueue, remove } from './queue.ts';
import { executorAsks } from './shutdown.ts';
import { type CoreState, cancel, createEvidence, emit, eventFor, raiseFuture, takeEffects } from './state.ts';
import type { Loss, Outcome, WorkItem } from './vocabulary.ts';
import { observe } from './workers.ts';

/**
 * Applies one event.
 *
 * @returns what the world must do now, in order; the empty list is shared and must not be changed.
 * @throws ImpossibleEvent when a chart says that this cannot happen: a bug of the core or of a host.
 * @throws Error when a chart ignores a fact: a bug of the chart.
 */
export function step(state: CoreState, event: CoreEvent): readonly Effect[] {
  apply(state, event);
  rest(state);
  return takeEffects(state);
}

function apply(state: CoreState, event: CoreEvent): void {
  switch (event.type) {
    case 'submit':
      return submit(state, event.work);
    case 'cancel':
      return cancel(state, event.work);
    case 'settle':
      return settleFromOutside(state, event.work, event.outcome);
    case 'shutdown':
      raiseExecutor(state, 'shutdown');
      if (event.cancelFutures) raiseExecutor(state, 'cancelFutures');
      if (event.wait) state.waits++;
      return;
    case 'terminate':
    case 'kill':
      raiseExecutor(state, event.type);
      state.waits++;
      return;
    case 'collected':
    case 'processExit':
      return raiseExecutor(state, event.type);
    case 'internalFailure':
      return fail(state, event.cause);
    case 'costEstimated':
      state.costs[event.task] = event.cost;
      return;
    default:
      return observe(state, event);
  }
}

/** A step raises no more facts than this; the charts that ship act upon each at once, and need three. */
const MOST_FACTS = 16;

/** Raises the facts that the counts imply, until none is left; dispatches; and says whether the process must live. */
function rest(state: CoreState): void {
  const { executor } = state.charts;
  for (let round = 0; ; round++) {
    if (round > MOST_FACTS) throw unheard(state, round);
    if (state.losses.length > 0) tellLosses(state);
    if (executor.has(state.executor, 'dispatches')) dispatch(state);
    if (state.unsettled === 0 && executor.has(state.executor, 'fails')) raiseExecutor(state, 'futuresFailed');
    else if (state.unsettled === 0 && executor.has(state.executor, 'drains')) raiseExecutor(state, 'drained');
    else if (state.workers.size === 0 && executor.has(state.executor, 'reaps')) raiseExecutor(state, 'lastWorkerGone');
    else break;
  }
  if (state.waits > 0 && executor.has(state.executor, 'joined')) state.waits = 0;
  const holds = state.unsettled > 0 || state.waits > 0;
  if (holds !== state.holds) {
    state.holds = holds;
    emit(state, { type: 'hold', on: holds });
  }
}

/** A fact that no transition acts upon stays a fact, and would be raised for ever. */
function unheard({ charts, executor, unsettled, workers }: CoreState, rounds: number): Error {
  const facts = (
    [
      ['fails', 'futuresFailed', unsettled],
      ['drains', 'drained', unsettled],
      ['reaps', 'lastWorkerGone', workers.size],
    ] as const
  ).filter(([tag, , count]) => count === 0 && charts.executor.has(executor, tag));
  return new Error(
    `the executor chart was told ${rounds} facts in one step, and in '${charts.executor.name(executor)}' there is ` +
      `still '${facts[0]?.[1]}': a fact must change the state that waits for it`,
  );
}

/** The first of several losses breaks the pool and is the cause that everybody is told. */
function tellLosses(state: CoreState): void {
  const losses = state.losses;
  state.losses = [];
  for (const loss of losses) raiseExecutor(state, 'workerLost', loss);
  state.orphans = [];
}

function submit(state: CoreState, work: WorkItem): void {
  const cell = state.charts.executor.transition(state.executor, 'submit');
  state.executor = cell.next;
  for (const effect of cell.effects) {
    if (effect === 'accept') {
      work.id = state.nextWork++;
      state.unsettled++;
      enqueue(state.queue, work);
    } else {
      emit(state, { type: 'refuse', reason: effect === 'refuseBroken' ? 'broken' : 'shutdown', loss: state.loss });
    }
  }
}

/** A user settles a future of ours. Its call, if it runs already, runs on; what it answers is dropped. */
function settleFromOutside(state: CoreState, work: WorkItem, outcome: Outcome): void {
  if (state.charts.future.has(work.state, 'pending')) remove(state.queue, work);
  const { effects } = raiseFuture(state, work, eventFor(outcome), outcome);
  if (effects.includes('refuse')) emit(state, { type: 'refuse', reason: 'done', loss: undefined });
}

/** A defect of ours breaks the pool: futures fail rather than hang (I45). */
function fail(state: CoreState, cause: unknown): void {
  const { executor } = state.charts;
  if (executor.has(state.executor, 'joined')) return;
  const loss: Loss = { ...createEvidence(), reason: 'internal', activity: 'idle', cause: { error: cause } };
  // The defect may have stopped the very step that was breaking the pool: what is unsettled fails all the same.
  if (executor.has(state.executor, 'fails')) executorAsks(state, 'failUnfinished', loss);
  else raiseExecutor(state, 'workerLost', loss);
}

/** Tells the executor chart, and does what it asks for. `loss` says what happened, where the event is a loss. */
function raiseExecutor(state: CoreState, event: ExecutorEvent, loss?: Loss): void {
  const cell = state.charts.executor.transition(state.executor, event);
  state.executor = cell.next;
  for (const effect of cell.effects) executorAsks(state, effect, loss);
}
