/** Curves: what an item costs, and what it occupies, from a thousand to a million. A line that rises is a fault. */
import { summary } from '../lib/statistics.mjs';
import { inFreshProcess } from '../sides/fresh-process.mjs';

/** What is drawn: time in µs an item, space in bytes an item. */
export const OPERATIONS = ['submit', 'cancel', 'settle', 'wait', 'asCompleted', 'map'];

/** @param {import('../run.mjs').Plan} plan */
export async function curves(plan) {
  const counts = plan.quick ? [1_000, 10_000] : [1_000, 10_000, 100_000, 1_000_000];
  const rounds = plan.quick ? 1 : 3;
  /** @type {Record<string, Record<number, { micros: number[], bytes: number[] }>>} */
  const taken = {};
  for (let round = 0; round < rounds; round++) {
    for (const count of counts) {
      for (const [operation, { micros, bytes }] of Object.entries(await inFreshProcess('curves.mjs', count))) {
        taken[operation] ??= {};
        taken[operation][count] ??= { micros: [], bytes: [] };
        taken[operation][count].micros.push(micros);
        taken[operation][count].bytes.push(bytes);
      }
    }
  }
  /** @type {Record<string, { count: number, micros: number, bytes: number }[]>} */
  const points = {};
  const notes = [`${''.padEnd(12)}${counts.map((count) => `${count.toExponential(0)}`.padStart(20)).join('')}`];
  for (const operation of OPERATIONS) {
    points[operation] = counts.map((count) => ({
      count,
      micros: summary(taken[operation][count].micros).median,
      bytes: summary(taken[operation][count].bytes).median,
    }));
    const cells = points[operation].map(({ micros, bytes }) =>
      `${micros.toFixed(2)} µs ${Math.round(bytes)} B`.padStart(20),
    );
    notes.push(`${operation.padEnd(12)}${cells.join('')}`);
  }
  return {
    title: 'Time and bytes an item, by number of items',
    unit: '',
    sides: {},
    checks: [],
    notes,
    curves: points,
  };
}
