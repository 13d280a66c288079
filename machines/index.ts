/**
 * `procfutures/machines`: the three XState machines, and `step()`, where they meet.
 *
 * For Stately's tools, for diagrams, and for tests of one's own. Loads xstate; the main entry does not.
 */
export type * from './alphabet.ts';
export { type Cell, type Chart, type Charts, ImpossibleEvent } from './chart.ts';
export { compiledCharts } from './charts.ts';
export { cloneCore } from './clone.ts';
export { step } from './core.ts';
export type { Effect, Ending, TimerName } from './effects.ts';
export type { Command, CoreEvent, Observation } from './events.ts';
export { executorMachine } from './executor.ts';
export { futureMachine } from './future.ts';
export { liveCharts } from './live-charts.ts';
export { type CoreState, type Counts, createCore } from './state.ts';
export { digest, plain } from './trace.ts';
export * from './vocabulary.ts';
export { createWork, stepFuture } from './work.ts';
export { workerMachine } from './worker.ts';
export { heldBy } from './workers.ts';
