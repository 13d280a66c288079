/**
 * The words for a loss: which process, how it ended, doing what, and what to do next.
 */
import type { Loss, TaskKey } from '../machines/vocabulary.ts';
import { BrokenProcessPool } from './errors.ts';
import { brief } from './wire/describe.ts';

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
    stderr: loss.stderr === '' ? '' : `\nThe end of its stderr:\n${lastLines(loss.stderr)}`,
  };
  return WORDS[loss.reason](facts);
}

type Facts = Readonly<Record<'worker' | 'ending' | 'doing' | 'cause' | 'stderr', string>>;

const WORDS: Readonly<Record<Loss['reason'], (facts: Facts) => string>> = {
  workerLost: ({ worker, ending, doing, cause, stderr }) =>
    `${worker} ${ending} while ${doing}.${cause} ${BROKEN}${stderr}`,
  condemned: ({ worker, doing, cause, stderr }) =>
    `${worker} could not be talked to any more while ${doing}, and was killed.${cause} ${BROKEN} ` +
    `A task may have closed or written to a descriptor that is not its own.${stderr}`,
  bootTimeout: ({ worker, stderr }) =>
    `${worker} was not ready within bootTimeout and was killed. ${BROKEN} ` +
    `Raise bootTimeout if its modules or its initializer need longer.${stderr}`,
  spawnFailed: ({ cause }) =>
    `No worker process could be started.${cause} ${BROKEN} Look at workerOptions and at the limits of the system.`,
  terminated: ({ worker, doing }) => `${worker} was told to leave by terminateWorkers() while ${doing}.`,
  killed: ({ worker, doing }) =>
    `${worker} was killed by killWorkers(), or because this process leaves, while ${doing}.`,
  internal: ({ cause }) => `procfutures failed.${cause} ${BROKEN}`,
};

const DOING: Readonly<Record<Loss['activity'], (loss: Loss, nameOf: NameOf) => string>> = {
  starting: () => 'it was starting, before its first call: its modules were loading, or its initializer ran',
  idle: () => 'it was idle',
  running: ({ call }, nameOf) =>
    call ? `it was running call ${call.id} (${nameOf(call.task)})` : 'it was running a call',
};

/** In the message, the rest is in `error.stderr`. */
function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-5).join('\n');
}

function ending(loss: Loss): string {
  if (loss.signal !== null) return `was ended by ${loss.signal}`;
  // Node's own code for an option that it does not know: https://nodejs.org/api/process.html#exit-codes
  if (loss.exitCode === 9 && loss.call === undefined)
    return 'exited with code 9 (Node refused an option: look at workerOptions.execArgv)';
  if (loss.exitCode !== null) return `exited with code ${loss.exitCode}`;
  return 'stopped answering';
}
