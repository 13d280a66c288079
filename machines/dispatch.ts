/**
 * Who gets the next call, and when a process is worth starting: a function of the state, run after every event.
 *
 * Guarantees
 * - FIFO: calls leave the queue in the order of `submit` (I8).
 * - A call is sent ahead of a running one only while the predicted time of all that the worker holds is known and below
 *   `prefetchHorizon`; so long calls stay cancellable to the last moment and never wait behind one another.
 * - No process is started while an idle worker exists, nor more than there are calls to wait for one (I16).
 *
 * CPython 3.14 `process.py:382-403` bounds the window in calls instead (`EXTRA_QUEUED_CALLS`): up to 2N+1 of them can
 * no longer be cancelled (O28).
 */
import { dequeue } from './queue.ts';
import type { CoreState } from './state.ts';
import type { WorkerRecord } from './vocabulary.ts';
import { assign, spawnWorker } from './workers.ts';

/** Hands out calls while anybody can take one, then starts processes for those that are left. */
export function dispatch(state: CoreState): void {
  const { queue } = state;
  while (queue.size > 0) {
    const worker = nextTaker(state);
    if (!worker) break;
    const work = dequeue(queue);
    if (!work) break;
    assign(state, worker, work);
  }
  if (queue.size === 0 || state.workers.size >= state.options.maxWorkers) return;
  let unserved = queue.size - starting(state);
  while (unserved-- > 0 && state.workers.size < state.options.maxWorkers) spawnWorker(state);
}

/** An idle worker before all others; else the one that will be free first, if that is soon enough. */
function nextTaker(state: CoreState): WorkerRecord | undefined {
  const { worker: chart } = state.charts;
  let best: WorkerRecord | undefined;
  let least = state.options.prefetchHorizon;
  for (const worker of state.workers.values()) {
    if (!chart.has(worker.state, 'takesCalls')) continue;
    if (worker.held.length === 0) return worker;
    if (worker.unpredicted === 0 && worker.load < least) {
      best = worker;
      least = worker.load;
    }
  }
  return best;
}

function starting(state: CoreState): number {
  let count = 0;
  for (const worker of state.workers.values()) if (state.charts.worker.has(worker.state, 'starting')) count++;
  return count;
}
