/**
 * CPython's test_deadlock.py: errors, exits and crashes at every stage of a call, on real processes. Nothing may hang.
 *
 * Read against: CPython main as of 2026-08 (`Lib/test/test_concurrent_futures/test_deadlock.py`), ExecutorDeadlockTest,
 * 16 tests, and the two that its helper classes prepare and that it does not have: exit and crash at task pickle.
 *
 * Stages, there and here. *Task pickle* is the serializer reading the arguments: a getter runs in the parent. *Task
 * unpickle* finds the function: the task's module is loaded in the worker. *Result pickle*: a getter runs in the
 * worker. *Result unpickle* runs no code of a user with v8's format, but for the class of an error, which the parent
 * may know.
 */
import { BrokenProcessPool, type Future, SerializationError, TaskNotFoundError, tasksFrom } from 'procfutures';
import { expect, it } from 'vitest';
import { type GateTasks, makeGate, processGone, runScript, soon, until } from '../helpers/gate.ts';
import { fixture, newPool } from '../helpers/pool.ts';

const { touch } = tasksFrom<GateTasks>(fixture('conformance-a-gate.js'));
const tasks = tasksFrom<{
  babble(): Promise<never>;
  crash(): never;
  crashWith(data: string): never;
  crashWhenOpen(path: string): Promise<never>;
  exit(code: number): never;
  fail(message: string): never;
  identity(value: unknown): unknown;
  resultThatCrashes(): unknown;
  resultThatExits(code: number): unknown;
  resultThatThrows(message: string): unknown;
  returnErrorAtUnpickle(message: string): Error;
  throwErrorAtUnpickle(message: string): never;
}>(fixture('conformance-b-tasks.js'));

type IdentityModule = { identity(value: unknown): unknown };
type Pool = ReturnType<typeof newPool>;

// Workers that are made to die: what Node prints about that is not for the reader of a test run.
const quiet = { stdio: ['ignore', 'ignore', 'ignore'] as ['ignore', 'ignore', 'ignore'] };

/** What the future failed with, within the deadline. */
const failureOf = (future: Future<unknown>): Promise<unknown> => soon(future.exception(), 'the future (a deadlock)');

/** That the pool is broken, refuses work, and can be joined; with no worker left to reap it is joined already. */
async function expectBroken(pool: Pool): Promise<void> {
  expect(['broken', 'joined']).toContain(pool.state);
  expect(() => pool.submit(tasks.identity, 1)).toThrow(BrokenProcessPool);
  await soon(pool.shutdown(), 'shutdown() of a broken pool (a deadlock)');
}

/** That the pool works as if nothing had been, without a worker lost. */
async function expectAlive(pool: Pool): Promise<void> {
  expect(await soon(pool.submit(tasks.identity, 'alive'), 'the next call')).toBe('alive');
  expect(pool.stats()).toMatchObject({ lost: 0 });
  await soon(pool.shutdown(), 'shutdown() (a deadlock)');
}

/** An argument that cannot be sent: the serializer runs its getter, which throws. */
const errorAtPickle = (thrown: unknown) => ({
  get value() {
    throw thrown;
  },
});

// 3.7 (bpo-31699). An argument that cannot be serialized fails its own future, with the reason; nothing hangs. There
// the error itself, here a SerializationError that names the argument and has the error as its cause.
it('test_error_at_task_pickle: an argument that cannot be sent fails its own future', async () => {
  const pool = newPool({ maxWorkers: 2 });
  const reason = new RangeError('error in pickle');
  const thrown = pool.submit(tasks.identity, errorAtPickle(reason));
  const uncloneable = pool.submit(tasks.identity, { callback: () => 1 });
  const good = pool.submit(tasks.identity, 'neighbour');
  expect(await failureOf(thrown)).toBeInstanceOf(SerializationError);
  expect(await failureOf(thrown)).toMatchObject({ side: 'argument' });
  expect((thrown.exceptionNow() as Error).cause).toBe(reason);
  expect(await failureOf(uncloneable)).toBeInstanceOf(SerializationError);
  expect(await failureOf(uncloneable)).toMatchObject({ side: 'argument', path: expect.stringContaining('callback') });
  expect(await good).toBe('neighbour');
  await expectAlive(pool);
});

// 3.3. Code that runs while the call is decoded ends the worker: the pool breaks. Adapted: the task's module calls
// process.exit(3) as it is loaded; the error says so.
it('test_exit_at_task_unpickle: a module that exits while it is loaded breaks the pool', async () => {
  const { identity } = tasksFrom<IdentityModule>(fixture('conformance-b-exit-at-load.js'));
  const pool = newPool({ maxWorkers: 2, workerOptions: quiet });
  const failure = await failureOf(pool.submit(identity, 1));
  expect(failure).toBeInstanceOf(BrokenProcessPool);
  expect(failure).toMatchObject({ exitCode: 3, signal: null, activity: 'running' });
  await expectBroken(pool);
});

