/** The words for a loss, and what every error of the library carries. */
import { describe, expect, it } from 'vitest';
import type { Loss } from '../../../machines/vocabulary.ts';
import { brokenPoolError } from '../../../runtime/broken.ts';
import * as errors from '../../../runtime/errors.ts';

const LOSS: Loss = {
  reason: 'workerLost',
  pid: 77,
  exitCode: 3,
  signal: null,
  activity: 'idle',
  call: undefined,
  stderr: '',
  cause: undefined,
};
const BROKEN = 'The pool is broken: every unsettled call has failed. Make a new ProcessPoolExecutor.';
const STARTING = 'it was starting, before its first call: its modules were loading, or its initializer ran';
const CAUSE = { error: new TypeError('Odd.') };

const errorOf = (facts: Partial<Loss>) => brokenPoolError({ ...LOSS, ...facts }, (task) => `function ${task}`);

describe('the loss of a worker', () => {
  it.each<[string, Partial<Loss>, string]>([
    ['by its exit', {}, `Worker process 77 exited with code 3 while it was idle. ${BROKEN}`],
    [
      'by a signal',
      { exitCode: null, signal: 'SIGSEGV' },
      `Worker process 77 was ended by SIGSEGV while it was idle. ${BROKEN}`,
    ],
    ['by silence', { exitCode: null }, `Worker process 77 stopped answering while it was idle. ${BROKEN}`],
    [
      'by an option that Node refuses',
      { exitCode: 9, activity: 'starting' },
      'Worker process 77 exited with code 9 (Node refused an option: look at workerOptions.execArgv) ' +
        `while ${STARTING}. ${BROKEN}`,
    ],
    [
      'by code 9 in a call',
      { exitCode: 9, activity: 'running', call: { id: 4, task: 2 } },
      `Worker process 77 exited with code 9 while it was running call 4 (function 2). ${BROKEN}`,
    ],
    [
      'in some call',
      { activity: 'running' },
      `Worker process 77 exited with code 3 while it was running a call. ${BROKEN}`,
    ],
    ['without a pid', { pid: undefined }, `A worker process exited with code 3 while it was idle. ${BROKEN}`],
    [
      'with a cause and a stderr',
      { cause: CAUSE, stderr: 'last words\n' },
      'Worker process 77 exited with code 3 while it was idle. Cause: TypeError: Odd. ' +
        `${BROKEN}\nThe end of its stderr:\nlast words`,
    ],
    [
      'with a long stderr',
      { stderr: '1\n2\n3\n4\n5\n6\n7\n\n' },
      `Worker process 77 exited with code 3 while it was idle. ${BROKEN}\nThe end of its stderr:\n3\n4\n5\n6\n7`,
    ],
    [
      'that could not be talked to',
      { reason: 'condemned', activity: 'running', cause: CAUSE, stderr: 'x' },
      'Worker process 77 could not be talked to any more while it was running a call, and was killed. ' +
        `Cause: TypeError: Odd. ${BROKEN} ` +
        'A task may have closed or written to a descriptor that is not its own.\nThe end of its stderr:\nx',
    ],
    [
      'that was not ready in time',
      { reason: 'bootTimeout', stderr: 'x' },
      `Worker process 77 was not ready within bootTimeout and was killed. ${BROKEN} ` +
        'Raise bootTimeout if its modules or its initializer need longer.\nThe end of its stderr:\nx',
    ],
    [
      'that never was',
      { reason: 'spawnFailed', cause: CAUSE },
      `No worker process could be started. Cause: TypeError: Odd. ${BROKEN} ` +
        'Look at workerOptions and at the limits of the system.',
    ],
    [
      'that was told to leave',
      { reason: 'terminated', activity: 'running', call: { id: 4, task: 2 } },
      'Worker process 77 was told to leave by terminateWorkers() while it was running call 4 (function 2).',
    ],
    [
      'that was killed',
      { reason: 'killed' },
      'Worker process 77 was killed by killWorkers(), or because this process leaves, while it was idle.',
    ],
    ['by a bug of ours', { reason: 'internal', cause: CAUSE }, `procfutures failed. Cause: TypeError: Odd. ${BROKEN}`],
  ])('%s', (_, facts, message) => {
    const error = errorOf(facts);
    expect(error.message).toBe(message);
    const { pid, exitCode, signal, activity, stderr } = { ...LOSS, ...facts };
    expect(error).toMatchObject({ pid, exitCode, signal, activity, stderr });
  });

  it('has a cause where one is known, undefined included, and none otherwise', () => {
    expect(errorOf({ cause: CAUSE }).cause).toBe(CAUSE.error);
    expect('cause' in errorOf({ cause: { error: undefined } })).toBe(true);
    expect('cause' in errorOf({})).toBe(false);
  });
});

describe('an error of the library', () => {
  const worker = { pid: 1, exitCode: 2, signal: 'SIGHUP', activity: 'running', stderr: 'e' } as const;
  const cause = new Error('cause');
  it.each<[Error & { readonly code: string }, string, string, readonly (new (...args: never) => Error)[]]>([
    [new errors.CancelledError(), 'CancelledError', 'CANCELLED', []],
    [new errors.TimeoutError('m'), 'TimeoutError', 'TIMEOUT', []],
    [new errors.InvalidStateError('m'), 'InvalidStateError', 'INVALID_STATE', []],
    [new errors.ExecutorShutdownError('m'), 'ExecutorShutdownError', 'EXECUTOR_SHUTDOWN', []],
    [new errors.BrokenExecutor('m'), 'BrokenExecutor', 'BROKEN_EXECUTOR', []],
    [
      new errors.BrokenProcessPool('m', worker, { cause }),
      'BrokenProcessPool',
      'BROKEN_PROCESS_POOL',
      [errors.BrokenExecutor],
    ],
    [new errors.SerializationError('m', 'result', 'result.a', { cause }), 'SerializationError', 'SERIALIZATION', []],
    [new errors.TaskNotFoundError('m', { cause }), 'TaskNotFoundError', 'TASK_NOT_FOUND', []],
  ])('has its name and its code: %s', (error, name, code, bases) => {
    expect(error.name).toBe(name);
    expect(error.code).toBe(`ERR_PROCFUTURES_${code}`);
    for (const base of [Error, ...bases]) expect(error).toBeInstanceOf(base);
    expect(String(error)).toBe(
      name === 'CancelledError' ? `${name}: The future was cancelled before its call started.` : `${name}: m`,
    );
  });

  it('keeps what it was given', () => {
    expect(new errors.BrokenProcessPool('m', worker, { cause })).toMatchObject({ ...worker, cause });
    expect(new errors.SerializationError('m', 'result', 'result.a', { cause })).toMatchObject({
      side: 'result',
      path: 'result.a',
      cause,
    });
    expect(new errors.CancelledError('mine').message).toBe('mine');
  });
});
