/**
 * The life of one future.
 *
 * Knows: the five states of CPython's `Future` and who may leave which. Refuses to know: which call it belongs to, what
 * its outcome is, who waits, whether an executor owns it at all.
 *
 * Guarantees
 * - It ends at most once: no transition leaves CANCELLED_AND_NOTIFIED or FINISHED.
 * - `publish` is asked for exactly once, by the transition that makes it done.
 *
 * Invariants
 * - F1 `cancel` changes the state only from PENDING.
 * - F2 RUNNING can only finish.
 * - F3 every refused command leaves the state as it was.
 *
 * Mirrors CPython 3.14 `concurrent/futures/_base.py:319-560`. Differs in one thing: CANCELLED counts as done for those
 * who wait on several futures (gh-136655), so `publish` comes with the cancellation and not with its notification.
 */
import { setup } from 'xstate';
import type { FutureEvent, FutureTag } from './alphabet.ts';

const noAction = (): void => {};

/** The future machine: CPython's five states, four events. */
export const futureMachine = setup({
  types: { events: {} as { type: FutureEvent }, tags: {} as FutureTag },
  actions: { publish: noAction, refuse: noAction },
}).createMachine({
  id: 'future',
  initial: 'PENDING',
  states: {
    PENDING: {
      description: 'Accepted, not yet written to a worker.',
      tags: ['pending'],
      on: {
        cancel: { target: 'CANCELLED', actions: ['publish'], description: 'The function will never start.' },
        setRunningOrNotifyCancel: { target: 'RUNNING', description: 'Its call is written to a ready worker.' },
        setResult: { target: 'FINISHED', actions: ['publish'], description: 'Settled by whoever holds it.' },
        setException: {
          target: 'FINISHED',
          actions: ['publish'],
          description: 'Failed without ever running: the pool broke.',
        },
      },
    },
    RUNNING: {
      description: 'Handed to a worker; from here it can only finish.',
      tags: ['running'],
      on: {
        cancel: { description: 'Too late: cancel() answers false.' },
        setRunningOrNotifyCancel: { actions: ['refuse'], description: 'It can start only once.' },
        setResult: { target: 'FINISHED', actions: ['publish'], description: 'The call returned.' },
        setException: {
          target: 'FINISHED',
          actions: ['publish'],
          description: 'The call threw, or its worker was lost.',
        },
      },
    },
    CANCELLED: {
      description: 'The user asked; the executor has not seen it yet.',
      tags: ['cancelled', 'done'],
      on: {
        cancel: { description: 'Already cancelled: cancel() answers true.' },
        setRunningOrNotifyCancel: {
          target: 'CANCELLED_AND_NOTIFIED',
          description: 'The executor drops the call. In a pool this is the same step as the cancellation.',
        },
        setResult: { actions: ['refuse'], description: 'Done is done.' },
        setException: { actions: ['refuse'], description: 'Done is done.' },
      },
    },
    CANCELLED_AND_NOTIFIED: {
      description: 'Cancelled, and the executor knows.',
      type: 'final',
      tags: ['cancelled', 'done'],
      on: {
        cancel: { description: 'Already cancelled: cancel() answers true.' },
        setRunningOrNotifyCancel: { actions: ['refuse'], description: 'It was dropped already.' },
        setResult: { actions: ['refuse'], description: 'Done is done.' },
        setException: { actions: ['refuse'], description: 'Done is done.' },
      },
    },
    FINISHED: {
      description: 'It has a result or an exception.',
      type: 'final',
      tags: ['done'],
      on: {
        cancel: { description: 'Too late: cancel() answers false.' },
        setRunningOrNotifyCancel: { actions: ['refuse'], description: 'It ran already.' },
        setResult: { actions: ['refuse'], description: 'The first outcome stays; a later one is dropped.' },
        setException: { actions: ['refuse'], description: 'The first outcome stays; a later one is dropped.' },
      },
    },
  },
});
