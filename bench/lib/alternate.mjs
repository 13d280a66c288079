/**
 * The only way in which two things are compared here: both sides take turns in one run, and the medians are divided.
 *
 * A shared machine is slow for seconds at a time; what alternates is slowed alike.
 */
import { summary } from './statistics.mjs';

/**
 * One side of a comparison. `round` does the work once and answers the figure, in the unit of its row.
 *
 * @typedef {{ name: string, round: () => Promise<number> | number, kind?: string }} Side
 * @typedef {ReturnType<typeof summary> & { samples: number[], kind?: string }} Measured
 */

/**
 * Runs all sides in turn: some rounds that do not count, then those that do. Who begins changes from round to round.
 *
 * @param {readonly Side[]} sides
 * @param {{ rounds: number, warmUps: number }} plan
 * @returns {Promise<Record<string, Measured>>}
 */
export async function alternate(sides, { rounds, warmUps }) {
  /** @type {Record<string, Measured>} */
  const measured = {};
  const samples = new Map(sides.map((side) => [side.name, /** @type {number[]} */ ([])]));
  for (let round = -warmUps; round < rounds; round++) {
    for (let place = 0; place < sides.length; place++) {
      const side = sides[(place + round + warmUps) % sides.length];
      const figure = await side.round();
      if (round >= 0) samples.get(side.name).push(figure);
    }
  }
  for (const { name, kind } of sides) {
    const taken = samples.get(name);
    measured[name] = {
      ...summary(taken),
      ...(kind && { kind }),
      samples: taken.map((it) => Number(it.toPrecision(5))),
    };
  }
  return measured;
}

/** Microseconds that something takes. @param {() => unknown} work */
export async function micros(work) {
  const began = performance.now();
  await work();
  return (performance.now() - began) * 1000;
}
