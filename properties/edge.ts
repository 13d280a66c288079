/**
 * One step as a property sees it: what was told, what the core has become, what it asked for, and what is known of
 * the past.
 */
import { type CoreEvent, type CoreState, type Effect, step, type WorkerId } from '../machines/index.ts';
import { createHistory, type History, rememberEffects, rememberEvent, type WorkerHistory } from './history.ts';

/** What the core was before the step, as far as properties ask for it. */
export interface Before {
  readonly executor: number;
  readonly unsettled: number;
  readonly holds: boolean;
  /** Succeeded, failed, cancelled, lost, dropped. */
  readonly counts: readonly [number, number, number, number, number];
  /** The call that the event is about: its state, and whether a worker held it. */
  readonly work: number | undefined;
  /** What was known of the worker that the event is about. */
  readonly worker: Readonly<WorkerHistory> | undefined;
  /** The call that this worker was to answer first. */
  readonly head: number | undefined;
}

/** One step. */
export interface Edge {
  readonly before: Before;
  readonly event: CoreEvent;
  readonly effects: readonly Effect[];
  /** The core after the step. */
  readonly core: CoreState;
  /** The past, this step included. */
  readonly history: History;
}

/** Lets the core step, and keeps what a property needs to judge that. */
export function takeStep(core: CoreState, history: History, event: CoreEvent): Edge {
  const id: WorkerId = 'worker' in event ? event.worker : -1;
  const record = core.workers.get(id);
  const remembered = history.workers.get(id);
  const { succeeded, failed, cancelled, lost, dropped } = core.counts;
  const before: Before = {
    executor: core.executor,
    unsettled: core.unsettled,
    holds: core.holds,
    counts: [succeeded, failed, cancelled, lost, dropped],
    work: event.type === 'cancel' || event.type === 'settle' ? event.work.state : undefined,
    worker: remembered && { ...remembered },
    head: record?.held[record.head]?.id,
  };
  const held = record ? record.held.length - record.head : 0;
  const effects = step(core, event);
  rememberEvent(history, event, held);
  rememberEffects(history, effects);
  return { before, event, effects, core, history };
}

export { createHistory };
