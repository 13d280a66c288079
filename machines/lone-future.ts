/** The compiled chart of a future by itself: one that belongs to no executor needs no other. */
import type { Charts } from './chart.ts';
import { futureTable } from './compiled/future.ts';
import { tableChart } from './table-chart.ts';

/** One of the charts that ship. */
export const loneFuture: Pick<Charts, 'future'> = { future: tableChart(futureTable) };
