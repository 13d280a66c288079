/**
 * What is promised of the ways in which a worker is made to leave: intents, deadlines, harder and harder requests.
 */
import type { Effect } from '../../machines/index.ts';
import { TOLD } from '../history.ts';
import { asksFor, type Invariant } from './invariant.ts';

/** The promises. */
export const ofDeadlines: readonly Invariant[] = [
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
    sentence: 'A deadline that has passed is followed by the next harder request, or by a release.',
    source: 'node-peers: no SIGKILL step (workerpool, poolifier, worker-farm); gunicorn #2454',
    on: ['timerFired'],
    violation: ({ before, event, effects, history }) => {
      if (event.type !== 'timerFired' || !before.worker || asksFor(effects, 'release')) return undefined;
      const { told, timer, lostWhile } = before.worker;
      const isPatient = lostWhile === undefined && timer !== 'boot' && told < TOLD.SIGTERM;
      const now = history.workers.get(event.worker)?.told ?? TOLD.no;
      return now === (isPatient ? TOLD.SIGTERM : TOLD.SIGKILL) && now > told
        ? undefined
        : `the deadline '${timer}' of worker ${event.worker}, told ${told}, made it ${now}`;
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
  {
    id: 'P11',
    sentence:
      'Whoever is told to leave has a whole deadline from then on; a worker that is released has none any more.',
    source: 'gunicorn #2454: an escalation that fires at once',
    violation: ({ before, event, effects }) => {
      for (let i = 0; i < effects.length; i++) {
        const effect = effects[i];
        if (effect?.type === 'end' && !startsTimer(effects, i + 1, effect.worker))
          return `worker ${effect.worker} has none`;
        if (effect?.type !== 'release') continue;
        const isRunning = event.type !== 'timerFired' && before.worker?.timer !== null;
        if (isRunning && !effects.slice(0, i).some((it) => it.type === 'timer' && it.worker === effect.worker))
          return `the deadline '${before.worker?.timer}' of worker ${effect.worker} still runs`;
        if (effects.slice(i + 1).some((it) => 'worker' in it && it.worker === effect.worker))
          return `more was asked of worker ${effect.worker} after its release`;
      }
      return undefined;
    },
  },
  {
    id: 'P12',
    sentence: 'The first fact of a death starts the deadline for the second, and the second completes it.',
    source: 'celery #5120, billiard #278; 250 ms for what is still in the channel',
    on: ['exited', 'channelEnded', 'faulted'],
    violation: ({ before, event, effects, history }) => {
      if (!before.worker || !('worker' in event)) return undefined;
      const { told, lostWhile, hasExited, isSilent } = before.worker;
      if (asksFor(effects, 'release')) return undefined;
      if (event.type === 'exited' && (isSilent || (told !== TOLD.no && lostWhile === undefined)))
        return `worker ${event.worker} has exited and was not released`;
      if (event.type === 'channelEnded' && hasExited) return `worker ${event.worker} has ended and was not released`;
      const isFirst = told === TOLD.no && !hasExited && !isSilent;
      const isBounded = effects.some((it) => it.type === 'timer' && it.timer === 'drain');
      return isFirst && history.workers.has(event.worker) && !isBounded ? `worker ${event.worker} has none` : undefined;
    },
  },
];

function startsTimer(effects: readonly Effect[], from: number, worker: number): boolean {
  for (let i = from; i < effects.length; i++) {
    const effect = effects[i];
    if (effect?.type === 'timer' && effect.worker === worker && effect.timer !== null) return true;
  }
  return false;
}
