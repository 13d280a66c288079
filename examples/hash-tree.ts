/**
 * SHA-256 and brotli size of every file below a directory, over a process pool: `npm start -- --help`.
 *
 * Worth reading for: tasks by reference (hash-tree/tasks.ts), bounded submission (hash-tree/submit-all.ts), a Ctrl-C that
 * leaves nothing behind (`interruptible` below), and what a broken pool looks like (hash-tree/kill.ts).
 */
import { openSync, writeSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BrokenProcessPool, type Future, ProcessPoolExecutor, tasksFrom } from 'procfutures';
import { check } from './hash-tree/check.ts';
import { HELP, type Options, parseCommandLine, UsageError } from './hash-tree/command-line.ts';
import { biggestFirst, type FoundFile, WalkTotals, walk } from './hash-tree/files.ts';
import { KillDemonstration } from './hash-tree/kill.ts';
import { Progress } from './hash-tree/progress.ts';
import { submitAll } from './hash-tree/submit-all.ts';
import { type Run, shortSummary, summary, unreadableLines } from './hash-tree/summary.ts';
import { Tally } from './hash-tree/tally.ts';
import type { FileReport } from './hash-tree/tasks.ts';

const { measureFile } = tasksFrom<typeof import('./hash-tree/tasks.ts')>(
  new URL('./hash-tree/tasks.js', import.meta.url),
);

/** From dist/examples/, where the compiled example lies. */
const DEFAULT_DIRECTORY = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** So many files are sorted by size before the first is handed out; some megabytes of paths. */
const WINDOW = 16_384;

/** Enough that no worker waits for the parent, few enough that a million files are no burden. */
const IN_FLIGHT_PER_WORKER = 32;

async function main(args: readonly string[]): Promise<number> {
  const options = parseCommandLine(args, DEFAULT_DIRECTORY);
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const directory = resolve(options.directory);
  await mustBeDirectory(directory);
  const pool = new ProcessPoolExecutor({ maxWorkers: options.workers, trace: traceInto(options.trace) });
  try {
    return await hashTree(pool, directory, options);
  } finally {
    await pool.shutdown({ cancelFutures: true });
  }
}

async function hashTree(pool: ProcessPoolExecutor, directory: string, { workers, kill }: Options): Promise<number> {
  const totals = new WalkTotals();
  const tally = new Tally(directory);
  const demonstration = kill ? new KillDemonstration(tally.workerPids) : undefined;
  const settled = { files: 0, bytes: 0 };
  const progress = new Progress(process.stderr, () => ({
    filesDone: settled.files,
    bytesDone: settled.bytes,
    filesFound: totals.files,
    bytesFound: totals.bytes,
    allFound: totals.finished,
    spent: tally.effort.wall,
    busyWorkers: pool.stats().workers.busy,
    workers,
  }));
  const begin = performance.now();
  const runSoFar = (): Run => ({ directory, workers, elapsed: performance.now() - begin, tally, totals });

  let failure: unknown;
  const onSettled = (file: FoundFile, future: Future<FileReport>) => {
    demonstration?.settled(future);
    if (future.cancelled()) {
      tally.cancelled += 1;
      return;
    }
    const error = future.exceptionNow();
    if (concernsThePool(error)) {
      failure ??= error;
      return;
    }
    settled.files += 1;
    settled.bytes += file.size;
    progress.firstFileDone();
    if (error === null) {
      tally.add(file, future.resultNow());
      const victim = demonstration?.strikeAt(tally.files, totals.files);
      if (victim !== undefined) progress.note(`Killing worker ${victim}, half of the files are done.`);
    } else tally.addUnreadable(file.path, messageOf(error));
  };

  const interrupt = interruptible(pool, progress);
  try {
    process.stderr.write(`Reading ${directory} with ${workers === 1 ? '1 worker' : `${workers} workers`}\n`);
    progress.start();
    const onUnreadable = (path: string, error: Error) => tally.addUnreadable(path, error.message);
    const files = biggestFirst(walk(directory, { totals, onUnreadable, signal: interrupt.signal }), WINDOW);
    const maxInFlight = workers * IN_FLIGHT_PER_WORKER;
    await submitAll(pool, measureFile, files, { maxInFlight, signal: interrupt.signal, onSettled }).catch((error) => {
      failure ??= error;
    });
    progress.stop();
    const run = runSoFar();
    for (const line of unreadableLines(run)) console.error(line);

    if (demonstration !== undefined && !interrupt.signal.aborted) {
      if (demonstration.victim === undefined)
        throw new UsageError(`No file to read below ${directory}: nothing to kill`);
      console.log(await demonstration.report(pool, measureFile));
      return 0;
    }
    await pool.shutdown();
    if (failure !== undefined && !interrupt.signal.aborted) throw failure;
    const checked = await check(tally.sample, interrupt.signal);
    if (interrupt.signal.aborted) {
      console.log(shortSummary(run));
      return 130;
    }
    console.log(summary(run, checked));
    return checked.mismatches.length === 0 ? 0 : 1;
  } finally {
    progress.stop();
    interrupt.release();
  }
}

/**
 * The first Ctrl-C cancels what has not started and lets the running files end; a second one kills the workers. The
 * workers themselves never see it: they have a process group of their own, so the decision is the parent's.
 */
function interruptible(pool: ProcessPoolExecutor, progress: Progress): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const onInterrupt = () => {
    if (controller.signal.aborted) {
      progress.note('Killing the workers.');
      void pool.killWorkers();
      return;
    }
    controller.abort();
    progress.note('Interrupted: files that are being read will be finished; Ctrl-C again kills the workers.');
    void pool.shutdown({ cancelFutures: true });
  };
  process.on('SIGINT', onInterrupt);
  return { signal: controller.signal, release: () => process.off('SIGINT', onInterrupt) };
}

/** Writes a trace line by line, so that it is whole up to the step in which the program dies. */
function traceInto(path: string | undefined): ((line: string) => void) | undefined {
  if (path === undefined) return undefined;
  try {
    const file = openSync(path, 'w');
    return (line) => {
      writeSync(file, `${line}\n`);
    };
  } catch (error) {
    throw new UsageError(`Cannot write the trace: ${messageOf(error)}`);
  }
}

async function mustBeDirectory(path: string): Promise<void> {
  const found = await stat(path).catch((error: unknown) => {
    throw new UsageError(`Cannot look into ${path}: ${messageOf(error)}`);
  });
  if (!found.isDirectory()) throw new UsageError(`Not a directory: ${path}`);
}

/** An error of the pool itself ends the run; any other is that of one file. */
function concernsThePool(error: unknown): boolean {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return code?.startsWith('ERR_PROCFUTURES_') ?? false;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageError) {
    console.error(`${error.message}\nTry --help.`);
    process.exitCode = 2;
  } else if (error instanceof BrokenProcessPool) {
    console.error(`The pool broke, so the rest was not read.\n${error.message}`);
    process.exitCode = 1;
  } else throw error;
}
