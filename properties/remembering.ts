/**
 * Charts whose states remember how they were entered, for those who count what was gone through.
 *
 * A state of such a chart is a state of the chart that ships, and the last transition that its future, worker or
 * executor has made. The core does not know: it hands states back as it was given them. So each pair of transitions
 * that a machine makes one after the other is one transition here, and an exploration finds all that can be reached.
 */

import { executorTable } from '../machines/compiled/executor.ts';
import { futureTable } from '../machines/compiled/future.ts';
import { workerTable } from '../machines/compiled/worker.ts';
import type { Cell, Chart, Charts } from '../machines/index.ts';

/** What is gone through: `worker busy/exited`, and `worker idle/assign > busy/exited`. */
export interface Passages {
  /** Each transition with how often it was made. */
  readonly cells: Map<string, number>;
  /** Each pair with how often it was made. */
  readonly pairs: Map<string, number>;
}

interface AnyTable {
  readonly machine: string;
  readonly states: readonly string[];
  readonly cells: readonly Readonly<Record<string, Cell<string> | null>>[];
}

const TABLES: readonly AnyTable[] = [futureTable, workerTable, executorTable];

/** Every transition of the charts that ship, as {@link Passages} names them. */
export const allCells: readonly string[] = TABLES.flatMap(({ machine, states, cells }) =>
  cells.flatMap((row, state) =>
    Object.keys(row)
      .filter((event) => row[event])
      .map((event) => `${machine} ${states[state]}/${event}`),
  ),
);

/** The charts that ship, remembering; what they go through is noted in `passages`. */
export function rememberingCharts(charts: Charts, passages: Passages): Charts {
  return {
    future: remembering(charts.future, futureTable, passages),
    worker: remembering(charts.worker, workerTable, passages),
    executor: remembering(charts.executor, executorTable, passages),
  };
}

function remembering<Event extends string, Effect extends string, Tag extends string>(
  chart: Chart<Event, Effect, Tag>,
  { machine, states, cells }: AnyTable,
  passages: Passages,
): Chart<Event, Effect, Tag> {
  const size = states.length;
  const events = Object.keys(cells[0] ?? {});
  const made = new Map<string, Cell<Effect>>();
  const nameOf = (passage: number): string =>
    `${states[Math.floor(passage / events.length)]}/${events[passage % events.length]}`;
  return {
    initial: chart.initial,
    transition: (state, event) => {
      const [now, before] = [state % size, Math.floor(state / size)];
      const passage = now * events.length + events.indexOf(event);
      const name = nameOf(passage);
      count(passages.cells, `${machine} ${name}`);
      if (before > 0) count(passages.pairs, `${machine} ${nameOf(before - 1)} > ${name}`);
      const { next, effects } = chart.transition(now, event);
      let cell = made.get(name);
      if (!cell) {
        cell = { next: next + size * (passage + 1), effects };
        made.set(name, cell);
      }
      return cell;
    },
    has: (state, tag) => chart.has(state % size, tag),
    name: (state) => chart.name(state % size),
  };
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