// 3.3. There, an error while the call is decoded breaks the pool as well, since it is raised outside of the place where
// errors of tasks are caught. Adapted: the defect of one call is the affair of that call.
it('test_error_at_task_unpickle: a module that throws while it is loaded fails the future that needed it', async () => {
  const { identity } = tasksFrom<IdentityModule>(fixture('conformance-b-error-at-load.js'));
  const pool = newPool({ maxWorkers: 2 });
  const failure = await failureOf(pool.submit(identity, 1));
  expect(failure).toBeInstanceOf(TaskNotFoundError);
  expect(failure).toMatchObject({ cause: expect.any(RangeError) });
  expect(failure).toMatchObject({ cause: { message: 'error at load' } });
  await expectAlive(pool);
});

// 3.3. The same as the exit, with a segmentation fault.
it('test_crash_at_task_unpickle: a module that crashes while it is loaded breaks the pool', async () => {
  const { identity } = tasksFrom<IdentityModule>(fixture('conformance-b-crash-at-load.js'));
  const pool = newPool({ maxWorkers: 2, workerOptions: quiet });
  const failure = await failureOf(pool.submit(identity, 1));
  expect(failure).toBeInstanceOf(BrokenProcessPool);
  expect(failure).toMatchObject({ exitCode: null, signal: 'SIGSEGV', activity: 'running' });
  await expectBroken(pool);
});

// 3.3 (bpo-9205). A worker that crashes in the middle of a call breaks the pool, instead of never being noticed.
it('test_crash_during_func_exec_on_worker: a task that crashes breaks the pool', async () => {
  const pool = newPool({ maxWorkers: 2, workerOptions: quiet });
  const failure = await failureOf(pool.submit(tasks.crash));
  expect(failure).toBeInstanceOf(BrokenProcessPool);
  expect(failure).toMatchObject({ exitCode: null, signal: 'SIGSEGV', activity: 'running' });
  await expectBroken(pool);
});

// 3.2. sys.exit() is an exception there, which the future gets while the worker lives on. Adapted: process.exit() is
// the end of a Node process, and it must not be noticed late or taken for an answer.
it('test_exit_during_func_exec_on_worker: a task that exits breaks the pool, with its exit code', async () => {
  for (const code of [0, 1]) {
    const pool = newPool({ maxWorkers: 2, workerOptions: quiet });
    const failure = await failureOf(pool.submit(tasks.exit, code));
    expect(failure).toBeInstanceOf(BrokenProcessPool);
    expect(failure).toMatchObject({ exitCode: code, signal: null, activity: 'running' });
    await expectBroken(pool);
  }
});

// 3.2. An error that a task throws is the future's, and nobody else's.
it('test_error_during_func_exec_on_worker: a task that throws fails its own future', async () => {
  const pool = newPool({ maxWorkers: 2 });
  const failure = await failureOf(pool.submit(tasks.fail, 'thrown by the task'));
  expect(failure).toBeInstanceOf(RangeError);
  expect(failure).toMatchObject({ message: 'thrown by the task' });
  await expectAlive(pool);
});

// 3.7 (bpo-31699). A crash while the result is serialized: the call had returned, but its result never comes.
it('test_crash_during_result_pickle_on_worker: a result that crashes the serializer breaks the pool', async () => {
  const pool = newPool({ maxWorkers: 2, workerOptions: quiet });
  const failure = await failureOf(pool.submit(tasks.resultThatCrashes));
  expect(failure).toBeInstanceOf(BrokenProcessPool);
  expect(failure).toMatchObject({ exitCode: null, signal: 'SIGSEGV', activity: 'running' });
  await expectBroken(pool);
});

// 3.7 (bpo-31699). An exit at that moment; SystemExit for the future there, the end of the worker here.
it('test_exit_during_result_pickle_on_worker: a result that exits as it is sent breaks the pool', async () => {
  const pool = newPool({ maxWorkers: 2, workerOptions: quiet });
  const failure = await failureOf(pool.submit(tasks.resultThatExits, 4));
  expect(failure).toBeInstanceOf(BrokenProcessPool);
  expect(failure).toMatchObject({ exitCode: 4, signal: null, activity: 'running' });
  await expectBroken(pool);
});

