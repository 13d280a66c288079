/**
 * The life of one worker: one child process, one generation.
 *
 * Knows: what was asked of the process and which facts of its end were seen. Refuses to know: its pid, its calls, how
 * long a timer is, and whether its loss breaks anything (the executor decides that, on `reportLost`).
 *
 * Guarantees
 * - Intent before effect: every `send…` that ends a process is asked for by the transition that records why.
 * - A planned exit never looks like a crash: only the states of `lost` lead to `reportLost`.
 * - An unplanned death needs two facts, the exit and the end of the channel, in either order, so that no result that
 *   can still be read is thrown away (I25); 250 ms bound the second one. A closed pipe for calls (`deaf`) is no such
 * fact. A worker in `terminating` holds no call whose
 *   future is unsettled, so nothing can be lost there and its exit alone makes it dead.
 *
 * Invariants
 * - W1 calls are assigned only in states tagged `takesCalls`.
 * - W2 every state that waits for the process has a timer, except `busy` and `retiring`: they wait for user code.
 * - W3 `release` is asked for exactly once, by the transition into `dead`.
 *
 * CPython 3.14 has no such states; `process.py:405-507` reads pids, sentinels and exit codes instead.
 */
import { setup } from 'xstate';
import type { WorkerEffect, WorkerEvent, WorkerTag } from './alphabet.ts';
import {
  bootTimedOut,
  bornAlready,
  delivers,
  endingAlready,
  endsUnasked,
  getsNoWork,
  holdsNothing,
  isLeaving,
  killsAtLast,
  leavesOnRequest,
  terms,
} from './worker-cells.ts';
import { lostStates } from './worker-lost.ts';

const noAction = (): void => {};
const actions = {
  spawn: noAction,
  startBootTimer: noAction,
  startDrainTimer: noAction,
  startGraceTimer: noAction,
  startReapTimer: noAction,
  stopTimer: noAction,
  sendCall: noAction,
  deliver: noAction,
  drop: noAction,
  sendStop: noAction,
  sendTerm: noAction,
  sendKill: noAction,
  noteSpawnFailure: noAction,
  noteBootTimeout: noAction,
  noteCondemned: noAction,
  noteIdle: noAction,
  noteRunning: noAction,
  giveUp: noAction,
  release: noAction,
  reportLost: noAction,
} satisfies Record<WorkerEffect, () => void>;

/** The worker machine. */
export const workerMachine = setup({
  types: { events: {} as { type: WorkerEvent }, tags: {} as WorkerTag },
  actions,
}).createMachine({
  id: 'worker',
  initial: 'spawning',
  states: {
    spawning: {
      description: 'The process was asked for; bootTimeout runs.',
      tags: ['spawning', 'starting'],
      entry: ['spawn', 'startBootTimer'],
      on: {
        spawned: { target: 'booting', description: 'There is a process.' },
        spawnFailed: {
          target: 'dead',
          actions: ['noteSpawnFailure', 'stopTimer', 'reportLost', 'release'],
          description: 'There is none and no exit will follow.',
        },
        ready: {},
        ...getsNoWork,
        ...holdsNothing,
        ...leavesOnRequest,
        ...endsUnasked(),
        timerFired: bootTimedOut,
      },
    },
    booting: {
      description: 'The process loads and runs the initializer; bootTimeout runs.',
      tags: ['booting', 'starting'],
      on: {
        ...bornAlready,
        ready: { target: 'idle', actions: ['stopTimer'], description: 'The initializer has returned.' },
        ...getsNoWork,
        ...holdsNothing,
        ...leavesOnRequest,
        ...endsUnasked(),
        timerFired: bootTimedOut,
      },
    },
    idle: {
      description: 'Ready, and holds no call.',
      tags: ['idle', 'takesCalls'],
      on: {
        ...bornAlready,
        ready: {},
        assign: { target: 'busy', actions: ['sendCall'], description: 'Recorded here before the bytes leave.' },
        retire: {},
        ...holdsNothing,
        ...leavesOnRequest,
        ...endsUnasked('noteIdle'),
        timerFired: {},
      },
    },
    busy: {
      description: 'Runs the first call that it holds.',
      tags: ['busy', 'takesCalls', 'answers'],
      on: {
        ...bornAlready,
        ready: {},
        assign: { actions: ['sendCall'], description: 'Sent ahead: what it holds is predicted to be short.' },
        retire: { target: 'retiring', description: 'It was given its last call (maxTasksPerChild).' },
        outcomeReceived: delivers,
        lastCallDone: { target: 'idle', description: 'It holds no more.' },
        ...leavesOnRequest,
        ...endsUnasked('noteRunning'),
        timerFired: {},
      },
    },
    retiring: {
      description: 'Runs its last calls and gets no more.',
      tags: ['retiring', 'answers'],
      on: {
        ...bornAlready,
        ready: {},
        ...getsNoWork,
        outcomeReceived: delivers,
        lastCallDone: {
          target: 'terminating.asked',
          actions: ['sendStop', 'startGraceTimer'],
          description: 'Its last result was read first; now it may go.',
        },
        ...leavesOnRequest,
        ...endsUnasked('noteRunning'),
        timerFired: {},
      },
    },
    lost: lostStates,
    terminating: {
      tags: ['terminating'],
      initial: 'asked',
      states: {
        asked: {
          description: 'Asked to leave by message; killGrace runs.',
          on: { ...isLeaving, terminate: terms, kill: killsAtLast, timerFired: terms },
        },
        termed: {
          description: 'Sent SIGTERM; killGrace runs.',
          on: { ...isLeaving, terminate: endingAlready, kill: killsAtLast, timerFired: killsAtLast },
        },
        killed: {
          description: 'Sent SIGKILL; its exit is awaited (5 s).',
          on: {
            ...isLeaving,
            terminate: endingAlready,
            kill: endingAlready,
            timerFired: {
              target: '#worker.dead',
              actions: ['giveUp', 'release'],
              description: 'It outlived SIGKILL; no shutdown waits for it.',
            },
          },
        },
      },
    },
    dead: {
      description: 'Reaped and released; the core forgets it.',
      type: 'final',
      tags: ['dead'],
      on: {
        ...bornAlready,
        ready: {},
        ...getsNoWork,
        ...holdsNothing,
        stop: {},
        terminate: {},
        kill: {},
        exited: {},
        callsEnded: {},
        channelEnded: {},
        faulted: {},
        timerFired: {},
      },
    },
  },
});
