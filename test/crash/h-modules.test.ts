import { pathToFileURL } from 'node:url';
import { SerializationError, TaskNotFoundError, tasksFrom } from 'procfutures';
import { describe, expect, it } from 'vitest';
import { expectAllBroken, expectBrokenPool, processState, type Stage, withPool } from './support.ts';
import { tasks, wrongTasks } from './tasks.ts';

const moduleTasks = (path: string) => tasksFrom<{ task(): string }>(pathToFileURL(path));
const badModule = (stage: Stage, source: string) => moduleTasks(stage.write('bad.mjs', source));

describe('(h) a module that cannot be loaded', () => {
  it.each([
    ['throws at import', 'throw new RangeError("boom at import"); export {}', RangeError, /boom at import/],
    ['has a syntax error', 'export function task( {', SyntaxError, /./],
    ['rejects at top level', 'await Promise.reject(new TypeError("late boom"));', TypeError, /late boom/],
    ['imports what is missing', 'import "./nowhere.mjs"; export const task = () => 1', Error, /nowhere\.mjs/],
  ])('(h) one worker, three calls, a module that %s: all three say why, the worker is kept', (_, source, Cause, text) =>
    withPool({ maxWorkers: 1 }, async (pool, stage) => {
      const { task } = badModule(stage, source);
      const pid = await pool.submit(tasks.pid);
      const futures = [1, 2, 3].map(() => pool.submit(task));
      const errors = await Promise.all(futures.map((future) => future.exception()));
      expect(new Set(errors).size, 'each future has its own error').toBe(3);
      for (const error of errors) {
        expect(error).toBeInstanceOf(TaskNotFoundError);
        const { message, cause } = error as TaskNotFoundError;
        expect(message, 'the text names the module').toContain('bad.mjs');
        expect(cause).toBeInstanceOf(Cause);
        expect((cause as Error).message).toMatch(text);
      }
      expect(await pool.submit(tasks.pid), 'the worker was kept').toBe(pid);
      expect(pool.state).toBe('running');
      expect(pool.stats().spawned, 'no respawn').toBe(1);
    }),
  );

  it('(h) a module that is missing: the real reason is the cause', () =>
    withPool({ maxWorkers: 1 }, async (pool, stage) => {
      const { task } = moduleTasks(`${stage.path}/missing.mjs`);
      const errors = await Promise.all([1, 2, 3].map(() => pool.submit(task).exception()));
      for (const error of errors) {
        expect(error).toBeInstanceOf(TaskNotFoundError);
        expect((error as Error).message).toContain('missing.mjs');
        expect((error as Error).cause).toMatchObject({ code: 'ERR_MODULE_NOT_FOUND' });
      }
      expect(await pool.submit(tasks.double, 2)).toBe(4);
      expect(pool.stats().spawned).toBe(1);
    }));

  it('(h) a module that exits while it loads breaks the pool and is not tried again', () =>
    withPool({ maxWorkers: 1 }, async (pool, stage) => {
      const { task } = badModule(stage, 'process.exit(5)');
      const futures = [1, 2, 3].map(() => pool.submit(task));
      await expectAllBroken(futures, { exitCode: 5, signal: null, activity: 'running' });
      await expectBrokenPool(pool, { spawnedAtMost: 1, pids: [] }, () => pool.submit(tasks.pid));
    }));

  it('(h) shutdown after failed loads resolves', () =>
    withPool({ maxWorkers: 2 }, async (pool, stage) => {
      const { task } = badModule(stage, 'throw new Error("boom")');
      const futures = Array.from({ length: 6 }, () => pool.submit(task));
      await pool.shutdown();
      expect(futures.map((future) => future.exceptionNow())).toEqual(Array(6).fill(expect.any(TaskNotFoundError)));
      expect(pool.stats().spawned).toBeLessThanOrEqual(2);
    }));
});

describe('(unknown) a function that is not there', () => {
  it.each(['doesNotExist', 'notAFunction'] as const)(
    '(unknown) the export %s fails that one future and is named',
    (name) =>
      withPool({ maxWorkers: 1 }, async (pool) => {
        const future = pool.submit(wrongTasks[name]);
        const next = pool.submit(tasks.double, 1);
        const error = (await future.exception()) as TaskNotFoundError;
        expect(error).toBeInstanceOf(TaskNotFoundError);
        expect(error.code).toBe('ERR_PROCFUTURES_TASK_NOT_FOUND');
        expect(error.message).toContain(name);
        expect(error.message).toContain('crash-tasks.js');
        expect(await next).toBe(2);
        expect(pool.state).toBe('running');
      }),
  );

  it.each(['toString', 'constructor', '__proto__', 'default', 'then'])(
    '(unknown) an inherited or special name (%s) is no export either',
    (name) =>
      withPool({ maxWorkers: 1 }, async (pool) => {
        const references = wrongTasks as unknown as Record<string, typeof wrongTasks.doesNotExist | undefined>;
        const task = Object.hasOwn(references, name) || name === 'default' ? references[name] : references[name];
        let refused: unknown;
        try {
          refused = await pool.submit(task!).exception();
        } catch (error) {
          refused = error; // a name that gives no task at all is refused by submit
        }
        if (!(refused instanceof TaskNotFoundError)) expect(refused).toBeInstanceOf(TypeError);
        expect(await pool.submit(tasks.double, 1)).toBe(2);
      }),
  );
});

