/**
 * What a worker knows of itself, where every copy of this package in the process can find it.
 */

/** A worker, as seen from inside. */
export interface WorkerInfo {
  /** Its process id. */
  readonly pid: number;
  /** Which of the pool's workers it is: the first is 0, a replacement gets a number of its own. */
  readonly generation: number;
  /** How many calls it has finished. */
  readonly callsDone: number;
}

const KEY = Symbol.for('procfutures.worker');
const shared = globalThis as { [KEY]?: { generation: number; callsDone: number } };

/** Called once, by the worker's main module. */
export function becomeWorker(generation: number): { generation: number; callsDone: number } {
  const counts = { generation, callsDone: 0 };
  Object.defineProperty(shared, KEY, { value: counts });
  return counts;
}

/** The counts of this process, or `undefined` when it is no worker. */
export function currentWorker(): WorkerInfo | undefined {
  const counts = shared[KEY];
  return counts && { pid: process.pid, ...counts };
}
