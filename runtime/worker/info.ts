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
const shared = globalThis as { [KEY]?: WorkerCounts };

/** What the worker's modules count. */
export interface WorkerCounts {
  readonly generation: number;
  callsDone: number;
  /** How many task modules are being loaded now. */
  loading: number;
}

/** Called once, by the worker's main module. */
export function becomeWorker(generation: number): WorkerCounts {
  const counts = { generation, callsDone: 0, loading: 0 };
  Object.defineProperty(shared, KEY, { value: counts });
  return counts;
}

/** The counts of this process, or `undefined` when it is no worker. */
export function currentWorker(): WorkerInfo | undefined {
  const counts = shared[KEY];
  return counts && { pid: process.pid, generation: counts.generation, callsDone: counts.callsDone };
}

/** Whether this process is a worker that is loading a task module: what runs now is that module's top level. */
export function isLoadingTasks(): boolean {
  return (shared[KEY]?.loading ?? 0) > 0;
}

/** Counts a load from its start to its end. */
export async function whileLoading<T>(load: () => Promise<T>): Promise<T> {
  const counts = shared[KEY];
  if (!counts) return load();
  counts.loading++;
  try {
    return await load();
  } finally {
    counts.loading--;
  }
}
