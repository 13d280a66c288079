/**
 * A process of its own for one scope, so that scopes are explored side by side and each has a peak of memory that is
 * its own. Started by `exploreAll`, with the scope and, perhaps, a planted mutant.
 */
import { type Exploration, explore, type Violation } from '../explorer.ts';
import type { Scope, Verb } from '../moves.ts';
import { chartsOf } from './rung.ts';

/** What was explored, as it travels. */
export interface Explored
  extends Pick<
    Exploration,
    'states' | 'edges' | 'steps' | 'cores' | 'sinks' | 'depth' | 'interleavings' | 'milliseconds' | 'digest'
  > {
  readonly scope: Scope;
  readonly moves: readonly Verb[];
  readonly witnesses: readonly string[];
  readonly violation: Violation | undefined;
  /** Seconds of a processor. */
  readonly processorSeconds: number;
  /** The most memory that the process ever had, in MB. */
  readonly peakMemory: number;
}

/** To the child: what to explore, and on which mutant, if on any. */
export interface Order {
  readonly scope: Scope;
  readonly planted?: string | undefined;
}

/** From the child: how far it is, at last what it has come to. */
export type Message = { readonly states: number } | { readonly done: Explored };

/** Whoever started it: exploring for nobody, it would go on for minutes. */
const parent = process.ppid;
const { scope, planted } = JSON.parse(process.argv[2] ?? '{}') as Order;
const send = (message: Message): void => {
  if (process.ppid !== parent) process.exit(1);
  process.send?.(message);
};
const charts = chartsOf({ planted });
const onProgress = (states: number): void => send({ states });
const { moves, witnesses, violation, ...numbers } = explore(scope, { onProgress, ...(charts && { charts }) });
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
send({
  done: {
    scope,
    states: numbers.states,
    edges: numbers.edges,
    steps: numbers.steps,
    cores: numbers.cores,
    sinks: numbers.sinks,
    depth: numbers.depth,
    interleavings: numbers.interleavings,
    milliseconds: numbers.milliseconds,
    digest: numbers.digest,
    moves: [...moves].filter(([, count]) => count > 0).map(([verb]) => verb),
    witnesses: [...witnesses],
    violation: violation && plain(violation),
    processorSeconds: (userCPUTime + systemCPUTime) / 1e6,
    peakMemory: Math.round(maxRSS / 1024),
  },
});

/** Functions do not travel: of the promise its name and its sentence. */
function plain({ invariant: { id, sentence }, why, run }: Violation): Violation {
  return { invariant: { id, sentence }, why, run };
}
