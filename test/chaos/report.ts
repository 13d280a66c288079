/**
 * What is checked, and what came of it.
 */

/** What is judged after each episode, in one sentence each. */
export const CHECKS = {
  settled: 'every future settled exactly once: one callback, one promise, one state',
  values: 'each call ended as its task does, with the right value, or was cancelled or lost',
  histories: 'the history of each call is linearizable; cancel() true means no start; one start per call',
  joined: 'the executor joined in time, and so did everybody who waited for it',
  stats: 'stats() and state agree with the trace at each step, and nothing is left at the end',
  trace: 'each recorded step, taken again, gives the same and keeps every invariant; the trace is complete',
  leaks: 'no process, zombie, descriptor, timer or listener is left, and no task runs on',
  parent: 'the process that holds the pool warns of nothing, throws nothing, blocks never',
} as const;

export type Check = keyof typeof CHECKS;

export interface Problem {
  readonly check: Check;
  readonly text: string;
}

/** One episode, judged. */
export interface EpisodeReport {
  /** The seed that its plan names. */
  readonly seed: string;
  readonly problems: readonly Problem[];
  /** How many things each check has judged. */
  readonly judged: Readonly<Partial<Record<Check, number>>>;
  /** Interesting things that happened, by name. */
  readonly witnesses: readonly string[];
  /** Processes, descriptors and so on that were left behind. */
  readonly orphans: number;
  /** Waits of the plan that ended without what they waited for. */
  readonly waitedInVain: number;
  readonly milliseconds: number;
}
