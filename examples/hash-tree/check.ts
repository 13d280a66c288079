/** Is it right, and was it worth it? Both answered by measuring a sample again, in this one process. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Effort } from './effort.ts';
import type { Measured } from './tally.ts';
import { type FileReport, measureFile } from './tasks.ts';

/** What the second measurement said. */
export interface CheckResult {
  readonly files: number;
  readonly bytes: number;
  readonly brotliBytes: number;
  /** What the same files took in this process and in the workers. */
  readonly here: Effort;
  readonly inWorkers: Effort;
  readonly mismatches: readonly string[];
  /** Files that changed or vanished since the worker read them: nothing can be said of those. */
  readonly changed: number;
}

/** Long enough for a steady ratio, short enough that nobody wonders what goes on. */
const BUDGET = 4_000;

/**
 * Runs the very function that the workers ran over `sample`, without any pool, until all is done or four seconds are
 * over or `signal` aborts. To be called when the workers are gone: they would compete for the processors.
 */
export async function check(sample: readonly Measured[], signal: AbortSignal): Promise<CheckResult> {
  const result = { files: 0, bytes: 0, brotliBytes: 0, changed: 0, here: new Effort(), inWorkers: new Effort() };
  const mismatches: string[] = [];
  const begin = performance.now();
  for (const { path, report } of sample) {
    if (signal.aborted || performance.now() - begin > BUDGET) break;
    const again = await measureAgain(path);
    if (again === undefined || again.modified !== report.modified) {
      result.changed += 1;
      continue;
    }
    if (!agree(again, report)) mismatches.push(path);
    result.files += 1;
    result.bytes += again.bytes;
    result.brotliBytes += again.brotliBytes;
    result.here.add(again);
    result.inWorkers.add(report);
    // The measurement blocks the event loop; a Ctrl-C waits for it here.
    await nextTurn();
  }
  return { ...result, mismatches };
}

async function measureAgain(path: string): Promise<FileReport | undefined> {
  try {
    return await measureFile(path);
  } catch {
    // It was readable a moment ago, so it has changed; the caller counts it as that.
    return undefined;
  }
}

function agree(a: FileReport, b: FileReport): boolean {
  return a.bytes === b.bytes && a.brotliBytes === b.brotliBytes && a.sha256 === b.sha256;
}
