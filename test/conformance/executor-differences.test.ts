/**
 * Where this executor differs from CPython 3.16 on purpose. The other files of this folder hold those differences that
 * change one of CPython's own tests (look for 'differs from CPython'); here are the ones that CPython has no test for.
 */
import {
  ALL_COMPLETED,
  asCompleted,
  BrokenProcessPool,
  ExecutorShutdownError,
  FIRST_COMPLETED,
  SerializationError,
  TaskNotFoundError,
  tasksFrom,
  wait,
} from 'procfutures';
import { expect, it } from 'vitest';
import { makeGate, scratch, soon } from '../helpers/gate.ts';
import { fixture } from '../helpers/pool.ts';
import { failureOf, gateTasks, tasks, withPool } from './executor-support.ts';

// There, sys.exit(0) in a task is an exception like any other and the pool lives on. process.exit() cannot be caught in
// JavaScript: the process is gone, and with it the promise that every accepted call runs.
it('differs from CPython: process.exit(0) in a task breaks the pool', async () => {
  await withPool({ maxWorkers: 1 }, async (pool) => {
    const [exiting, queued] = [pool.submit(tasks.exit, 0), pool.submit(tasks.pid)];
    const error = await failureOf(exiting);
    expect(error).toBeInstanceOf(BrokenProcessPool);
    expect(error).toMatchObject({ exitCode: 0, signal: null, activity: 'running' });
    expect(await failureOf(queued)).toBeInstanceOf(BrokenProcessPool);
    expect(() => pool.submit(tasks.pid)).toThrow(BrokenProcessPool);
    await pool.shutdown();
  });
});

// There, the initializer's exception is logged in the worker and never reaches the parent (O19).
it('differs from CPython: the error of the initializer reaches every future as its cause', async () => {
  await withPool({ maxWorkers: 1, initializer: tasks.throwFromInitializer }, async (pool) => {
    const futures = [1, 2, 3].map(() => pool.submit(tasks.pid));
    for (const future of futures) {
      const error = (await failureOf(future)) as BrokenProcessPool;
      expect(error).toBeInstanceOf(BrokenProcessPool);
      expect(error.cause).toMatchObject({ name: 'RangeError', message: 'the database is closed', code: 'E_DATABASE' });
    }
    await pool.shutdown();
  });
});

// There, a future that was cancelled counts as done for `wait` only once the executor has come across it (gh-92001).
it('differs from CPython: a cancelled future counts as done for wait and asCompleted at once', async () => {
  const gate = makeGate();
  await withPool({ maxWorkers: 1, prefetchHorizon: 0 }, async (pool) => {
    const running = pool.submit(gateTasks.holdUntil, gate.path);
    const queued = pool.submit(tasks.pid);
    await gate.reached();
    const waiting = wait([running, queued], { returnWhen: FIRST_COMPLETED });
    expect(queued.cancel()).toBe(true);
    expect(queued.state).toBe('CANCELLED_AND_NOTIFIED');
    const { done, notDone } = await soon(waiting, 'a wait for the first of a running and a cancelled future');
    expect([[...done], [...notDone]]).toEqual([[queued], [running]]);
    expect((await soon(asCompleted([running, queued]).next(), 'asCompleted')).value).toBe(queued);
    gate.open();
    const all = await soon(wait([running, queued], { returnWhen: ALL_COMPLETED }), 'wait for both');
    expect(all.done.size).toBe(2);
    await pool.shutdown();
  });
});

// There, a result that cannot be decoded in the parent breaks the whole pool, since the number of its call is inside of
// what cannot be read (gh-80041). The worker of this test has a larger stack than the parent, so it can write what the
// parent cannot read.
it('differs from CPython: a result that the parent cannot decode fails its own future only', async () => {
  await withPool({ maxWorkers: 1, workerOptions: { execArgv: ['--stack-size=3900'] } }, async (pool) => {
    const before = pool.submit(tasks.pow, 2, 8);
    const undecodable = pool.submit(tasks.nested, 6_000);
    const after = pool.submit(tasks.pow, 2, 9);
    const error = await failureOf(undecodable);
    expect(error).toBeInstanceOf(SerializationError);
    expect(error).toMatchObject({ side: 'result' });
    expect(await soon(Promise.all([before, after]), 'the neighbours')).toEqual([256, 512]);
    expect(pool.stats()).toMatchObject({ spawned: 1, lost: 0 });
    expect(pool.state).toBe('running');
    await pool.shutdown();
  });
});

