/**
 * What `checkExecutor` is told.
 */
import type { Outcome } from './functions.ts';

/** A future as far as it is judged. */
export interface FutureLike {
  /** One of CPython's five: PENDING, RUNNING, CANCELLED, CANCELLED_AND_NOTIFIED, FINISHED. */
  readonly state: string;
  cancel(): boolean;
  cancelled(): boolean;
  done(): boolean;
  addDoneCallback(callback: (future: unknown) => void): void;
  result(): Promise<unknown>;
}

/** An executor as far as it is judged. */
export interface ExecutorLike {
  shutdown(options?: { readonly wait?: boolean; readonly cancelFutures?: boolean }): Promise<void>;
}

/** Options of `checkExecutor`. */
export interface CheckOptions<E extends ExecutorLike> {
  /**
   * Submits call number `call`, best with the function that is given, `task`: what it comes to is known and its starts
   * are seen, so that outcomes, order and number of runs are judged without another word.
   *
   * An executor that takes no such functions, since it runs them elsewhere, submits one of its own. Some of its calls
   * must fail, some may take a while, all must end; `outcome`, `starts` and `hasStarted` tell what is to be judged.
   */
  readonly submit: (executor: E, call: number, task: () => Promise<unknown>) => FutureLike;
  /**
   * What a call must come to, equal and not the same: results and errors may have been copied.
   * @defaultValue what the given task does; not judged when `submit` has two parameters
   */
  readonly outcome?: ((call: number) => Outcome) | undefined;
  /**
   * The calls whose functions have started, in that order and as often as they did; asked when all is over.
   * @defaultValue what the given task has seen; not judged when `submit` has two parameters
   */
  readonly starts?: ((executor: E) => readonly number[] | Promise<readonly number[]>) | undefined;
  /** Whether the function of a call has ever started, where no more can be known; asked when all is over. */
  readonly hasStarted?: ((executor: E, call: number) => boolean | Promise<boolean>) | undefined;
  /**
   * How many calls the executor runs at the same time at most: an integer from 1. Where there are several, one may be
   * slow to start a call that it has taken, and so be overtaken by the others.
   * @defaultValue any number, which start their calls in order
   */
  readonly workers?: number | undefined;
  /**
   * How many runs.
   * @defaultValue 100
   */
  readonly runs?: number | undefined;
  /**
   * How many events a run has at most.
   * @defaultValue 20
   */
  readonly length?: number | undefined;
  /**
   * Another seed makes other runs, the same seed the same.
   * @defaultValue 1
   */
  readonly seed?: number | undefined;
  /**
   * Milliseconds within which whatever must happen has happened.
   * @defaultValue 5000
   */
  readonly timeout?: number | undefined;
  /** Makes this one run instead: the events of a failure. */
  readonly replay?: readonly string[] | undefined;
}

/** Every option with its value. */
export interface Checked<E extends ExecutorLike> extends CheckOptions<E> {
  readonly runs: number;
  readonly length: number;
  readonly seed: number;
  readonly timeout: number;
  /** Whether `submit` passes on the function that it is given. */
  readonly takesTask: boolean;
}

/** Resolves the defaults. */
export function checkedOptions<E extends ExecutorLike>(options: CheckOptions<E>): Checked<E> {
  const { submit, runs = 100, length = 20, seed = 1, timeout = 5_000 } = options;
  return { ...options, runs, length, seed, timeout, takesTask: submit.length > 2 };
}
