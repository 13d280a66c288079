/**
 * `procfutures/properties`: what must hold, and the means to try it.
 *
 * Judges steps, wherever they come from: exploration, simulation, a trace recorded in production.
 */
export type { Before, CallHistory, Edge, History, WorkerHistory } from './edge.ts';
export { type Exploration, type ExploreOptions, explore, replayRun, type Violation } from './explorer.ts';
export { type Invariant, invariants, judge } from './invariants.ts';
export { type Witness, witnesses } from './witnesses.ts';
export { type Budget, type Move, type Scope, World } from './world.ts';
