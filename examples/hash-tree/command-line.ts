import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

/** What one run was asked to do. */
export interface Options {
  readonly directory: string;
  readonly workers: number;
  readonly kill: boolean;
  /** A file that gets the trace of the executor. */
  readonly trace: string | undefined;
  readonly help: boolean;
}

/** A command line that cannot be carried out; its message is for the person who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const HELP = `Usage: hash-tree [directory] [--workers N] [--kill] [--trace FILE]

Computes the SHA-256 and the brotli size (quality 5) of every regular file below a directory, over a process pool.
Symbolic links are not followed; sockets, pipes and devices are skipped.

  directory      where to begin (default: the node_modules of this project)
  --workers N    worker processes (default: ${availableParallelism()}, what this machine offers)
  --kill         kill a worker half-way with SIGKILL, and show what the user of a broken pool sees
  --trace FILE   write every step of the executor to a file, for examples/verify-trace.ts
  --help         this text

Ctrl-C cancels what has not started and waits for what runs; a second one kills the workers.

Exit codes: 0 done (files that could not be read are listed), 1 the check failed or the pool broke
(unasked: --kill ends with 0), 2 a bad directory or option, 130 interrupted.
`;

/**
 * Reads the command line.
 * @throws UsageError for an unknown option, a second directory, or a number of workers that is none.
 */
export function parseCommandLine(args: readonly string[], defaultDirectory: string): Options {
  const { values, positionals } = parse(args);
  if (positionals.length > 1) {
    throw new UsageError(`One directory at a time, please, not ${positionals.length}: ${positionals.join(', ')}`);
  }
  const workers = values.workers ?? String(availableParallelism());
  if (!/^[1-9]\d{0,3}$/.test(workers)) {
    throw new UsageError(`--workers wants a whole number from 1 to 9999, not '${workers}'`);
  }
  return {
    directory: positionals[0] ?? defaultDirectory,
    workers: Number(workers),
    kill: values.kill ?? false,
    trace: values.trace,
    help: values.help ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        workers: { type: 'string' },
        kill: { type: 'boolean' },
        trace: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
