/**
 * What an invariant is, and the few questions that several of them ask.
 */
import type { CoreEvent, CoreState, Effect, ExecutorTag } from '../../machines/index.ts';
import type { Edge } from '../edge.ts';
import type { History } from '../history.ts';

/** One promise. */
export interface Invariant {
  readonly id: string;
  /** What holds, in one sentence. */
  readonly sentence: string;
  /** Where it comes from. */
  readonly source: string;
  /**
   * Whether it looks at every open call. A breach of such a promise stays visible, so that a long trace may be judged
   * by it now and then.
   */
  readonly looksAtAll?: true;
  /** The events that it is about; without them it is about every step. */
  readonly on?: readonly CoreEvent['type'][];
  /** Why it does not hold at this step, or `undefined`. */
  readonly violation: (edge: Edge) => string | undefined;
}

/** Whether the executor's state carries a tag. */
export function executorIs({ charts, executor }: CoreState, tag: ExecutorTag): boolean {
  return charts.executor.has(executor, tag);
}

/** The path of the executor's state. */
export function executorName({ charts, executor }: CoreState): string {
  return charts.executor.name(executor);
}

/** Whether a step asked for something of this kind. */
export function asksFor(effects: readonly Effect[], type: Effect['type']): boolean {
  for (const effect of effects) if (effect.type === type) return true;
  return false;
}

/** Whether the user asked for an end, of whatever kind, in this step. */
export function asksToEnd({ event }: Edge): boolean {
  switch (event.type) {
    case 'shutdown':
    case 'terminate':
    case 'kill':
    case 'collected':
    case 'processExit':
      return true;
    default:
      return false;
  }
}

/** How many workers start, and how many wait for a call, by what is known of their past: no tag of a chart is asked. */
export function countWorkers(core: CoreState, history: History): { starting: number; idle: number } {
  let [starting, idle] = [0, 0];
  for (const { id, isReady, told, lostWhile, sent } of history.workers.values()) {
    if (told > 0 || lostWhile !== undefined) continue;
    if (!isReady) starting++;
    else if (core.workers.get(id)?.held.length === 0 && sent < core.options.maxTasksPerChild) idle++;
  }
  return { starting, idle };
}
