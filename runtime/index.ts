/// <reference types="node" preserve="true" />
/** `procfutures`: CPython's `concurrent.futures.ProcessPoolExecutor` for Node.js. */
export type { TimeoutOptions } from './checks.ts';
export {
  BrokenExecutor,
  BrokenProcessPool,
  CancelledError,
  ExecutorShutdownError,
  InvalidStateError,
  SerializationError,
  TaskNotFoundError,
  TimeoutError,
  type WorkerLoss,
} from './errors.ts';
export { Executor, type ShutdownOptions } from './executor.ts';
export { Future, type FutureState } from './future.ts';
export type { MapIterator, MapOptions } from './map-plan.ts';
export type { ProcessPoolExecutorOptions, TraceSink, WorkerOptions, WorkerStdio } from './options.ts';
export { ProcessPoolExecutor } from './process-pool-executor.ts';
export type { ExecutorState, ExecutorStats } from './stats.ts';
export { inline, type Task, type Tasks, tasksFrom } from './task.ts';
export {
  ALL_COMPLETED,
  type AsCompletedOptions,
  asCompleted,
  type CompletedFutures,
  type DoneAndNotDoneFutures,
  FIRST_COMPLETED,
  FIRST_EXCEPTION,
  type ReturnWhen,
  type WaitOptions,
  wait,
} from './wait.ts';