// 3.7 (bpo-31699). A result that cannot be serialized fails its own future; before, the worker died or the result was
// lost.
it('test_error_during_result_pickle_on_worker: a result that cannot be sent fails its own future', async () => {
  const pool = newPool({ maxWorkers: 2 });
  const failure = await failureOf(pool.submit(tasks.resultThatThrows, 'error in pickle'));
  expect(failure).toBeInstanceOf(SerializationError);
  expect(failure).toMatchObject({ side: 'result', path: expect.stringContaining('value') });
  expect(failure).toMatchObject({ cause: { message: 'error in pickle' } });
  await expectAlive(pool);
});

// 3.7. There, an outcome that the parent cannot rebuild breaks the whole pool, since the blob that cannot be read holds
// the name of the call (gh-80041, still open). Adapted: an error of a class that the parent knows but cannot construct,
// or cannot even look up, is an error like others, thrown or returned. Bytes that are no outcome at all break the pool.
it('test_error_during_result_unpickle_in_result_handler: an error of a hostile class is rebuilt', async () => {
  const name = 'ErrorAtUnpickle';
  const unconstructible = class extends Error {
    constructor() {
      super();
      throw new Error('the constructor was called in the parent');
    }
  };
  const unreadable = () => {
    throw new Error('the class was looked up in the parent');
  };
  const pool = newPool({ maxWorkers: 2 });
  for (const hostile of [{ value: unconstructible }, { get: unreadable }]) {
    Object.defineProperty(globalThis, name, { configurable: true, ...hostile });
    try {
      const thrown = await failureOf(pool.submit(tasks.throwErrorAtUnpickle, 'thrown'));
      expect(thrown).toBeInstanceOf(Error);
      expect(thrown).toMatchObject({ name, message: 'thrown' });
      const returned = await soon(pool.submit(tasks.returnErrorAtUnpickle, 'returned'), 'the result');
      expect(returned).toBeInstanceOf(Error);
      expect(returned).toMatchObject({ name, message: 'returned' });
    } finally {
      Reflect.deleteProperty(globalThis, name);
    }
  }
  await expectAlive(pool);

  const babbling = newPool({ maxWorkers: 2, workerOptions: quiet });
  expect(await failureOf(babbling.submit(tasks.babble))).toBeInstanceOf(BrokenProcessPool);
  await expectBroken(babbling);
});

// 3.7. There, an exit while the outcome is decoded breaks the pool. Adapted: a constructor that would end the parent is
// not called. In a program of its own, since a failure ends the program.
it('test_exit_during_result_unpickle_in_result_handler: an error that exits when constructed is rebuilt', async () => {
  const end = await runScript(fixture('conformance-b-deadlock-program.js'), ['exit-at-unpickle']);
  expect(end).toMatchObject({ code: 0, signal: null, stderr: '' });
  expect(end.stdout).toMatch(/^\d+\ntrue ExitAtUnpickle from the worker\nalive\n$/);
});

// 3.3. A worker that crashes after shutdown was called, while its call is being waited for.
it('test_shutdown_deadlock: a crash during shutdown() fails its future, and shutdown() returns', async () => {
  const gate = makeGate();
  const pool = newPool({ maxWorkers: 2, workerOptions: quiet });
  const future = pool.submit(tasks.crashWhenOpen, gate.path);
  await gate.reached();
  const joined = pool.shutdown();
  gate.open();
  const failure = await failureOf(future);
  expect(failure).toBeInstanceOf(BrokenProcessPool);
  expect(failure).toMatchObject({ signal: 'SIGSEGV', pid: gate.pids()[0] });
  await soon(joined, 'shutdown() (a deadlock)');
});

// 3.8.2 (bpo-39104). An argument that cannot be sent is met after shutdown(wait=False): its future fails, and the pool
// ends. There, the channel for telling so had been closed by shutdown.
it('test_shutdown_deadlock_pickle: an argument that cannot be sent after shutdown({ wait: false })', async () => {
  const pool = newPool({ maxWorkers: 2 });
  expect(await pool.submit(tasks.identity, 42)).toBe(42);
  const future = pool.submit(tasks.identity, errorAtPickle(new RangeError('error in pickle')));
  await soon(pool.shutdown({ wait: false }), 'shutdown({ wait: false })');
  expect(await failureOf(future)).toBeInstanceOf(SerializationError);
  await until(() => pool.state === 'joined', 'the pool to be joined (a deadlock)');
});

