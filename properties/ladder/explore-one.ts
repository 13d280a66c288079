/**
 * A process of its own for one scope, so that scopes are explored side by side and each has a peak of memory that is
 * its own. Started by `exploreAll`; the scope is the only argument.
 */
import { type Exploration, explore, type Violation } from '../explorer.ts';
import type { Scope, Verb } from '../moves.ts';

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

/** From the child: how far it is, at last what it has come to. */
export type Message = { readonly states: number } | { readonly done: Explored };

const scope = JSON.parse(process.argv[2] ?? '{}') as Scope;
const send = (message: Message): void => {
  process.send?.(message);
};
const { moves, witnesses, violation, ...numbers } = explore(scope, { onProgress: (states) => send({ states }) });
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
    violation,
    processorSeconds: (userCPUTime + systemCPUTime) / 1e6,
    peakMemory: Math.round(maxRSS / 1024),
  },
});
