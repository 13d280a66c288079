/**
 * The seam through which the core asks for transitions, and its fast side: the compiled tables.
 *
 * `Charts` is (machine, state, event) -> { next, effects }. Two implementations exist: {@link compiledCharts} here, and
 * `liveCharts` in live-charts.ts, which asks XState itself. The contract and conformance suites run on both.
 */
import type { Charts } from './chart.ts';
import { executorTable } from './compiled/executor.ts';
import { workerTable } from './compiled/worker.ts';
import { loneFuture } from './lone-future.ts';
import { tableChart } from './table-chart.ts';

/** The charts that ship: equal to the machines, cell by cell, as test/machines/compile.test.ts proves. */
export const compiledCharts: Charts = {
  future: loneFuture.future,
  worker: tableChart(workerTable),
  executor: tableChart(executorTable),
};
