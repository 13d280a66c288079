/**
 * A copy of a core, for those who try several events on one state: the explorer.
 */
import type { CoreState } from './state.ts';
import type { WorkerRecord, WorkItem } from './vocabulary.ts';
import { heldBy } from './workers.ts';

/** A core that shares nothing mutable with the first; `copyOf` gives the copy of each call. */
export function cloneCore(state: CoreState, copyOf: (work: WorkItem) => WorkItem): CoreState {
  const workers = new Map<number, WorkerRecord>();
  for (const [id, worker] of state.workers) {
    workers.set(id, {
      ...worker,
      held: heldBy(worker).map(copyOf),
      head: 0,
      predicted: worker.predicted.slice(worker.head),
      evidence: { ...worker.evidence },
    });
  }
  const { places, head, base, size } = state.queue;
  return {
    ...state,
    workers,
    queue: { places: places.map((work) => work && copyOf(work)), head, base, size },
    costs: [...state.costs],
    losses: [...state.losses],
    orphans: state.orphans.map(copyOf),
    counts: { ...state.counts },
  };
}