describe('(+) an initializer that fails', () => {
  it('(+) one that throws breaks the pool, with its own error as the cause', () =>
    withPool({ maxWorkers: 2, initializer: tasks.initThrows }, async (pool) => {
      const futures = [1, 2, 3].map((n) => pool.submit(tasks.double, n));
      const errors = await expectAllBroken(futures, { activity: 'starting' });
      for (const { cause } of errors) {
        expect(cause).toBeInstanceOf(RangeError);
        expect(cause).toMatchObject({ message: 'no licence', code: 'E_LICENCE' });
      }
      await expectBrokenPool(pool, { spawnedAtMost: 2, pids: [] }, () => pool.submit(tasks.pid));
    }));

  it('(+) one that hangs breaks the pool when bootTimeout expires, and the text says so', () =>
    withPool({ maxWorkers: 1, initializer: tasks.initHangs, bootTimeout: 1_000, killGrace: 100 }, async (pool) => {
      const futures = [1, 2].map((n) => pool.submit(tasks.double, n));
      const errors = await expectAllBroken(futures, { activity: 'starting' });
      for (const { message } of errors) expect(message).toMatch(/bootTimeout|1[_, ]?000 ?ms/);
      await expectBrokenPool(pool, { spawnedAtMost: 1, pids: [] }, () => pool.submit(tasks.pid));
    }));

  it.each([0, 7])('(+) one that exits with code %i breaks the pool', (code) =>
    withPool({ maxWorkers: 2, initializer: tasks.exit, initArgs: [code] }, async (pool) => {
      const futures = [1, 2, 3].map((n) => pool.submit(tasks.double, n));
      await expectAllBroken(futures, { exitCode: code, signal: null, activity: 'starting' });
      await expectBrokenPool(pool, { spawnedAtMost: 2, pids: [] }, () => pool.submit(tasks.pid));
    }),
  );

  it('(+) one whose export does not exist breaks the pool, with the reason as the cause', () =>
    withPool({ maxWorkers: 1, initializer: wrongTasks.doesNotExist }, async (pool) => {
      const errors = await expectAllBroken([pool.submit(tasks.pid)], { activity: 'starting' });
      expect(errors[0]?.cause).toBeInstanceOf(TaskNotFoundError);
    }));

  it('(+) one whose arguments cannot be copied breaks the pool, with the reason as the cause', () =>
    withPool({ maxWorkers: 1, initializer: tasks.echo, initArgs: [() => {}] }, async (pool) => {
      const futures = [pool.submit(tasks.pid), pool.submit(tasks.pid)];
      const errors = await expectAllBroken(futures, { activity: 'starting' });
      for (const { cause } of errors) {
        expect(cause).toBeInstanceOf(SerializationError);
        expect(cause).toMatchObject({ side: 'argument' });
      }
      await expectBrokenPool(pool, { spawnedAtMost: 1, pids: [] }, () => pool.submit(tasks.pid));
    }));

  it('(+) a worker killed in its initializer breaks the pool, and the text says that it was starting', () =>
    withPool(
      (stage) => ({ maxWorkers: 1, initializer: tasks.hold, initArgs: [stage.path, 'initializing'] }),
      async (pool, stage) => {
        const futures = [1, 2, 3].map((n) => pool.submit(tasks.double, n));
        const pid = await stage.mark('initializing');
        expect(futures.map((future) => future.state)).toEqual(['PENDING', 'PENDING', 'PENDING']);
        process.kill(pid, 'SIGKILL');
        await expectAllBroken(futures, { pid, signal: 'SIGKILL', exitCode: null, activity: 'starting' });
        await expectBrokenPool(pool, { spawnedAtMost: 1, pids: [pid] }, () => pool.submit(tasks.pid));
      },
    ));

  it('(+) calls that wait for an initializer can still be cancelled, and shutdown cancels them', () =>
    withPool(
      (stage) => ({ maxWorkers: 1, initializer: tasks.hold, initArgs: [stage.path, 'initializing'] }),
      async (pool, stage) => {
        const futures = [1, 2, 3].map((n) => pool.submit(tasks.double, n));
        const pid = await stage.mark('initializing');
        expect(futures[0]?.cancel()).toBe(true);
        const closing = pool.shutdown({ cancelFutures: true });
        expect(futures.map((future) => future.state)).toEqual(Array(3).fill('CANCELLED_AND_NOTIFIED'));
        stage.open();
        await closing;
        expect(processState(pid)).toBeNull();
      },
    ));
});
