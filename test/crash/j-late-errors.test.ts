import { describe, expect, it } from 'vitest';
import { until } from '../helpers/gate.ts';
import { expectAllBroken, expectBrokenPool, expectDeath, makeStage, processState, withPool } from './support.ts';
import { tasks } from './tasks.ts';

const quiet = { stdio: ['ignore', 'ignore', 'ignore'] } as const;

describe('(j) what a task leaves behind', () => {
  it.each([
    ['throwLater', 'thrown after its task had returned'],
    ['rejectLater', 'rejected after its task had returned'],
  ] as const)('(j) %s: the call that runs by then fails with that very error as the cause', (task, message) =>
    withPool({ maxWorkers: 1, workerOptions: quiet }, async (pool, stage) => {
      const elsewhere = makeStage();
      expect(await pool.submit(tasks[task], stage.path)).toBe('returned');
      const innocent = pool.submit(tasks.hold, elsewhere.path, 'innocent');
      const queued = pool.submit(tasks.double, 1);
      const pid = await elsewhere.mark('innocent');
      stage.open();
      for (const { cause } of await expectAllBroken([innocent, queued], { pid, activity: 'running' })) {
        expect(cause).toBeInstanceOf(RangeError);
        expect(cause).toMatchObject({ message });
      }
      await expectBrokenPool(pool, { spawnedAtMost: 1, pids: [pid] }, () => pool.submit(tasks.pid));
    }),
  );

  it.each(['throwLater', 'rejectLater'] as const)('(j) %s in an idle worker breaks the pool, with the cause', (task) =>
    withPool({ maxWorkers: 1, workerOptions: quiet }, async (pool, stage) => {
      const pid = await pool.submit(tasks.pid);
      await pool.submit(tasks[task], stage.path);
      await until(() => pool.stats().workers.idle === 1, 'the worker to be idle');
      stage.open();
      await until(() => pool.state !== 'running', 'the pool to notice');
      let refused: unknown;
      try {
        pool.submit(tasks.pid);
      } catch (error) {
        refused = error;
      }
      expect(expectDeath(refused, { pid, activity: 'idle' }).cause).toBeInstanceOf(RangeError);
    }),
  );

  it('(j) an open handle of a task does no harm: the worker goes on and leaves at shutdown', () =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      const pid = await pool.submit(tasks.leaveHandleOpen);
      expect(await pool.submit(tasks.double, 1)).toBe(2);
      await pool.shutdown();
      expect(processState(pid)).toBeNull();
    }));

  it('(j) an open handle of a task does not keep a worker that maxTasksPerChild retires', () =>
    withPool({ maxWorkers: 1, maxTasksPerChild: 1 }, async (pool) => {
      const first = await pool.submit(tasks.leaveHandleOpen);
      expect(await pool.submit(tasks.pid)).not.toBe(first);
      await until(() => processState(first) === null, `the retired process ${first} to end`);
    }));
});
