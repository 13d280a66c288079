/** `procfutures/worker`: for code that runs inside a task. Nothing in a task needs it. */
import { currentWorker, type WorkerInfo } from './info.ts';

export type { WorkerInfo } from './info.ts';

/** Whether this process is a worker of a pool. */
export const isWorker: boolean = currentWorker() !== undefined;

/**
 * A snapshot of this worker: its pid, its generation, and how many calls it has finished.
 *
 * @throws Error when this process is no worker; see {@link isWorker}
 */
export function workerInfo(): WorkerInfo {
  const info = currentWorker();
  if (!info) throw new Error('This process is no worker of a ProcessPoolExecutor; ask isWorker first.');
  return info;
}
