/**
 * What an executor shows of itself, as data.
 */

import type { WorkerTag } from '../machines/alphabet.ts';
import type { CoreState } from '../machines/state.ts';

/**
 * The state of an executor.
 *
 * `running` accepts calls; `shuttingDown` finishes what it accepted, or is stopping workers; `broken` lost a worker
 * and is ending the others; `joined` is over, after a shutdown or a break, and `submit` says which. With one worker a
 * break passes through `broken` within a moment, so ask `submit` or a future rather than compare with `'broken'`.
 */
export type ExecutorState = 'running' | 'shuttingDown' | 'broken' | 'joined';

/** A frozen snapshot of the counts of a pool. */
export interface ExecutorStats {
  /** Worker processes by what they are doing; one that died and is not reaped yet counts as terminating. */
  readonly workers: Readonly<Record<'spawning' | 'booting' | 'idle' | 'busy' | 'retiring' | 'terminating', number>>;
  /** Calls that wait for a worker. */
  readonly pending: number;
  /** Calls handed to a worker and not settled. */
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Worker processes started so far. */
  readonly spawned: number;
  /** Workers that died unasked. */
  readonly lost: number;
  /** Late results and stale events that were dropped. */
  readonly dropped: number;
}

const PHASES = ['spawning', 'booting', 'idle', 'busy', 'retiring', 'terminating'] as const satisfies WorkerTag[];

/** The counts of a core. */
export function statsOf(core: CoreState): ExecutorStats {
  const workers = { spawning: 0, booting: 0, idle: 0, busy: 0, retiring: 0, terminating: 0 };
  for (const { state } of core.workers.values())
    for (const phase of PHASES) if (core.charts.worker.has(state, phase)) workers[phase]++;
  const pending = core.queue.size;
  return Object.freeze({
    workers: Object.freeze(workers),
    pending,
    running: core.unsettled - pending,
    ...core.counts,
  });
}
