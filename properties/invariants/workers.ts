/**
 * What is promised of worker processes: born when needed, watched, bounded, never lost without a word.
 */
import { TOLD } from '../history.ts';
import { asksFor, executorIs, type Invariant } from './invariant.ts';

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
    violation: ({ core, effects }) => {
      if (!asksFor(effects, 'spawn')) return undefined;
      let starting = 0;
      for (const { state } of core.workers.values()) {
        if (core.charts.worker.has(state, 'idle')) return 'one is idle';
        if (core.charts.worker.has(state, 'starting')) starting++;
      }
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
  {
    id: 'P1',
    sentence: 'No worker is told to leave or signalled without a recorded intent.',
    source: 'PHP-FPM fpm_process_ctl.c; celery #3085; loky #641',
    violation: ({ core, effects }) => {
      for (const effect of effects) {
        if (effect.type !== 'end') continue;
        const worker = core.workers.get(effect.worker);
        if (worker && !core.charts.worker.has(worker.state, 'terminating')) return `worker ${worker.id} has none`;
      }
      return undefined;
    },
  },
  {
    id: 'P2',
    sentence: 'Every worker that is waited for has a deadline, unless it runs user code or is idle.',
    source: 'gunicorn #2454; every state that waits has a bounded exit',
    violation: ({ core, history }) => {
      for (const { id, timer, isReady, told, lostWhile } of history.workers.values()) {
        const isFree = isReady && told === TOLD.no && lostWhile === undefined;
        if (!isFree && timer === null) return `worker ${id} has none`;
        if (isFree && timer !== null) return `worker ${id} still has '${timer}'`;
        if (timer === 'boot' && (isReady || told !== TOLD.no || lostWhile))
          return `worker ${id} does not boot any more`;
        if (timer === 'reap' && told !== TOLD.SIGKILL) return `worker ${id} was not sent SIGKILL`;
        if (timer === 'grace' && told === TOLD.SIGKILL) return `worker ${id} was sent SIGKILL: there is no grace`;
        const { state } = core.workers.get(id) ?? {};
        const isEnding = told !== TOLD.no || lostWhile !== undefined;
        if (state !== undefined && isEnding !== core.charts.worker.has(state, 'terminating'))
          return `worker ${id} is in '${core.charts.worker.name(state)}'`;
      }
      return undefined;
    },
  },
  {
    id: 'P5',
    sentence: 'A worker with an intent against it, or of whose end anything is known, is given no call.',
    source: 'trio-parallel #43, loky #370: a job written to a worker that was leaving',
    violation: ({ effects, history }) => {
      for (const effect of effects) {
        if (effect.type !== 'send') continue;
        const worker = history.workers.get(effect.worker);
        if (!worker || worker.told !== TOLD.no || worker.lostWhile !== undefined)
          return `call ${effect.work.id} was written to worker ${effect.worker}, which is ending`;
      }
      return undefined;
    },
  },
  {
    id: 'P6',
    sentence: 'News of a worker that is gone changes nothing and is counted.',
    source: 'dask nanny: the exit callback of an old generation',
    violation: ({ before, event, effects, core }) => {
      if (!('worker' in event) || before.worker) return undefined;
      if (effects.length > 0) return `'${event.type}' led to '${effects[0]?.type}'`;
      return core.counts.dropped === before.counts[4] + 1 ? undefined : 'it was not counted';
    },
  },
  {
    id: 'P7',
    sentence: 'Who is told to leave is told harder each time, and never after its exit was seen.',
    source: 'gunicorn #2454, Ruby parallel: a signal to a pid that was reused',
    violation: ({ before, event, effects, history }) => {
      for (const effect of effects) {
        if (effect.type !== 'end') continue;
        const worker = history.workers.get(effect.worker);
        if (worker?.hasExited) return `worker ${effect.worker} was sent ${effect.how} after its exit`;
        const was = 'worker' in event && event.worker === effect.worker ? (before.worker?.told ?? 0) : 0;
        if (TOLD[effect.how] <= was) return `worker ${effect.worker} was sent ${effect.how} once more`;
      }
      return undefined;
    },
  },
  {
    id: 'P8',
    sentence: 'A deadline that has passed is followed by something harder, or by a release.',
    source: 'node-peers: no SIGKILL step (workerpool, poolifier, worker-farm)',
    on: ['timerFired'],
    violation: ({ before, event, effects }) => {
      if (event.type !== 'timerFired' || !before.worker) return undefined;
      if (asksFor(effects, 'end') || asksFor(effects, 'release')) return undefined;
      return `the deadline '${before.worker.timer}' of worker ${event.worker} had no consequence`;
    },
  },
  {
    id: 'P9',
    sentence: 'Who outlives SIGKILL is named to the user when it is given up, and nobody else is.',
    source: 'celery, gunicorn: a process stuck in the kernel',
    violation: ({ before, event, effects }) => {
      const isGivenUp = event.type === 'timerFired' && before.worker?.timer === 'reap';
      return isGivenUp === asksFor(effects, 'giveUp') ? undefined : isGivenUp ? 'nobody was warned' : 'it was given up';
    },
  },
];
