/**
 * Cells that several states of the worker machine share; worker.ts puts them together.
 *
 * Each state still lists every event of the alphabet: a cell here is written once because it means the same everywhere.
 */

/** It exists already, so it cannot come into being again. */
export const bornAlready = { spawned: {}, spawnFailed: {} } as const;
/** Nothing is asked of a worker that takes no calls. */
export const getsNoWork = { assign: {}, retire: {} } as const;
export const holdsNothing = { outcomeReceived: {}, lastCallDone: {} } as const;

export const leavesOnRequest = {
  stop: {
    target: '#worker.terminating.asked',
    actions: ['sendStop', 'startGraceTimer'],
    description: 'The pool ends and needs no more work from it.',
  },
  terminate: {
    target: '#worker.terminating.termed',
    actions: ['sendTerm', 'startGraceTimer'],
    description: 'Whatever it held has failed already; it must go.',
  },
  kill: {
    target: '#worker.terminating.killed',
    actions: ['sendKill', 'startReapTimer'],
    description: 'Whatever it held has failed already; it must go at once.',
  },
} as const;

/** The ways in which an end announces itself unasked; notes record what the worker was doing, if not starting. */
export const endsUnasked = <Note extends 'noteIdle' | 'noteRunning'>(...notes: readonly Note[]) =>
  ({
    exited: {
      target: '#worker.lost.exited',
      actions: [...notes, 'startDrainTimer'],
      description: 'Died unasked; what it wrote before may still be in the channel.',
    },
    callsEnded: {
      target: '#worker.lost.deaf',
      actions: [...notes, 'startDrainTimer'],
      description: 'Nothing can be written to it any more; its results are still read.',
    },
    channelEnded: {
      target: '#worker.lost.severed',
      actions: [...notes, 'startDrainTimer'],
      description: 'Closed its channel unasked; the exit is likely on its way.',
    },
    faulted: {
      target: '#worker.lost.severed',
      actions: [...notes, 'startDrainTimer'],
      description: 'An error outside any call is killing it, or it sent garbage.',
    },
  }) as const;

export const bootTimedOut = {
  target: '#worker.lost.condemned',
  actions: ['noteBootTimeout', 'sendKill', 'startReapTimer'],
  description: 'Not ready within bootTimeout.',
} as const;
export const condemns = {
  target: '#worker.lost.condemned',
  actions: ['noteCondemned', 'sendKill', 'startReapTimer'],
  description: 'It lives on without a channel, or must not be waited for: it is of no use.',
} as const;
export const lostForGood = {
  target: '#worker.dead',
  actions: ['stopTimer', 'reportLost', 'release'],
  description: 'With this its unplanned end is complete.',
} as const;

export const gone = {
  target: '#worker.dead',
  actions: ['stopTimer', 'release'],
  description: 'It was to leave and has left.',
} as const;
export const terms = {
  target: '#worker.terminating.termed',
  actions: ['sendTerm', 'startGraceTimer'],
  description: 'Asking was not enough.',
} as const;
export const killsAtLast = {
  target: '#worker.terminating.killed',
  actions: ['sendKill', 'startReapTimer'],
  description: 'A softer request was not enough, or must not be waited for.',
} as const;

export const endingAlready = { description: 'It is being ended already.' } as const;
export const onlyTheExitCounts = { description: 'Only its exit counts now.' } as const;
export const dropsOutcome = {
  actions: ['drop'],
  description: 'Its call was settled before, or it cannot be trusted any more: counted and dropped.',
} as const;
export const delivers = { actions: ['deliver'], description: 'A call has ended.' } as const;
export const readsOn = { description: 'News from before the end; it changes nothing.' } as const;

/** What a worker that was told to leave makes of everything but its deadline and harder requests. */
export const isLeaving = {
  spawned: readsOn,
  spawnFailed: {
    target: '#worker.dead',
    actions: ['stopTimer', 'release'],
    description: 'There never was a process to leave.',
  },
  ready: readsOn,
  ...getsNoWork,
  outcomeReceived: dropsOutcome,
  lastCallDone: {},
  stop: endingAlready,
  exited: gone,
  callsEnded: onlyTheExitCounts,
  channelEnded: onlyTheExitCounts,
  faulted: onlyTheExitCounts,
} as const;
