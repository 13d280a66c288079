/**
 * Those who are told when a future is done, and the executor that moves it.
 */
import { inspect } from 'node:util';
import type { Charts } from '../machines/chart.ts';
import type { Command } from '../machines/events.ts';
import type { TaskKey } from '../machines/vocabulary.ts';
import type { Task } from './task.ts';

/** What a future of an executor needs of it; never the executor object itself. */
export interface FutureOwner {
  readonly charts: Charts;
  command(event: Command): void;
  /** How the function behind a task key is called in messages. */
  nameOf(task: TaskKey): string;
}

/** What is to run, until the future is done. */
export interface Submission {
  readonly task: Task<never, unknown>;
  readonly args: readonly unknown[];
}

/** Told that a future is done; internal, and before any callback. */
export interface Watcher {
  futureDone(future: object): void;
}

export type Observer = Watcher | ((future: never) => unknown);

/** Calls a done callback; what it throws, or rejects with, becomes a process warning and disturbs nothing. */
export function callBack<F>(fn: (future: F) => unknown, future: F): void {
  try {
    const returned: unknown = fn(future);
    if (returned instanceof Promise) returned.catch(warnOfCallback);
  } catch (error) {
    warnOfCallback(error);
  }
}

function warnOfCallback(error: unknown): void {
  const detail = error instanceof Error ? (error.stack ?? error.message) : inspect(error);
  process.emitWarning('A done callback of a future threw; the other callbacks and the executor are not affected.', {
    type: 'ProcfuturesWarning',
    code: 'PROCFUTURES_CALLBACK',
    detail,
  });
}
