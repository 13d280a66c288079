/**
 * What a row of docs/guarantees.md says. Rows are data; what they cite is looked up in the run of the tests, and a row
 * that cites what is not there cannot be written.
 */

/** A test, by its file below test/ without the ending, and how its title begins. */
export type Cited = readonly [file: string, beginsWith: string];

/** What shows that we keep a promise. */
export interface Evidence {
  /** Promises of properties/, by id. */
  readonly properties?: readonly string[];
  readonly tests?: readonly Cited[];
}

/** A promise that CPython's executor makes or implies. */
export interface Promised extends Evidence {
  readonly number: number;
  readonly sentence: string;
  /** Open bugs of CPython that break it. */
  readonly brokenBy?: readonly string[];
  /** Open bugs that touch it in one corner; as a rule it holds. */
  readonly dentedBy?: readonly string[];
  /** Since when it holds, where that is worth knowing. */
  readonly since?: string;
  /** Why it cannot arise here; the tests keep it so. */
  readonly cannotArise?: string;
}

/** A way to end a worker, or to give it what it cannot handle; and what a pool makes of it. */
export interface Crash {
  /** The letter under which test/crash has it: every test there that begins with it belongs to this row. */
  readonly letter?: string;
  readonly what: string;
  readonly ours: string;
  /** Besides those of the letter. */
  readonly tests?: readonly Cited[];
  readonly tinypool: string;
  readonly workerpool: string;
  readonly jestWorker: string;
  readonly poolifier: string;
  readonly workerFarm: string;
}

/** A bug of CPython that is open in its newest version. */
export interface OpenBug {
  readonly what: string;
  /** Issues of python/cpython. Empty where it was found by trying, as our test of that name does; none for a design. */
  readonly issues?: readonly number[];
}
