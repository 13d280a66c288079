import { BrokenProcessPool, type ProcessPoolExecutor } from 'procfutures';
import { describe, expect, it } from 'vitest';
import { until } from '../helpers/gate.ts';
import { runProgram } from './programs.ts';
import { expectAllBroken, expectBrokenPool, expectDeath, withPool } from './support.ts';
import { tasks } from './tasks.ts';

function refusal(pool: ProcessPoolExecutor): unknown {
  try {
    pool.submit(tasks.pid);
  } catch (error) {
    return error;
  }
  throw new Error('submit was accepted by a pool whose worker had died: it must throw BrokenProcessPool');
}

describe('(c) an idle worker is killed', () => {
  it('(c) a worker killed while idle breaks the pool: the next submit throws and says that it was idle', () =>
    withPool({ maxWorkers: 2 }, async (pool) => {
      const pid = await pool.submit(tasks.pid);
      await until(() => pool.stats().workers.idle === 1, 'the worker to be idle');
      process.kill(pid, 'SIGKILL');
      await until(() => pool.state !== 'running', 'the pool to notice');
      expectDeath(refusal(pool), { pid, signal: 'SIGKILL', exitCode: null, activity: 'idle' });
      expect(refusal(pool), 'each refusal is its own error').not.toBe(refusal(pool));
      await expectBrokenPool(pool, { spawnedAtMost: 1, pids: [pid] }, () => pool.submit(tasks.pid));
    }));

  it('(c) a program without any listener survives the death of its idle worker and ends with code 0', async () => {
    const program = await runProgram('crash-program-idle.js');
    expect(program).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(program.lines).toEqual([
      { name: 'BrokenProcessPool', signal: 'SIGKILL', activity: 'idle', state: expect.stringMatching(/broken|joined/) },
    ]);
  });

  it('(c2) an idle worker killed and three calls submitted in the same tick: all three fail and none of them ran', () =>
    withPool({ maxWorkers: 1 }, async (pool, stage) => {
      const pid = await pool.submit(tasks.pid);
      await until(() => pool.stats().workers.idle === 1, 'the worker to be idle');
      process.kill(pid, 'SIGKILL');
      const futures = [0, 1, 2].map((index) => pool.submit(tasks.hold, stage.path, `task-${index}`));
      await expectAllBroken(futures, { pid, signal: 'SIGKILL', exitCode: null });
      for (let index = 0; index < 3; index++) expect(stage.has(`task-${index}`), `task ${index} never ran`).toBe(false);
      await expectBrokenPool(pool, { spawnedAtMost: 1, pids: [pid] }, () => pool.submit(tasks.pid));
    }));

  it('(c2) the same with two idle workers killed and a large argument on its way: no EPIPE reaches the program', () =>
    withPool({ maxWorkers: 2 }, async (pool, stage) => {
      const both = ['one', 'two'].map((name) => pool.submit(tasks.hold, stage.path, name));
      const pids = [await stage.mark('one'), await stage.mark('two')];
      stage.open();
      await Promise.all(both);
      for (const pid of pids) process.kill(pid, 'SIGKILL');
      const futures = [0, 1, 2].map(() => pool.submit(tasks.sizeOf, Buffer.alloc(8 * 2 ** 20)));
      await expectAllBroken(futures, { pid: pids, signal: 'SIGKILL', exitCode: null });
      expect(() => pool.submit(tasks.pid)).toThrow(BrokenProcessPool);
    }));
});
