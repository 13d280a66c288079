/**
 * One step as a property sees it: what was told, what the core has become, what it asked for, and what is known of the past.
 */
import type { CoreEvent, CoreState, Effect, WorkerId, WorkItem } from '../machines/index.ts';

/** What has happened to one call so far. */
export interface CallHistory {
  readonly work: WorkItem;
  /** How often it was published, and written to a worker. */
  published: number;
  sent: number;
  /** The state in which it was published first. */
  doneAs: number | undefined;
}

/** What has happened to one worker so far. */
export interface WorkerHistory {
  isReady: boolean;
  /** Calls written to it. */
  sent: number;
  /** The deadline that is running. */
  timer: string | null;
}

/** The past, as far as properties ask for it. Plain data. */
export interface History {
  /** Accepted calls, by work id. */
  readonly calls: CallHistory[];
  readonly workers: Map<WorkerId, WorkerHistory>;
  /** The last work id that was written to any worker. */
  lastSent: number;
}

/** What the core was before the step. */
export interface Before {
  readonly executor: number;
  readonly unsettled: number;
  readonly workers: number;
  readonly futures: readonly number[];
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

/** No past. */
export function createHistory(): History {
  return { calls: [], workers: new Map(), lastSent: -1 };
}

/** What properties want to know of a core before it steps. */
export function beforeStep(core: CoreState, history: History): Before {
  return {
    executor: core.executor,
    unsettled: core.unsettled,
    workers: core.workers.size,
    futures: history.calls.map(({ work }) => work.state),
  };
}

/** Takes a step into the history. */
export function remember(history: History, event: CoreEvent, effects: readonly Effect[]): void {
  if (event.type === 'submit' && event.work.id >= 0)
    history.calls.push({ work: event.work, published: 0, sent: 0, doneAs: undefined });
  if (event.type === 'ready') {
    const worker = history.workers.get(event.worker);
    if (worker) worker.isReady = true;
  }
  if (event.type === 'timerFired') {
    const worker = history.workers.get(event.worker);
    if (worker) worker.timer = null;
  }
  for (const effect of effects) {
    switch (effect.type) {
      case 'publish': {
        const call = history.calls[effect.work.id];
        if (!call) break;
        call.published++;
        call.doneAs ??= effect.work.state;
        break;
      }
      case 'send': {
        const call = history.calls[effect.work.id];
        if (call) call.sent++;
        const worker = history.workers.get(effect.worker);
        if (worker) worker.sent++;
        break;
      }
      case 'spawn':
        history.workers.set(effect.worker, { isReady: false, sent: 0, timer: null });
        break;
      case 'timer': {
        const worker = history.workers.get(effect.worker);
        if (worker) worker.timer = effect.timer;
        break;
      }
      case 'release':
        history.workers.delete(effect.worker);
        break;
    }
  }
}

/** Marks the last call written; kept apart from {@link remember}, since the order within a step is itself a property. */
export function rememberSends(history: History, effects: readonly Effect[]): void {
  for (const effect of effects)
    if (effect.type === 'send') history.lastSent = Math.max(history.lastSent, effect.work.id);
}
