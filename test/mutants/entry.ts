/**
 * What an entry of the mutant catalogue says. Entries are plain modules, so that Node runs them as they are.
 */
import type { Scope } from '../../properties/index.ts';

/** A change of production code: the snippet is there exactly once, or the entry is stale and says so loudly. */
export interface Patch {
  readonly file: string;
  readonly replace: string;
  readonly with: string;
}

/** A property of the catalogue in properties/, and a scope in which the explorer sees it broken. */
export interface KilledByProperty {
  /** As in `properties/`; I46 is the explorer's liveness, P0 an event that the charts have as impossible. */
  readonly property: string;
  /** What else the last move of the shortest run must break, where that is the bug seen from another side. */
  readonly also?: readonly string[];
  readonly scope: Scope;
}

/** A test that fails, by file and title as it is printed. */
export interface KilledByTest {
  readonly file: string;
  readonly title: string;
}

/** One entry: a bug that somebody had, and who would find it here. */
export interface Entry {
  /** The file's name. A trailing letter tells mutants of one bug apart; `S-` and a promise is a slip of our own. */
  readonly id: string;
  /** The bugs of the lists that the entry answers for; by default the one that its id names. */
  readonly bugs?: readonly string[];
  /** Where it happened, in words that lead there: `CPython gh-94777`. */
  readonly origin: string;
  /** The interleaving, in one to three sentences. */
  readonly story: string;
  readonly patches?: readonly Patch[];
  readonly killedBy?: KilledByProperty | KilledByTest;
  /** Why there is no mutant, and the test that keeps it so. */
  readonly cannotExist?: { readonly why: string; readonly enforcedBy: KilledByTest };
}
