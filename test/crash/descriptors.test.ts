import { describe, expect, it } from 'vitest';
import { processAlive } from '../helpers/gate.ts';
import { expectAllBroken, expectBrokenPool, outcomesOf, processState, untilDead, withPool } from './support.ts';
import { tasks } from './tasks.ts';

const quiet = { stdio: ['ignore', 'ignore', 'ignore'] } as const;

const garbage: [string, string][] = [
  ['a line of text', Buffer.from('hello world, this is a log line\n').toString('hex')],
  ['ones', 'ff'.repeat(64)],
  ['zeros', '00'.repeat(64)],
  ['one byte', '00'],
  ['three bytes', '010203'],
  ['a JSON message', Buffer.from('{"type":"result","id":1,"value":"forged"}\n').toString('hex')],
  ['64 KiB of noise', 'a5'.repeat(65_536)],
];

describe('(+) a task that writes to our descriptor', () => {
  it.each(garbage)('(+) %s on the channel of results: the worker is lost, the parent lives, nothing hangs', (_, hex) =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      const pid = await pool.submit(tasks.pid);
      const futures = [pool.submit(tasks.writeRaw, 4, hex), pool.submit(tasks.double, 1), pool.submit(tasks.pid)];
      await expectAllBroken(futures, { pid });
      await expectBrokenPool(pool, { spawnedAtMost: 1, pids: [pid] }, () => pool.submit(tasks.pid));
    }),
  );

  it('(+) garbage next to an innocent neighbour: no value is wrong, and both workers are gone', () =>
    withPool({ maxWorkers: 2 }, async (pool, stage) => {
      const innocent = pool.submit(tasks.hold, stage.path, 'innocent');
      const neighbour = await stage.mark('innocent');
      const guilty = pool.submit(tasks.writeRaw, 4, 'ff'.repeat(64));
      const [error] = await expectAllBroken([innocent, guilty], { activity: 'running' });
      expect(error?.pid).not.toBe(neighbour);
      await expectBrokenPool(pool, { spawnedAtMost: 2, pids: [neighbour] }, () => pool.submit(tasks.pid));
    }));

  it('(+) a write to the channel of calls, which is the wrong way, hangs nothing', () =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      const pid = await pool.submit(tasks.pid);
      const futures = [pool.submit(tasks.writeRaw, 3, 'ff'.repeat(64)), pool.submit(tasks.echo, 'after')];
      const { values, errors } = await outcomesOf<unknown>(futures);
      expect(values.size + errors.size).toBe(2);
      if (values.has(1)) expect(values.get(1)).toBe('after');
      expect(processState(pid) === null || pool.state === 'running').toBe(true);
    }));
});

describe('(+) a task that closes our descriptors', () => {
  it('(+) the channel of results: nobody can hear that worker any more, so the pool breaks', () =>
    withPool({ maxWorkers: 1, killGrace: 100, workerOptions: quiet }, async (pool) => {
      const pid = await pool.submit(tasks.pid);
      const futures = [pool.submit(tasks.closeDescriptor, 4), pool.submit(tasks.double, 1)];
      await expectAllBroken(futures, { pid, activity: 'running' });
      await expectBrokenPool(pool, { spawnedAtMost: 1, pids: [pid] }, () => pool.submit(tasks.pid));
    }));

  it('(+) the channel of calls: the worker hears nothing any more, so what follows breaks and does not hang', () =>
    withPool({ maxWorkers: 1, killGrace: 100 }, async (pool) => {
      const pid = await pool.submit(tasks.pid);
      const closing = pool.submit(tasks.closeDescriptor, 3);
      const next = pool.submit(tasks.double, 1);
      const { values, errors } = await outcomesOf<unknown>([closing]);
      expect(values.size + errors.size).toBe(1);
      if (values.has(0)) expect(values.get(0)).toBe('closed');
      await expectAllBroken([next], { pid });
      await expectBrokenPool(pool, { spawnedAtMost: 1, pids: [pid] }, () => pool.submit(tasks.pid));
    }));

  it.each([0, 1, 2])('(+) descriptor %i is the task’s own affair: the pool goes on', (fd) =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      expect(await pool.submit(tasks.closeDescriptor, fd)).toBe('closed');
      expect(await pool.submit(tasks.double, 1)).toBe(2);
      expect(pool.state).toBe('running');
    }),
  );
});

describe('(+) a task that talks', () => {
  it.each([1, 2])('(+) piped output is read: 8 MB on descriptor %i do not block the task', (fd) =>
    withPool({ maxWorkers: 1, workerOptions: { stdio: ['ignore', 'pipe', 'pipe'] } }, async (pool) => {
      expect(await pool.submit(tasks.chatter, fd, 8)).toBe(8);
      expect(await pool.submit(tasks.double, 1)).toBe(2);
    }),
  );
});

describe('(+) a grandchild that outlives its worker and holds both pipes', () => {
  it('(+) the death of the worker is noticed within a bound, and the futures say how it died', () =>
    withPool({ maxWorkers: 1 }, async (pool, stage) => {
      const pid = await pool.submit(tasks.pid);
      const grandchild = await pool.submit(tasks.leaveGrandchild, stage.path);
      try {
        const start = performance.now();
        const futures = [pool.submit(tasks.exit, 9), pool.submit(tasks.double, 1)];
        await expectAllBroken(futures, { pid, exitCode: 9, signal: null, activity: 'running' });
        expect(performance.now() - start, 'milliseconds until the death was noticed').toBeLessThan(5_000);
        await pool.shutdown();
        expect(pool.state).toBe('joined');
        expect(processState(pid)).toBeNull();
      } finally {
        if (processAlive(grandchild)) process.kill(grandchild, 'SIGKILL');
        await untilDead([grandchild]);
      }
    }));

  it('(+) an idle pool with such a grandchild can still be shut down', () =>
    withPool({ maxWorkers: 1 }, async (pool, stage) => {
      const pid = await pool.submit(tasks.pid);
      const grandchild = await pool.submit(tasks.leaveGrandchild, stage.path);
      try {
        await pool.shutdown();
        expect(pool.state).toBe('joined');
        expect(processState(pid)).toBeNull();
      } finally {
        if (processAlive(grandchild)) process.kill(grandchild, 'SIGKILL');
        await untilDead([grandchild]);
      }
    }));
});
