/**
 * Every error that this library makes, each with a stable `code`.
 *
 * Misuse is thrown at once; what the world does becomes an event and ends in one of these; our own bugs are assertions.
 * CPython 3.14: `concurrent.futures._base` (`CancelledError`, `TimeoutError`, `InvalidStateError`, `BrokenExecutor`)
 * and `concurrent.futures.process` (`BrokenProcessPool`).
 */

/** The base of all errors of this library; not thrown itself. */
abstract class ProcfuturesError extends Error {
  /** Stable across versions, unlike the text. */
  abstract readonly code: `ERR_PROCFUTURES_${string}`;
}

/** The future was cancelled before its call started. */
export class CancelledError extends ProcfuturesError {
  override readonly name: string = 'CancelledError';
  readonly code = 'ERR_PROCFUTURES_CANCELLED';
  constructor(message = 'The future was cancelled before its call started.') {
    super(message);
  }
}

/** A wait ended before what was waited for; the future itself goes on. */
export class TimeoutError extends ProcfuturesError {
  override readonly name: string = 'TimeoutError';
  readonly code = 'ERR_PROCFUTURES_TIMEOUT';
}

/** The future, or this process, is in no state for what was asked. */
export class InvalidStateError extends ProcfuturesError {
  override readonly name: string = 'InvalidStateError';
  readonly code = 'ERR_PROCFUTURES_INVALID_STATE';
}

/** The executor takes no more calls, because it was shut down or its process is leaving. */
export class ExecutorShutdownError extends ProcfuturesError {
  override readonly name: string = 'ExecutorShutdownError';
  readonly code = 'ERR_PROCFUTURES_EXECUTOR_SHUTDOWN';
}

/** The executor broke and can run nothing any more; the base class for executors of other kinds. */
export class BrokenExecutor extends ProcfuturesError {
  override readonly name: string = 'BrokenExecutor';
  readonly code: `ERR_PROCFUTURES_BROKEN_${string}` = 'ERR_PROCFUTURES_BROKEN_EXECUTOR';
}

/** What is known of the worker whose end broke a pool. */
export interface WorkerLoss {
  /** The process id, where there was a process. */
  readonly pid: number | undefined;
  /** The exit code, or `null` when a signal ended it or no exit was seen. */
  readonly exitCode: number | null;
  /** The signal that ended it, or `null`. */
  readonly signal: string | null;
  /** What it was doing. */
  readonly activity: 'starting' | 'idle' | 'running';
  /** The end of its stderr where that is piped (`workerOptions.stdio`), else the empty string. */
  readonly stderr: string;
}

/**
 * A worker process was lost, so the pool broke; or the pool was stopped by force while the call ran.
 *
 * Every future has its own instance. `cause` is the worker's own error where it could name one: an uncaught exception,
 * what the initializer threw, or the system's error when no process could be started.
 */
export class BrokenProcessPool extends BrokenExecutor implements WorkerLoss {
  override readonly name: string = 'BrokenProcessPool';
  override readonly code = 'ERR_PROCFUTURES_BROKEN_PROCESS_POOL';
  readonly pid: number | undefined;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly activity: 'starting' | 'idle' | 'running';
  readonly stderr: string;
  constructor(message: string, loss: WorkerLoss, options?: ErrorOptions) {
    super(message, options);
    this.pid = loss.pid;
    this.exitCode = loss.exitCode;
    this.signal = loss.signal;
    this.activity = loss.activity;
    this.stderr = loss.stderr;
  }
}

/** A value could not be copied between the processes; only the future that it belongs to fails. */
export class SerializationError extends ProcfuturesError {
  override readonly name: string = 'SerializationError';
  readonly code = 'ERR_PROCFUTURES_SERIALIZATION';
  /** What could not be copied: an argument, the result, or what the task threw. */
  readonly side: 'argument' | 'result' | 'error';
  /** Where in it the culprit is, as in `args[0].callback`. */
  readonly path: string;
  constructor(message: string, side: 'argument' | 'result' | 'error', path: string, options?: ErrorOptions) {
    super(message, options);
    this.side = side;
    this.path = path;
  }
}

/** The task's module could not be loaded (the reason is the `cause`), or exports no such function. */
export class TaskNotFoundError extends ProcfuturesError {
  override readonly name: string = 'TaskNotFoundError';
  readonly code = 'ERR_PROCFUTURES_TASK_NOT_FOUND';
}
