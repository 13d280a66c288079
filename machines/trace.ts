/**
 * Steps in plain form: what a recorded trace holds, line by line, and what two runs are compared by.
 */
import type { Effect } from './effects.ts';
import type { CoreEvent } from './events.ts';
import type { CoreState } from './state.ts';
import type { WorkItem } from './vocabulary.ts';
import { heldBy } from './workers.ts';

/** The state in names and numbers; equal states have equal digests. */
export function digest(core: CoreState): object {
  const { charts } = core;
  return {
    executor: charts.executor.name(core.executor),
    pending: core.queue.size,
    unsettled: core.unsettled,
    workers: [...core.workers.values()].map((worker) => ({
      id: worker.id,
      state: charts.worker.name(worker.state),
      held: heldBy(worker).map((work) => work.id),
    })),
    counts: { ...core.counts },
  };
}

/** An event or effect without payloads: calls by id, outcomes by kind. */
export function plain(record: CoreEvent | Effect): object {
  const { type, ...fields } = record as { type: string } & Record<string, unknown>;
  const out: Record<string, unknown> = { type };
  for (const [key, value] of Object.entries(fields)) {
    if (key === 'work') out[key] = typeof value === 'number' ? value : (value as WorkItem).id;
    else if (key === 'outcome') out[key] = (value as { kind: string }).kind;
    else if (key === 'loss') out[key] = (value as { reason: string } | undefined)?.reason;
    else if (key === 'cause') out[key] = value instanceof Error ? value.name : typeof value;
    else if (key !== 'stderr') out[key] = value;
    if (key === 'work' && type === 'submit') out.task = (value as WorkItem).task;
  }
  return out;
}
