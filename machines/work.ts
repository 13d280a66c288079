/**
 * One call, from the first moment on: what a future needs to know of the core, whether an executor owns it or nobody.
 */
import type { FutureEffect, FutureEvent } from './alphabet.ts';
import type { Cell, Charts } from './chart.ts';
import type { Outcome, WorkItem } from './vocabulary.ts';

/** A call that nobody has accepted yet, or the state of a future that belongs to no executor. */
export function createWork(charts: Pick<Charts, 'future'>, task: number, handle: unknown): WorkItem {
  return { id: -1, state: charts.future.initial.next, outcome: undefined, task, handle };
}

/** The life of a future without an executor: state and outcome change, effects are the caller's to perform. */
export function stepFuture(
  charts: Pick<Charts, 'future'>,
  work: WorkItem,
  event: FutureEvent,
  outcome: Outcome | undefined,
): Cell<FutureEffect> {
  const cell = charts.future.transition(work.state, event);
  work.state = cell.next;
  if (cell.effects.includes('publish')) work.outcome = outcome;
  return cell;
}
