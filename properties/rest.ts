/**
 * When nothing can happen any more: whether that end is a good one.
 *
 * Since every move consumes something, every run comes to rest; so what must happen at last has happened here, or
 * never will.
 */
import { executorName } from './invariants/invariant.ts';
import type { World } from './world.ts';

/** Every accepted future settles, and whoever was told to end has ended. */
export const LIVENESS = {
  id: 'I46',
  sentence: 'Every accepted future settles, and an executor that was told to end is joined.',
} as const;

/** No event meets a state in which its chart has it as impossible. */
export const NO_CRASH = {
  id: 'P0',
  sentence: 'No event meets a state in which the charts have it as impossible.',
} as const;

/** Why an end is not a good one, or `undefined`: nothing can happen any more, and yet something is owed. */
export function isOwed({ core, outside }: World): string | undefined {
  if (core.unsettled > 0) return `nothing can happen any more and ${core.unsettled} futures are unsettled`;
  const name = executorName(core);
  if (name !== 'running' && !core.charts.executor.has(core.executor, 'joined'))
    return `nothing can happen any more in '${name}', which waits for something`;
  for (const { id, phase } of outside.procs) {
    const state = core.workers.get(id)?.state;
    if (phase !== 'ready') return `worker ${id} is ${phase}, and nobody will ever know`;
    if (state === undefined || !core.charts.worker.has(state, 'idle'))
      return `worker ${id} waits for nothing in '${state === undefined ? '?' : core.charts.worker.name(state)}'`;
  }
  return undefined;
}
