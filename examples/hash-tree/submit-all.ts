/** The heart of the example: many calls, few of them pending, each settled future handed on as soon as it is done. */
import { FIRST_COMPLETED, type Future, type ProcessPoolExecutor, type Task, wait } from 'procfutures';
import type { FoundFile } from './files.ts';
import type { FileReport } from './tasks.ts';

/** How far ahead to submit, when to stop, and who is told of each file. */
export interface SubmitOptions {
  readonly maxInFlight: number;
  readonly signal: AbortSignal;
  readonly onSettled: (file: FoundFile, future: Future<FileReport>) => void;
}

/**
 * Submits `task` for every file and resolves when all of them are settled. No more than `maxInFlight` futures exist at
 * a time, so the files are pulled as fast as the workers take them; a submission per file rather than `map`, because
 * `map` returns results in input order and one long file at the head would hold back the rest.
 *
 * @throws BrokenProcessPool from `submit`, when the pool broke; by then every submitted future has been handed on.
 */
export async function submitAll(
  pool: ProcessPoolExecutor,
  task: Task<[path: string], FileReport>,
  files: AsyncIterable<FoundFile>,
  { maxInFlight, signal, onSettled }: SubmitOptions,
): Promise<void> {
  const inFlight = new Set<Future<FileReport>>();
  for await (const file of files) {
    while (inFlight.size >= maxInFlight) await wait(inFlight, { returnWhen: FIRST_COMPLETED });
    if (signal.aborted) break;
    const future = pool.submit(task, file.path);
    inFlight.add(future);
    future.addDoneCallback(() => {
      inFlight.delete(future);
      onSettled(file, future);
    });
  }
  await wait(inFlight);
}
