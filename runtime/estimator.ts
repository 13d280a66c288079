/**
 * Predicts how long the calls of a function take, from what workers measured.
 *
 * Kept outside `step`, which sees only power-of-two buckets. Two averages: one of the durations clipped at the
 * horizon, which follows quickly, and one of what exceeds it, which forgets slowly; so a function that is sometimes
 * long is not taken for a short one in between. A plain moving average strands short calls behind the surprise (99th
 * percentile 1.4 times).
 */
import { type CostBucket, type TaskKey, UNKNOWN_COST } from '../machines/vocabulary.ts';

/** The first calls run cold code and say nothing about the later ones. */
const COLD_CALLS = 2;
const QUICK = 1 / 8;
/** One surprise of fifty horizons is believed at once, and forgotten over a thousand calls without another. */
const RISE = 1 / 64;
const FALL = 1 / 1024;

interface Estimate {
  calls: number;
  clipped: number;
  excess: number;
  cost: CostBucket;
}

/** Predictions for the functions of one executor. */
export class Estimator {
  readonly #horizon: number;
  readonly #estimates = new Map<TaskKey, Estimate>();

  /** @param horizon - microseconds beyond which a call counts as long */
  constructor(horizon: number) {
    this.#horizon = horizon;
  }

  /** Takes in a measured duration. @returns the new bucket if it has moved, else `undefined` */
  record(task: TaskKey, micros: number): CostBucket | undefined {
    let it = this.#estimates.get(task);
    if (!it) {
      it = { calls: 0, clipped: 0, excess: 0, cost: UNKNOWN_COST };
      this.#estimates.set(task, it);
    }
    if (++it.calls <= COLD_CALLS) return undefined;
    const clipped = Math.min(micros, this.#horizon);
    const excess = micros - clipped;
    const isFirst = it.calls === COLD_CALLS + 1;
    it.clipped += (clipped - it.clipped) * (isFirst ? 1 : QUICK);
    it.excess += (excess - it.excess) * (isFirst ? 1 : excess > it.excess ? RISE : FALL);
    const cost = bucketOf(it.clipped + it.excess);
    if (cost === it.cost) return undefined;
    it.cost = cost;
    return cost;
  }
}

/** The smallest bucket that holds so many microseconds. */
function bucketOf(micros: number): CostBucket {
  return micros <= 1 ? 0 : Math.min(40, Math.ceil(Math.log2(micros)));
}