// There, a call that the worker cannot decode (a function that it cannot import) is the worker's death and breaks the pool.
it('differs from CPython: a task that the worker cannot find or load fails its own future only', async () => {
  const missing = tasksFrom<{ run(): void }>(fixture('conformance-a-no-such-module.js'));
  await withPool({ maxWorkers: 1 }, async (pool) => {
    // @ts-expect-error the module exports it, but it is a number
    const noFunction = await failureOf(pool.submit(tasks.notAFunction));
    expect(noFunction).toBeInstanceOf(TaskNotFoundError);
    expect((noFunction as Error).message).toContain('notAFunction');
    expect((noFunction as Error).message).toContain('conformance-a-tasks.js');
    const noModule = await failureOf(pool.submit(missing.run));
    expect(noModule).toBeInstanceOf(TaskNotFoundError);
    expect((noModule as TaskNotFoundError).cause).toMatchObject({ code: 'ERR_MODULE_NOT_FOUND' });
    expect(await soon(pool.submit(tasks.pow, 2, 8), 'the next call')).toBe(256);
    expect(pool.stats()).toMatchObject({ spawned: 1, lost: 0 });
    await pool.shutdown();
  });
});

// There, up to N + 1 calls wait in the call queue and can no longer be cancelled, however long they take (O28). Here calls
// are sent ahead only within a horizon of time, so that short ones keep a worker busy and long ones stay cancellable.
it('differs from CPython: calls sent ahead of time never make a long call uncancellable', async () => {
  const held = makeGate();
  const never = makeGate(scratch(), 'never');
  await withPool({ maxWorkers: 1, prefetchHorizon: 1 }, async (pool) => {
    // The pool learns that `pow` is short, and that holding takes as long as somebody else wishes.
    await soon(Promise.all(Array.from({ length: 50 }, () => pool.submit(tasks.pow, 2, 8))), 'the short calls');
    const long = pool.submit(gateTasks.holdUntil, held.path);
    await held.reached();
    const queued = Array.from({ length: 5 }, () => pool.submit(gateTasks.holdUntil, never.path));
    const short = pool.submit(tasks.pow, 2, 9);
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    expect(queued.map((future) => future.cancel())).toEqual(Array(5).fill(true));
    held.open();
    await soon(long, 'the long call');
    expect(await soon(short, 'the short call behind it')).toBe(512);
    await soon(pool.shutdown(), 'shutdown');
    expect(never.pids()).toEqual([]);
  });
});

// There, buffersize counts chunks, so that `chunksize * buffersize` items are taken ahead.
it('differs from CPython: buffersize counts items, also in chunks', async () => {
  await withPool({ maxWorkers: 1 }, async (pool) => {
    let taken = 0;
    function* input() {
      for (;;) yield taken++;
    }
    const results = pool.map(tasks.makeObject, input(), { chunksize: 4, buffersize: 8 });
    expect(taken, 'two chunks of four items are eight items').toBe(8);
    for (let read = 1; read <= 6; read++) {
      expect((await soon(results.next(), 'a result')).value).toMatchObject({ index: read - 1 });
      expect(taken, `items taken after ${read} results`).toBeLessThanOrEqual(read + 8);
    }
    await results.return();
    await pool.shutdown();
  });
});

// There, it is a plain RuntimeError that only its text tells apart (gh-152915).
it('differs from CPython: submit and map after shutdown throw an error class of their own, with a code', async () => {
  await withPool({ maxWorkers: 1 }, async (pool) => {
    await pool.shutdown();
    for (const call of [() => pool.submit(tasks.pid), () => pool.map(tasks.makeObject, [1])]) {
      expect(call).toThrow(ExecutorShutdownError);
      expect(call).toThrow(expect.objectContaining({ code: 'ERR_PROCFUTURES_EXECUTOR_SHUTDOWN' }));
    }
    expect(pool.stats().spawned).toBe(0);
  });
});

// There, the future of a failed call gives the exception object; in JavaScript anything can be thrown, and all of it arrives.
it('differs from CPython: whatever a task throws arrives as an equal value', async () => {
  await withPool({ maxWorkers: 1 }, async (pool) => {
    for (const thrown of ['text', 7, { code: 1, nested: [new Map([[1, 2]])] }, new Date(0), 10n]) {
      const future = pool.submit(tasks.throwValue, thrown);
      expect(await failureOf(future)).toEqual(thrown);
      expect(await future.exception()).toEqual(thrown);
    }
    await pool.shutdown();
  });
});
