/**
 * A rung of the verification ladder: a question, a number, and the floor below which the number must not fall.
 */

import type { Charts } from '../../machines/index.ts';
import type { Move, Scope } from '../moves.ts';
import { mutant } from '../mutants.ts';

/** What a rung has come to. */
export interface Outcome {
  /** The number, in words: `12,345 states, 0 violations`. */
  readonly number: string;
  readonly isMet: boolean;
  /** What went wrong, or is worth knowing; printed under the table. */
  readonly notes: readonly string[];
  /** Numbers for `--json`. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The shortest run to a broken promise, to be kept and replayed. */
  readonly counterexample?: Counterexample;
}

/** A run that breaks a promise, as a file. */
export interface Counterexample {
  readonly scope: Scope;
  readonly run: readonly Move[];
  /** The promise that it breaks, and how. */
  readonly violated: string;
  readonly why: string;
  /** The automatic mutant on which it does, where one was planted. */
  readonly planted?: string | undefined;
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
  /** The automatic mutant that is judged in the place of what ships, to see whether the rung would notice it. */
  readonly planted?: string | undefined;
}

/** The charts that a rung judges; `undefined` stands for those that ship. */
export function chartsOf({ planted }: Pick<Setting, 'planted'>): Charts | undefined {
  return planted === undefined ? undefined : mutant(planted).charts;
}

/** A number with thousands set apart. */
export function grouped(number: number): string {
  return number >= 1e9 ? number.toExponential(2) : Math.round(number).toLocaleString('en');
}
