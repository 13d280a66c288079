/**
 * What holds after every step, whatever happened: the specification, in the order in which a newcomer would ask.
 *
 * I-numbers are those under which CPython's `ProcessPoolExecutor` implies the same (its lifecycle, decoded from 3.9
 * to 3.16); P-numbers were added from other pools and from our own guarantees. Each is a function over one step and
 * the past: it judges an explored state, a simulated run and a trace recorded in production alike.
 */
import type { Edge } from './edge.ts';
import { ofCalls } from './invariants/calls.ts';
import { ofCounts } from './invariants/counts.ts';
import { ofDeadlines } from './invariants/deadlines.ts';
import { ofEnds } from './invariants/ends.ts';
import { ofFutures } from './invariants/futures.ts';
import type { Invariant } from './invariants/invariant.ts';
import { ofWorkers } from './invariants/workers.ts';

/** The catalogue. */
export const invariants: readonly Invariant[] = [
  ...ofFutures,
  ...ofCalls,
  ...ofWorkers,
  ...ofDeadlines,
  ...ofEnds,
  ...ofCounts,
];

/** A promise that a step breaks, and how. */
export interface Breach {
  readonly invariant: Pick<Invariant, 'id' | 'sentence'>;
  readonly why: string;
}

/** The first promise that a step breaks. */
export function judge(edge: Edge, promises: readonly Invariant[] = invariants): Breach | undefined {
  for (const invariant of about(promises, edge.event.type)) {
    const why = invariant.violation(edge);
    if (why !== undefined) return { invariant, why };
  }
  return undefined;
}

type EventType = Edge['event']['type'];
const sorted = new WeakMap<readonly Invariant[], Map<EventType, readonly Invariant[]>>();

/** Those that are about such an event; found once for each list. */
function about(promises: readonly Invariant[], type: EventType): readonly Invariant[] {
  let byType = sorted.get(promises);
  if (!byType) {
    byType = new Map();
    sorted.set(promises, byType);
  }
  let list = byType.get(type);
  if (!list) {
    list = promises.filter(({ on }) => on === undefined || on.includes(type));
    byType.set(type, list);
  }
  return list;
}
