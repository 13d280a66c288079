/**
 * `procfutures/properties`: what must hold, and the means to try it.
 *
 * Judges steps, wherever they come from: exploration, simulation, a trace recorded in production.
 */
export { type Arbitraries, arbitraries } from './arbitraries.ts';
export { type Breach, invariants, judge } from './catalogue.ts';
export { type CheckReport, checkExecutor } from './check-executor.ts';
export type { CheckOptions, ExecutorLike, FutureLike } from './check-options.ts';
export { type Before, type Edge, takeStep } from './edge.ts';
export { type Exploration, type ExploreOptions, explore, replayRun, type Violation } from './explorer.ts';
export type { Outcome } from './functions.ts';
export { type CallHistory, createHistory, forget, type History, type WorkerHistory } from './history.ts';
export type { Invariant } from './invariants/invariant.ts';
export { afterJoined, type CallEnding, type CallRecord, judgeCall, judgeItem } from './linearizable.ts';
export type { Budget, Fault, Move, Scope, Wish } from './moves.ts';
export type { Trouble } from './recording.ts';
export { Replay } from './replay.ts';
export { report, sequenceDiagram } from './report.ts';
export type { Sight } from './sights.ts';
export { type Play, type PlayOptions, playTape, shrinkRun, tapeOf } from './tape.ts';
export { type Verdict, type VerifyOptions, verifyTrace } from './verify-trace.ts';
export { type Witness, witnesses } from './witnesses.ts';
export { World } from './world.ts';
