/**
 * The choice tape as an arbitrary of fast-check, which is passed in: nothing here loads it.
 */
// biome-ignore lint/suspicious/noTsIgnore: an error is expected where there is no fast-check, and only there.
/** @ts-ignore An optional peer: without it these types are `any`, and all others stay what they are. */
import type * as FastCheck from 'fast-check';
import type { Charts } from '../machines/index.ts';
import type { Scope } from './moves.ts';
import { report } from './report.ts';
import { playTape, TAPE_MAX } from './tape.ts';

/** The arbitraries and properties over runs. */
export interface Arbitraries {
  /** Tapes of numbers for {@link playTape}; they shrink towards few, mild moves. */
  readonly tapes: (length?: number) => FastCheck.Arbitrary<number[]>;
  /**
   * The property that every run within a scope keeps every promise; its failure says which, and how to see it again.
   */
  readonly promises: (scope: Scope, charts?: Charts) => FastCheck.IPropertyWithHooks<[number[]]>;
}

/**
 * Runs of the production `step` for property-based tests: `fc.assert(arbitraries(fc).promises({ workers: 2, tasks: 3,
 * … }))`.
 *
 * @param fc the module `fast-check`, an optional peer of this package
 */
export function arbitraries(fc: typeof FastCheck): Arbitraries {
  const tapes = (length = 120) => fc.array(fc.nat({ max: TAPE_MAX }), { maxLength: length, size: 'max' });
  return {
    tapes,
    promises: (scope, charts) =>
      fc.property(tapes(), (tape) => {
        const { violation } = playTape(scope, tape, charts ? { charts } : {});
        if (violation) throw new Error(report(scope, violation, charts));
      }),
  };
}
