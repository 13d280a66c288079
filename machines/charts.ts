/**
 * The seam through which the core asks for transitions, and its fast side: the compiled tables.
 *
 * `Charts` is (machine, state, event) -> { next, effects }. Two implementations exist: {@link compiledCharts} here, and
 * `liveCharts` in live-charts.ts, which asks XState itself. The contract and conformance suites run on both.
 */
import { executorTable } from './compiled/executor.ts';
import { futureTable } from './compiled/future.ts';
import { workerTable } from './compiled/worker.ts';
import type { ExecutorEffect, ExecutorEvent, ExecutorTag } from './executor.ts';
import type { FutureEffect, FutureEvent, FutureTag } from './future.ts';
import type { StateIndex } from './vocabulary.ts';
import type { WorkerEffect, WorkerEvent, WorkerTag } from './worker.ts';

/** What one event does in one state. */
export interface Cell<Effect extends string> {
  readonly next: StateIndex;
  readonly effects: readonly Effect[];
}

/** One statechart, as the core sees it. */
export interface Chart<Event extends string, Effect extends string, Tag extends string> {
  /** The state in which a life begins, and what that asks for. */
  readonly initial: Cell<Effect>;
  /**
   * What `event` does in `state`.
   *
   * @throws ImpossibleEvent when the chart says that this cannot happen.
   */
  transition(state: StateIndex, event: Event): Cell<Effect>;
  /** Whether the state carries the tag. */
  has(state: StateIndex, tag: Tag): boolean;
  /** The state's path, as in `terminating.asked`. */
  name(state: StateIndex): string;
}

/** The three charts of an executor. */
export interface Charts {
  readonly future: Chart<FutureEvent, FutureEffect, FutureTag>;
  readonly worker: Chart<WorkerEvent, WorkerEffect, WorkerTag>;
  readonly executor: Chart<ExecutorEvent, ExecutorEffect, ExecutorTag>;
}

/** An event met a state in which its chart has it as impossible: our own bug, never the user's. */
export class ImpossibleEvent extends Error {
  override readonly name = 'ImpossibleEvent';
  constructor(machine: string, state: string, event: string) {
    super(`the ${machine} chart says that '${event}' cannot happen in '${state}'`);
  }
}

/** A compiled chart: plain data, written by compile.ts. A cell is `null` where the event is impossible. */
export interface Table<Event extends string, Effect extends string, Tag extends string> {
  readonly machine: string;
  readonly states: readonly string[];
  readonly initial: Cell<Effect>;
  readonly tags: readonly (readonly Tag[])[];
  readonly cells: readonly Readonly<Record<Event, Cell<Effect> | null>>[];
}

/** The chart that a table describes; a transition is two look-ups and allocates nothing. */
export function tableChart<Event extends string, Effect extends string, Tag extends string>(
  table: Table<Event, Effect, Tag>,
): Chart<Event, Effect, Tag> {
  const { machine, states, initial, cells } = table;
  const bitOf = new Map<Tag, number>();
  for (const tags of table.tags) for (const tag of tags) if (!bitOf.has(tag)) bitOf.set(tag, 1 << bitOf.size);
  const masks = table.tags.map((tags) => tags.reduce((mask, tag) => mask | (bitOf.get(tag) ?? 0), 0));
  const bits = Object.fromEntries(bitOf) as Record<Tag, number>;
  return {
    initial,
    transition(state, event) {
      const cell = cells[state]?.[event];
      if (!cell) throw new ImpossibleEvent(machine, states[state] ?? `#${state}`, event);
      return cell;
    },
    has: (state, tag) => ((masks[state] ?? 0) & bits[tag]) !== 0,
    name: (state) => states[state] ?? `#${state}`,
  };
}

/** The charts that ship: equal to the machines, cell by cell, as test/machines/compile.test.ts proves. */
export const compiledCharts: Charts = {
  future: tableChart(futureTable),
  worker: tableChart(workerTable),
  executor: tableChart(executorTable),
};
