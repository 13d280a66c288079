/**
 * The words for a loss: which process, how it ended, doing what, and what to do next.
 */
import { inspect } from 'node:util';
import type { Loss, TaskKey } from '../machines/vocabulary.ts';
import { BrokenProcessPool } from './errors.ts';

type NameOf = (task: TaskKey) => string;

/** A new error, of the facts that one future shares with others. */
export function brokenPoolError(loss: Loss, nameOf: NameOf): BrokenProcessPool {
  return new BrokenProcessPool(describeLoss(loss, nameOf), loss, loss.cause === undefined ? {} : { cause: loss.cause });
}

const BROKEN = 'The pool is broken: every unsettled call has failed. Make a new ProcessPoolExecutor.';

function describeLoss(loss: Loss, nameOf: NameOf): string {
  const worker = loss.pid === undefined ? 'A worker process' : `Worker process ${loss.pid}`;
  const doing = activity(loss, nameOf);
  const cause = loss.cause === undefined ? '' : ` Cause: ${brief(loss.cause)}.`;
  const stderr = loss.stderr === '' ? '' : ` It wrote to stderr:\n${loss.stderr}\n`;
  switch (loss.reason) {
    case 'workerLost':
      return `${worker} ${ending(loss)} while ${doing}.${cause}${stderr} ${BROKEN}`;
    case 'bootTimeout':
      return `${worker} was not ready within bootTimeout and was killed.${stderr} ${BROKEN} Raise bootTimeout if its modules or its initializer need longer.`;
    case 'spawnFailed':
      return `No worker process could be started.${cause} ${BROKEN} Look at workerOptions and at the limits of the system.`;
    case 'terminated':
      return `${worker} was told to leave by terminateWorkers() while ${doing}.`;
    case 'killed':
      return `${worker} was killed by killWorkers(), or because this process leaves, while ${doing}.`;
    case 'internal':
      return `procfutures failed.${cause} ${BROKEN}`;
  }
}

function ending(loss: Loss): string {
  if (loss.signal !== null) return `was ended by ${loss.signal}`;
  if (loss.exitCode !== null) return `exited with code ${loss.exitCode}`;
  return 'stopped answering';
}

function activity(loss: Loss, nameOf: NameOf): string {
  if (loss.activity === 'starting') return 'it was starting, before its first call';
  if (loss.activity === 'idle' || !loss.call) return 'it was idle';
  return `it was running call ${loss.call.id} (${nameOf(loss.call.task)})`;
}

function brief(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : inspect(cause);
}