// 3.12, 3.11.5 (gh-94777). The worker crashes while megabytes are being written to it or wait to be: the writer must
// not wait for a reader that is gone.
it('test_crash_big_data: a crash while big arguments are being written breaks the pool', async () => {
  const pool = newPool({ maxWorkers: 2, workerOptions: quiet });
  // More than a pipe can hold on any system.
  const data = 'a'.repeat(4 * 1024 * 1024 + 1);
  const results = pool.map(tasks.crashWith, Array<string>(10).fill(data));
  const failure = await soon(
    results.collect().then(
      () => 'no error',
      (error: unknown) => error,
    ),
    'the results (a deadlock)',
  );
  expect(failure).toBeInstanceOf(BrokenProcessPool);
  await expectBroken(pool);
});

// 3.13, 3.12.1, 3.11.6 (gh-105829). So many submissions that the channel for waking the manager was full: submit
// blocked, holding the lock that the manager needed to empty it. Adapted: there is no such channel, so a thousand
// submissions come in one turn, before anything can be taken up, and as many out of callbacks, while results come in.
it('test_gh105829_should_not_deadlock_if_wakeup_pipe_full: a flood of submissions is worked off', async () => {
  const count = 1_000;
  const pool = newPool({ maxWorkers: 2 });
  const seconds: Promise<unknown>[] = [];
  const firsts = Array.from({ length: count }, (_, i) => {
    const future = pool.submit(tasks.identity, i);
    future.addDoneCallback(() => seconds.push(pool.submit(tasks.identity, -i).result()));
    return future;
  });
  const results = await soon(Promise.all(firsts), 'the flood (a deadlock)');
  expect(results).toEqual(Array.from({ length: count }, (_, i) => i));
  expect(seconds).toHaveLength(count);
  const sum = (await soon(Promise.all(seconds), 'the second flood (a deadlock)')).reduce(
    (total: number, value) => total + (value as number),
    0,
  );
  expect(sum).toBe((-count * (count - 1)) / 2);
  expect(pool.stats()).toMatchObject({ succeeded: 2 * count, failed: 0, lost: 0 });
  await soon(pool.shutdown(), 'shutdown() (a deadlock)');
});

// Not in CPython's list: there, SystemExit while arguments are serialized ends the feeder thread, and this call and all
// that come after it hang for ever. Here: whatever a getter throws, also what is no Error, fails its own future; and
// one that does exit ends the program with its code, workers included.
it('differs from CPython: exit at task pickle fails that call, or ends the program and its workers', async () => {
  const pool = newPool({ maxWorkers: 1 });
  const gate = makeGate();
  for (const thrown of [undefined, null, 0, '', 'exit', Symbol.for('exit')]) {
    const bad = pool.submit(tasks.identity, errorAtPickle(thrown));
    const next = pool.submit(touch, gate.path, 'next');
    expect(await failureOf(bad)).toBeInstanceOf(SerializationError);
    expect(bad.exceptionNow()).toMatchObject({ side: 'argument', cause: thrown });
    expect(await soon(next, 'the call after it')).toBe('next');
  }
  await expectAlive(pool);

  const end = await runScript(fixture('conformance-b-deadlock-program.js'), ['exit-at-pickle']);
  expect(end).toMatchObject({ code: 5, signal: null, stderr: '' });
  expect(end.stdout).toMatch(/^\d+\n$/);
  await processGone(Number(end.stdout));
});

// Not in CPython's list: a crash of the program itself. Its workers are not told there and stay for ever (gh-111873).
it('differs from CPython: crash at task pickle ends the program, and its workers go with it', async () => {
  const end = await runScript(fixture('conformance-b-deadlock-program.js'), ['crash-at-pickle']);
  expect(end).toMatchObject({ code: null, signal: 'SIGSEGV' });
  expect(end.stdout).toMatch(/^\d+\n$/);
  await processGone(Number(end.stdout));
});

it('every test of CPython is here', ({ task }) => {
  const cpython = [
    'test_error_at_task_pickle',
    'test_exit_at_task_unpickle',
    'test_error_at_task_unpickle',
    'test_crash_at_task_unpickle',
    'test_crash_during_func_exec_on_worker',
    'test_exit_during_func_exec_on_worker',
    'test_error_during_func_exec_on_worker',
    'test_crash_during_result_pickle_on_worker',
    'test_exit_during_result_pickle_on_worker',
    'test_error_during_result_pickle_on_worker',
    'test_error_during_result_unpickle_in_result_handler',
    'test_exit_during_result_unpickle_in_result_handler',
    'test_shutdown_deadlock',
    'test_shutdown_deadlock_pickle',
    'test_crash_big_data',
    'test_gh105829_should_not_deadlock_if_wakeup_pipe_full',
  ];
  expect(cpython).toHaveLength(16);
  const mirrored = task.file.tasks.map(({ name }) => name.split(':')[0]!).filter((name) => name.startsWith('test_'));
  expect([...mirrored].sort()).toEqual([...cpython].sort());
});
