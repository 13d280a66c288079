/**
 * The words for a loss: which process, how it ended, doing what, and what to do next.
 */
import { inspect } from 'node:util';
import type { Loss, TaskKey } from '../machines/vocabulary.ts';
import { BrokenProcessPool } from './errors.ts';

type NameOf = (task: TaskKey) => string;

/** A new error, of the facts that one future shares with others. */
export function brokenPoolError(loss: Loss, nameOf: NameOf): BrokenProcessPool {
  return new BrokenProcessPool(
    describeLoss(loss, nameOf),
    loss,
    loss.cause === undefined ? {} : { cause: loss.cause.error },
  );
}

const BROKEN = 'The pool is broken: every unsettled call has failed. Make a new ProcessPoolExecutor.';

function describeLoss(loss: Loss, nameOf: NameOf): string {
  const facts: Facts = {
    worker: loss.pid === undefined ? 'A worker process' : `Worker process ${loss.pid}`,
    ending: ending(loss),
    doing: DOING[loss.activity](loss, nameOf),
    cause: loss.cause === undefined ? '' : ` Cause: ${brief(loss.cause.error)}.`,
    stderr: loss.stderr === '' ? '' : ` It wrote to stderr:\n${loss.stderr}\n`,
  };
  return WORDS[loss.reason](facts);
}

type Facts = Readonly<Record<'worker' | 'ending' | 'doing' | 'cause' | 'stderr', string>>;

const WORDS: Readonly<Record<Loss['reason'], (facts: Facts) => string>> = {
  workerLost: ({ worker, ending, doing, cause, stderr }) =>
    `${worker} ${ending} while ${doing}.${cause}${stderr} ${BROKEN}`,
  condemned: ({ worker, doing, cause, stderr }) =>
    `${worker} could not be talked to any more while ${doing}, and was killed.${cause}${stderr} ${BROKEN} ` +
    'A task may have closed or written to a descriptor that is not its own.',
  bootTimeout: ({ worker, stderr }) =>
    `${worker} was not ready within bootTimeout and was killed.${stderr} ${BROKEN} ` +
    'Raise bootTimeout if its modules or its initializer need longer.',
  spawnFailed: ({ cause }) =>
    `No worker process could be started.${cause} ${BROKEN} Look at workerOptions and at the limits of the system.`,
  terminated: ({ worker, doing }) => `${worker} was told to leave by terminateWorkers() while ${doing}.`,
  killed: ({ worker, doing }) =>
    `${worker} was killed by killWorkers(), or because this process leaves, while ${doing}.`,
  internal: ({ cause }) => `procfutures failed.${cause} ${BROKEN}`,
};

const DOING: Readonly<Record<Loss['activity'], (loss: Loss, nameOf: NameOf) => string>> = {
  starting: () => 'it was starting, before its first call',
  idle: () => 'it was idle',
  running: ({ call }, nameOf) =>
    call ? `it was running call ${call.id} (${nameOf(call.task)})` : 'it was running a call',
};

function ending(loss: Loss): string {
  if (loss.signal !== null) return `was ended by ${loss.signal}`;
  if (loss.exitCode !== null) return `exited with code ${loss.exitCode}`;
  return 'stopped answering';
}

/** An error in one line. */
export function brief(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message.replace(/\.$/, '')}` : inspect(cause);
}
