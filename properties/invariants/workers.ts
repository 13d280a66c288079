/**
 * What is promised of worker processes: born when needed, watched, bounded, never lost without a word.
 */
import { TOLD } from '../history.ts';
import { asksFor, countWorkers, executorIs, type Invariant } from './invariant.ts';

/** The promises. */
export const ofWorkers: readonly Invariant[] = [
  {
    id: 'I15',
    sentence: 'Never more workers than allowed, those not reaped yet included; none is born once the end began.',
    source: 'CPython gh-152967',
    violation: ({ core, effects }) => {
      if (core.workers.size > core.options.maxWorkers) return `${core.workers.size} workers`;
      return asksFor(effects, 'spawn') && !executorIs(core, 'dispatches') ? 'a worker was spawned' : undefined;
    },
  },
  {
    id: 'I16',
    sentence: 'No worker is spawned while one is idle, nor more than there are calls that wait.',
    source: 'CPython bpo-39207, gh-115634',
    violation: ({ core, effects, history }) => {
      if (!asksFor(effects, 'spawn')) return undefined;
      const { starting, idle } = countWorkers(core, history);
      if (idle > 0) return 'one is idle';
      return starting > core.queue.size ? `${starting} start for ${core.queue.size} calls` : undefined;
    },
  },
  {
    id: 'I17',
    sentence: 'A worker gets no call before it has reported ready.',
    source: 'CPython bpo-21423 (initializer)',
    violation: ({ effects, history }) => {
      for (const effect of effects)
        if (effect.type === 'send' && !history.workers.get(effect.worker)?.isReady)
          return `call ${effect.work.id} went to worker ${effect.worker}, which is not ready`;
      return undefined;
    },
  },
  {
    id: 'I18',
    sentence: 'A worker is given at most maxTasksPerChild calls, and leaves when it has answered the last.',
    source: 'CPython bpo-44733',
    violation: ({ core, history }) => {
      const most = core.options.maxTasksPerChild;
      for (const { id, sent, told, lostWhile } of history.workers.values()) {
        if (sent > most) return `worker ${id} was given ${sent}`;
        if (core.workers.get(id)?.calls !== sent) return `the count of the calls of worker ${id} is wrong`;
        if (sent === most && core.workers.get(id)?.held.length === 0 && told === TOLD.no && lostWhile === undefined)
          return `worker ${id} has answered its last call and was not told to leave`;
      }
      return undefined;
    },
  },
  {
    id: 'I20',
    sentence:
      'Every worker is known from its spawn to its release, and only the one that the event is about is released.',
    source: 'CPython gh-105829: a worker that nobody watches (O1)',
    violation: ({ event, effects, core, history }) => {
      for (const effect of effects)
        if (effect.type === 'release' && !('worker' in event && event.worker === effect.worker))
          return `worker ${effect.worker} was released by '${event.type}'`;
      if (core.workers.size !== history.workers.size)
        return `${history.workers.size} workers were spawned and not released, ${core.workers.size} are known`;
      for (const id of history.workers.keys()) if (!core.workers.has(id)) return `worker ${id} is not known any more`;
      return undefined;
    },
  },
  {
    id: 'I21',
    sentence: 'A death that nobody asked for is told, in the step that completes it; a planned one never is.',
    source: 'CPython bpo-9205, O1; celery #3085, loky #641: a planned recycle is no crash',
    violation: ({ before, event, effects, core }) => {
      const lost = core.counts.lost - before.counts[3];
      const isReleased = asksFor(effects, 'release');
      const asked = before.worker?.told !== TOLD.no && before.worker?.lostWhile === undefined;
      const isUnasked = before.worker !== undefined && isReleased && !asked;
      if (lost === (isUnasked ? 1 : 0)) return undefined;
      return isUnasked ? 'a worker died unasked and nobody was told' : `'${event.type}' was told as a loss`;
    },
  },
  {
    id: 'I22',
    sentence: 'A worker is released when its exit was seen and its results have ended, or a deadline has passed.',
    source: 'celery #5120, billiard #278: a death is two facts',
    violation: ({ before, event, effects }) => {
      if (!asksFor(effects, 'release') || !before.worker) return undefined;
      const { hasExited, isSilent, told, timer, lostWhile } = before.worker;
      switch (event.type) {
        case 'spawnFailed':
          return undefined;
        case 'exited':
          return isSilent || told !== TOLD.no ? undefined : 'its results had not ended';
        case 'channelEnded':
          return hasExited && lostWhile !== undefined ? undefined : 'its exit was not seen';
        case 'timerFired':
          return hasExited || timer === 'reap' ? undefined : 'its exit was not seen';
        default:
          return `'${event.type}' is no end of a process`;
      }
    },
  },
];
