/**
 * A rung of the verification ladder: a question, a number, and the floor below which the number must not fall.
 */

/** What a rung has come to. */
export interface Outcome {
  /** The number, in words: `12,345 states, 0 violations`. */
  readonly number: string;
  readonly isMet: boolean;
  /** What went wrong, or is worth knowing; printed under the table. */
  readonly notes: readonly string[];
  /** Numbers for `--json`. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** One rung. */
export interface Rung {
  readonly id: string;
  readonly what: string;
  readonly floor: string;
  readonly doesNotShow: string;
  readonly climb: (setting: Setting) => Outcome | Promise<Outcome>;
}

/** How it is climbed. */
export interface Setting {
  /** Wider bounds, longer runs. */
  readonly isDeep: boolean;
  /** Bounds between the quick ones and the deep: what a commit must pass. */
  readonly isFloor?: boolean;
  /** Says how far it is. */
  readonly progress: (text: string) => void;
}

/** A number with thousands set apart. */
export function grouped(number: number): string {
  return number >= 1e9 ? number.toExponential(2) : Math.round(number).toLocaleString('en');
}
