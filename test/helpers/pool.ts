/**
 * How tests make pools: the built package, on the charts of the vitest project that runs.
 */
import { ProcessPoolExecutor, type ProcessPoolExecutorOptions } from 'procfutures';
import { type Charts, compiledCharts, liveCharts } from 'procfutures/machines';

const charts: Charts = process.env.PROCFUTURES_TEST_CHARTS === 'xstate' ? liveCharts : compiledCharts;

/** The undocumented second parameter, through which tests choose who decides. */
type Constructor = new (options?: ProcessPoolExecutorOptions, internals?: { charts: Charts }) => ProcessPoolExecutor;

/** A pool on real processes. Shut it down before the test ends. */
export function newPool(options: ProcessPoolExecutorOptions = {}): ProcessPoolExecutor {
  return new (ProcessPoolExecutor as Constructor)(options, { charts });
}

/** The URL of a file in test/fixtures. */
export function fixture(name: string): URL {
  return new URL(`../fixtures/${name}`, import.meta.url);
}
