/**
 * How much there is that nobody has seen, from how often the rest was seen.
 */

/** An estimate of what is missing. */
export interface Unseen {
  /** How likely the next one is of a kind that was never seen (Good and Turing, 1953). */
  readonly next: number;
  /** How many kinds there are, at least, that were never seen (Chao 1984, in the form for none that was seen twice). */
  readonly kinds: number;
}

/** Estimates from how often each kind was seen: what was seen once says how much is left. */
export function estimateUnseen(counts: Iterable<number>): Unseen {
  let [total, once, twice] = [0, 0, 0];
  for (const count of counts) {
    total += count;
    if (count === 1) once++;
    else if (count === 2) twice++;
  }
  return { next: once / Math.max(total, 1), kinds: (once * Math.max(once - 1, 0)) / (2 * (twice + 1)) };
}
