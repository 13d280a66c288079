/**
 * The states of a worker that ended, or will end, without having been asked to: the region `lost` of the worker
 * machine.
 *
 * Two facts make a death, the exit and the end of the results, in either order. Until both are seen, what can still be
 * read is read; every state here is bounded by a timer.
 */
import {
  condemns,
  dropsOutcome,
  endingAlready,
  getsNoWork,
  lostForGood,
  onlyTheExitCounts,
  readsOn,
} from './worker-cells.ts';

/** Entered by `endsUnasked` and `bootTimedOut`, left only for `dead`, always with `reportLost`. */
export const lostStates = {
  tags: ['terminating'],
  initial: 'exited',
  states: {
    exited: {
      description: 'Ended unasked; what it wrote before is still being read (250 ms at most).',
      on: {
        spawned: readsOn,
        spawnFailed: {},
        ready: readsOn,
        ...getsNoWork,
        outcomeReceived: { actions: ['deliver'], description: 'A readable result wins over the death.' },
        lastCallDone: {},
        stop: endingAlready,
        terminate: endingAlready,
        kill: endingAlready,
        exited: {},
        callsEnded: readsOn,
        channelEnded: lostForGood,
        faulted: { description: 'The reason of its death, read after the exit.' },
        timerFired: {
          target: '#worker.dead',
          actions: ['reportLost', 'release'],
          description: 'Somebody else holds the pipe open, a grandchild perhaps: do not wait for it.',
        },
      },
    },
    deaf: {
      description: 'Closed its end of the calls; results are still read (250 ms) until it says more about its end.',
      on: {
        spawned: readsOn,
        spawnFailed: {},
        ready: readsOn,
        ...getsNoWork,
        outcomeReceived: { actions: ['deliver'], description: 'A readable result wins over the death.' },
        lastCallDone: {},
        stop: endingAlready,
        terminate: endingAlready,
        kill: condemns,
        exited: {
          target: 'exited',
          actions: ['startDrainTimer'],
          description: 'First fact; what it wrote before may still be in the channel.',
        },
        callsEnded: {},
        channelEnded: { target: 'severed', actions: ['startDrainTimer'], description: 'First fact of its death.' },
        faulted: { target: 'severed', actions: ['startDrainTimer'], description: 'The reason of its death.' },
        timerFired: condemns,
      },
    },
    severed: {
      description: 'Nothing more can be read; its exit is awaited (250 ms), for the sake of its exit code.',
      on: {
        spawned: readsOn,
        spawnFailed: {},
        ready: {},
        ...getsNoWork,
        outcomeReceived: dropsOutcome,
        lastCallDone: {},
        stop: endingAlready,
        terminate: endingAlready,
        kill: condemns,
        exited: lostForGood,
        callsEnded: endingAlready,
        channelEnded: { description: 'It had named its error before.' },
        faulted: endingAlready,
        timerFired: condemns,
      },
    },
    condemned: {
      description: 'Given up and sent SIGKILL; its exit is awaited (5 s).',
      on: {
        spawned: readsOn,
        spawnFailed: lostForGood,
        ready: readsOn,
        ...getsNoWork,
        outcomeReceived: { actions: ['deliver'], description: 'A readable result wins over the death.' },
        lastCallDone: {},
        stop: endingAlready,
        terminate: endingAlready,
        kill: endingAlready,
        exited: lostForGood,
        callsEnded: onlyTheExitCounts,
        channelEnded: onlyTheExitCounts,
        faulted: onlyTheExitCounts,
        timerFired: {
          target: '#worker.dead',
          actions: ['giveUp', 'reportLost', 'release'],
          description: 'It outlived SIGKILL; no future waits for it.',
        },
      },
    },
  },
} as const;
