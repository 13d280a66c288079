/**
 * The past, as far as properties ask for it: gathered from events and effects alone, so that it disagrees with the core
 * where the core is wrong.
 */
import type { Activity, CoreEvent, CoreState, Effect, Loss, WorkerId, WorkId, WorkItem } from '../machines/index.ts';

/** What has happened to one call so far. */
export interface CallHistory {
  readonly work: WorkItem;
  /** How often it was published, and written to a worker. */
  published: number;
  sent: number;
  /** The state in which it was published first. */
  doneAs: number | undefined;
}

/** How hard a worker was told to leave: not at all, by message, by SIGTERM, by SIGKILL. */
export const TOLD = { no: 0, stop: 1, SIGTERM: 2, SIGKILL: 3 } as const;

/** What has happened to one worker so far. */
export interface WorkerHistory {
  readonly id: WorkerId;
  isReady: boolean;
  /** Calls written to it. */
  sent: number;
  /** The deadline that is running. */
  timer: string | null;
  /** The hardest way in which it was told to leave; see {@link TOLD}. */
  told: number;
  /** Reported of its end: the exit; that nothing more can be read. */
  hasExited: boolean;
  isSilent: boolean;
  /** What it was doing when its end began unasked; `undefined` when nothing of the kind was reported. */
  lostWhile: Activity | undefined;
  lostFor: Loss['reason'];
}

/** The past. Plain data. */
export interface History {
  /** Calls accepted and not over, by work id; a call that is done is over when no worker holds it. */
  readonly open: Map<WorkId, CallHistory>;
  /** Those of them that are done. */
  over: CallHistory[];
  readonly workers: Map<WorkerId, WorkerHistory>;
  /** Whether somebody waits for an end that is still to come. */
  isAwaited: boolean;
  /** How often it was said that all is over. */
  joined: number;
}

/** No past. */
export function createHistory(): History {
  return { open: new Map(), over: [], workers: new Map(), isAwaited: false, joined: 0 };
}

/** A worker that was just born. */
export function bornWorker(id: WorkerId): WorkerHistory {
  return {
    id,
    isReady: false,
    sent: 0,
    timer: null,
    told: TOLD.no,
    hasExited: false,
    isSilent: false,
    lostWhile: undefined,
    lostFor: 'workerLost',
  };
}

/**
 * Takes in what was reported; `held` is how many calls its worker had then. To be followed by {@link
 * rememberEffects}.
 */
export function rememberEvent(history: History, event: CoreEvent, held: number): void {
  switch (event.type) {
    case 'submit':
      if (event.work.id >= 0)
        history.open.set(event.work.id, { work: event.work, published: 0, sent: 0, doneAs: undefined });
      return;
    case 'shutdown':
      history.isAwaited ||= event.wait && history.joined === 0;
      return;
    case 'terminate':
    case 'kill':
      history.isAwaited = history.joined === 0;
      return;
  }
  const worker = 'worker' in event ? history.workers.get(event.worker) : undefined;
  if (!worker) return;
  switch (event.type) {
    case 'ready':
      worker.isReady = true;
      return;
    case 'timerFired':
      if (worker.timer === 'boot') mourn(worker, held, 'bootTimeout');
      worker.timer = null;
      return;
    case 'spawnFailed':
      worker.hasExited = true;
      worker.isSilent = true;
      return mourn(worker, held, 'spawnFailed');
    case 'exited':
      worker.hasExited = true;
      return mourn(worker, held);
    case 'channelEnded':
    case 'faulted':
      worker.isSilent = true;
      return mourn(worker, held);
    case 'callsEnded':
      return mourn(worker, held);
  }
}

/** The first sign of an end that nobody asked for. */
function mourn(worker: WorkerHistory, held: number, reason: Loss['reason'] = 'workerLost'): void {
  if (worker.told !== TOLD.no || worker.lostWhile !== undefined) return;
  worker.lostWhile = worker.isReady ? (held > 0 ? 'running' : 'idle') : 'starting';
  worker.lostFor = reason;
}

/** Takes in what the core asked for. */
export function rememberEffects(history: History, effects: readonly Effect[]): void {
  for (const effect of effects) {
    switch (effect.type) {
      case 'publish': {
        const call = history.open.get(effect.work.id);
        if (!call) break;
        if (call.published++ > 0) break;
        call.doneAs = effect.work.state;
        history.over.push(call);
        break;
      }
      case 'send': {
        const call = history.open.get(effect.work.id);
        if (call) call.sent++;
        const worker = history.workers.get(effect.worker);
        if (worker) worker.sent++;
        break;
      }
      case 'spawn':
        history.workers.set(effect.worker, bornWorker(effect.worker));
        break;
      case 'timer': {
        const worker = history.workers.get(effect.worker);
        if (worker) worker.timer = effect.timer;
        break;
      }
      case 'end': {
        const worker = history.workers.get(effect.worker);
        if (!worker) break;
        worker.told = Math.max(worker.told, TOLD[effect.how]);
        const isGivenUp = effect.how === 'SIGKILL' && worker.lostWhile !== undefined;
        if (isGivenUp && worker.lostFor === 'workerLost') worker.lostFor = 'condemned';
        break;
      }
      case 'release':
        history.workers.delete(effect.worker);
        break;
      case 'joined':
        history.isAwaited = false;
        history.joined++;
    }
  }
}

/** Lets go of calls that are done and that no worker holds; to be called when the step was judged. */
export function forget(history: History, core: CoreState): void {
  if (history.over.length === 0) return;
  history.over = history.over.filter((call) => {
    for (const { held } of core.workers.values()) if (held.includes(call.work)) return true;
    history.open.delete(call.work.id);
    return false;
  });
}
