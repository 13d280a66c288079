// Generated from machines/future.ts by machines/compile.ts: do not edit, run 'npm run tables'.
import type { FutureEffect, FutureEvent, FutureTag } from '../alphabet.ts';
import type { Table } from '../chart.ts';

/** The future machine as a table; `null` is an event that cannot happen in that state. */
export const futureTable: Table<FutureEvent, FutureEffect, FutureTag> = {
  machine: 'future',
  states: ['PENDING', 'RUNNING', 'CANCELLED', 'CANCELLED_AND_NOTIFIED', 'FINISHED'],
  initial: { next: 0, effects: [] },
  tags: [
    ['pending'],
    ['running'],
    ['cancelled', 'done'],
    ['cancelled', 'done'],
    ['done'],
  ],
  cells: [
    // PENDING
    {
      cancel: { next: 2, effects: ['publish'] },
      setRunningOrNotifyCancel: { next: 1, effects: [] },
      setResult: { next: 4, effects: ['publish'] },
      setException: { next: 4, effects: ['publish'] },
    },
    // RUNNING
    {
      cancel: { next: 1, effects: [] },
      setRunningOrNotifyCancel: { next: 1, effects: ['refuse'] },
      setResult: { next: 4, effects: ['publish'] },
      setException: { next: 4, effects: ['publish'] },
    },
    // CANCELLED
    {
      cancel: { next: 2, effects: [] },
      setRunningOrNotifyCancel: { next: 3, effects: [] },
      setResult: { next: 2, effects: ['refuse'] },
      setException: { next: 2, effects: ['refuse'] },
    },
    // CANCELLED_AND_NOTIFIED
    {
      cancel: { next: 3, effects: [] },
      setRunningOrNotifyCancel: { next: 3, effects: ['refuse'] },
      setResult: { next: 3, effects: ['refuse'] },
      setException: { next: 3, effects: ['refuse'] },
    },
    // FINISHED
    {
      cancel: { next: 4, effects: [] },
      setRunningOrNotifyCancel: { next: 4, effects: ['refuse'] },
      setResult: { next: 4, effects: ['refuse'] },
      setException: { next: 4, effects: ['refuse'] },
    },
  ],
};
