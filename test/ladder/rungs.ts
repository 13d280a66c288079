/**
 * The rungs of the ladder, from the charts up.
 */
import { beyond } from '../../properties/ladder/beyond.ts';
import { equality, lint, reachability } from '../../properties/ladder/charts.ts';
import { corpusIn } from '../../properties/ladder/corpus.ts';
import { coverage } from '../../properties/ladder/coverage.ts';
import { exploration } from '../../properties/ladder/exploration.ts';
import { inductive } from '../../properties/ladder/induction.ts';
import { automaticMutants, tapes } from '../../properties/ladder/power.ts';
import type { Rung } from '../../properties/ladder/rung.ts';
import { bugsOfOthers } from './bugs-of-others.ts';
import { commandsOnApi } from './commands.ts';
import { counterexamples } from './counterexamples.ts';
import { edgesOnRuntime } from './edges.ts';
import { realProcesses } from './real-processes.ts';
import { runtimeMutants } from './runtime-mutants.ts';
import { histories, simulation } from './simulation.ts';

/**
 * Those that judge the machines alone are in properties/; those that run the runtime under properties are here.
 *
 * @param root the folder of the project
 */
export function rungsOf(root: URL): readonly Rung[] {
  return [
    lint,
    reachability,
    equality,
    exploration,
    edgesOnRuntime,
    simulation,
    tapes,
    commandsOnApi,
    realProcesses(new URL('docs/rungs/chaos.json', root)),
    histories,
    bugsOfOthers(new URL('test/mutants/run.mjs', root)),
    automaticMutants,
    runtimeMutants(new URL('docs/rungs/mutate.json', root)),
    coverage,
    counterexamples,
    corpusIn(new URL('test/corpus/', root)),
    beyond,
    inductive,
  ];
}

/** What is told by a rung above these means nothing while one of them is under its floor. */
export const FOUNDATIONS: readonly Rung[] = [lint, reachability, equality, exploration];
