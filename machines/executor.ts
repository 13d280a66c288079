/**
 * The life of the executor.
 *
 * Knows: what it promises to its callers from now on. Refuses to know: how many calls or workers there are, and which;
 * the core counts and raises `drained`, `futuresFailed`, `lastWorkerGone` when a count has become zero.
 *
 * Guarantees
 * - Requests to end join by maximum: draining < stopping < terminating < killing; none weakens an earlier one (I30).
 * - `broken` is absorbing but for its own end (I28), and wins over every request.
 * - No call is accepted outside `running`.
 *
 * Invariants
 * - E1 the state is set, then futures fail, then workers are signalled, then reaped (I23).
 * - E2 workers are spawned and calls dispatched only in states tagged `dispatches` (I15, I37).
 * - E3 `joined` is entered once, and only when no worker is left (I31).
 *
 * CPython 3.14 keeps the same facts in flags: `_shutdown_thread` (shuttingDown), `_broken` (broken),
 * `_cancel_pending_futures`, `_force_shutting_down` (terminating, killing). `java.util.concurrent.ThreadPoolExecutor`
 * says RUNNING, SHUTDOWN, STOP, TIDYING, TERMINATED.
 */
import { setup } from 'xstate';
import type { ExecutorEffect, ExecutorEvent, ExecutorTag } from './alphabet.ts';

const noAction = (): void => {};
const actions = {
  accept: noAction,
  refuseShutdown: noAction,
  refuseBroken: noAction,
  cancelPending: noAction,
  failTerminated: noAction,
  failKilled: noAction,
  failUnfinished: noAction,
  stopWorkers: noAction,
  terminateWorkers: noAction,
  killWorkers: noAction,
  announceJoined: noAction,
} satisfies Record<ExecutorEffect, () => void>;

const refusesSubmit = { actions: ['refuseShutdown'], description: 'Shut down: refused without a trace.' } as const;
const refusesBroken = { actions: ['refuseBroken'], description: 'Broken for good: refused without a trace.' } as const;
const alreadyEnding = { description: 'Already ending at least as hard.' } as const;
const nothingPending = { description: 'Nothing is pending any more.' } as const;
const isBroken = { description: 'Broken wins: its workers are being ended already.' } as const;
const isOver = { description: 'All is over already.' } as const;

const terminates = {
  target: '#executor.shuttingDown.terminating',
  actions: ['cancelPending', 'failTerminated', 'terminateWorkers'],
  description: 'Forced stop: SIGTERM, and SIGKILL after the grace.',
} as const;
const kills = {
  target: '#executor.shuttingDown.killing',
  actions: ['cancelPending', 'failKilled', 'killWorkers'],
  description: 'Forced stop: SIGKILL at once.',
} as const;
const leaves = {
  target: '#executor.shuttingDown.killing',
  actions: ['cancelPending', 'failKilled', 'killWorkers'],
  description: 'The process leaves now and takes its workers along.',
} as const;
const breaks = {
  target: '#executor.broken.breaking',
  actions: ['failUnfinished'],
  description: 'A worker was lost: every unsettled future fails.',
} as const;

/** The executor machine. */
export const executorMachine = setup({
  types: { events: {} as { type: ExecutorEvent }, tags: {} as ExecutorTag },
  actions,
}).createMachine({
  id: 'executor',
  initial: 'running',
  states: {
    running: {
      description: 'Accepts calls and runs them.',
      tags: ['dispatches'],
      on: {
        submit: { actions: ['accept'], description: 'Accepted: the future will settle.' },
        shutdown: { target: 'shuttingDown.draining', description: 'No new calls; the accepted ones are finished.' },
        cancelFutures: {},
        terminate: terminates,
        kill: kills,
        collected: { target: 'shuttingDown.draining', description: 'Nobody can submit any more; finish, then end.' },
        processExit: leaves,
        workerLost: breaks,
        drained: {},
        futuresFailed: {},
        lastWorkerGone: {},
      },
    },
    shuttingDown: {
      initial: 'draining',
      states: {
        draining: {
          description: 'Refuses new calls, finishes the accepted ones.',
          tags: ['dispatches', 'drains'],
          on: {
            submit: refusesSubmit,
            shutdown: alreadyEnding,
            cancelFutures: { actions: ['cancelPending'], description: 'What has not started never will.' },
            terminate: terminates,
            kill: kills,
            collected: alreadyEnding,
            processExit: leaves,
            workerLost: breaks,
            drained: { target: 'stopping', actions: ['stopWorkers'], description: 'The last future has settled.' },
            futuresFailed: {},
            lastWorkerGone: {},
          },
        },
        stopping: {
          description: 'Every future is settled; idle workers are asked to leave.',
          tags: ['reaps'],
          on: {
            submit: refusesSubmit,
            shutdown: alreadyEnding,
            cancelFutures: nothingPending,
            terminate: {
              target: 'terminating',
              actions: ['terminateWorkers'],
              description: 'Do not wait for workers to leave by themselves.',
            },
            kill: { target: 'killing', actions: ['killWorkers'], description: 'Do not wait for workers to leave.' },
            collected: alreadyEnding,
            processExit: { target: 'killing', actions: ['killWorkers'], description: 'The process leaves now.' },
            workerLost: { description: 'It held no call and was to leave anyway: nothing was lost.' },
            drained: {},
            futuresFailed: {},
            lastWorkerGone: {
              target: '#executor.joined.clean',
              actions: ['announceJoined'],
              description: 'The last process is reaped.',
            },
          },
        },
        terminating: {
          description: 'Workers have been sent SIGTERM; SIGKILL follows after the grace.',
          tags: ['reaps'],
          on: {
            submit: refusesSubmit,
            shutdown: alreadyEnding,
            cancelFutures: nothingPending,
            terminate: alreadyEnding,
            kill: { target: 'killing', actions: ['killWorkers'], description: 'Do not wait for the grace.' },
            collected: alreadyEnding,
            processExit: { target: 'killing', actions: ['killWorkers'], description: 'The process leaves now.' },
            workerLost: { description: 'It died before the signal arrived; its calls have failed already.' },
            drained: {},
            futuresFailed: {},
            lastWorkerGone: {
              target: '#executor.joined.clean',
              actions: ['announceJoined'],
              description: 'The last process is reaped.',
            },
          },
        },
        killing: {
          description: 'Workers have been sent SIGKILL.',
          tags: ['reaps'],
          on: {
            submit: refusesSubmit,
            shutdown: alreadyEnding,
            cancelFutures: nothingPending,
            terminate: alreadyEnding,
            kill: alreadyEnding,
            collected: alreadyEnding,
            processExit: alreadyEnding,
            workerLost: { description: 'It died before the signal arrived; its calls have failed already.' },
            drained: {},
            futuresFailed: {},
            lastWorkerGone: {
              target: '#executor.joined.clean',
              actions: ['announceJoined'],
              description: 'The last process is reaped.',
            },
          },
        },
      },
    },
    broken: {
      initial: 'breaking',
      states: {
        breaking: {
          description: 'Closed to submit; the unsettled futures fail, each with its own error.',
          tags: ['fails'],
          on: {
            submit: {},
            shutdown: {},
            cancelFutures: {},
            terminate: {},
            kill: {},
            collected: {},
            processExit: {},
            workerLost: {},
            drained: {},
            futuresFailed: {
              target: 'reaping',
              actions: ['terminateWorkers'],
              description: 'No future waits for a reap; only now are the other workers signalled.',
            },
            lastWorkerGone: {},
          },
        },
        reaping: {
          description: 'All futures have failed; the other workers get SIGTERM, after the grace SIGKILL.',
          tags: ['reaps'],
          on: {
            submit: refusesBroken,
            shutdown: isBroken,
            cancelFutures: nothingPending,
            terminate: isBroken,
            kill: { actions: ['killWorkers'], description: 'Do not wait for the grace.' },
            collected: isBroken,
            processExit: { actions: ['killWorkers'], description: 'The process leaves now.' },
            workerLost: { description: 'Already broken: the first loss is the cause that everybody was told.' },
            drained: {},
            futuresFailed: {},
            lastWorkerGone: {
              target: '#executor.joined.broken',
              actions: ['announceJoined'],
              description: 'The last process is reaped.',
            },
          },
        },
      },
    },
    joined: {
      initial: 'clean',
      states: {
        clean: {
          description: 'Ended as asked: no process, no descriptor, no timer is left.',
          type: 'final',
          tags: ['joined'],
          on: {
            submit: refusesSubmit,
            shutdown: isOver,
            cancelFutures: isOver,
            terminate: isOver,
            kill: isOver,
            collected: isOver,
            processExit: isOver,
            workerLost: {},
            drained: {},
            futuresFailed: {},
            lastWorkerGone: {},
          },
        },
        broken: {
          description: 'Ended because it broke; submit still says so.',
          type: 'final',
          tags: ['joined'],
          on: {
            submit: refusesBroken,
            shutdown: isOver,
            cancelFutures: isOver,
            terminate: isOver,
            kill: isOver,
            collected: isOver,
            processExit: isOver,
            workerLost: {},
            drained: {},
            futuresFailed: {},
            lastWorkerGone: {},
          },
        },
      },
    },
  },
});
