import { describe, expect, it } from 'vitest';
import { runProgram } from './programs.ts';
import { expectAllBroken, expectBrokenPool, type Stage, withPool } from './support.ts';
import { tasks } from './tasks.ts';

describe('(s) a process that cannot be spawned', () => {
  it.each<[string, (stage: Stage) => string, string]>([
    ['does not exist', (stage) => `${stage.path}/no-such-node`, 'ENOENT'],
    ['is a directory', (stage) => stage.path, 'EACCES'],
    ['is not executable', (stage) => stage.write('node', '#!/bin/sh\n'), 'EACCES'],
  ])('(s) an execPath that %s: every future fails with the error of the system as the cause', (_, execPath, code) =>
    withPool(
      (stage) => ({ maxWorkers: 1, workerOptions: { execPath: execPath(stage) } }),
      async (pool) => {
        const futures = [1, 2, 3].map((n) => pool.submit(tasks.double, n));
        const errors = await expectAllBroken(futures, { activity: 'starting', signal: null });
        for (const { cause, message } of errors) {
          expect(cause).toBeInstanceOf(Error);
          expect(cause).toMatchObject({ code });
          expect(message, 'the text says what the system said').toContain(code);
        }
        await expectBrokenPool(pool, { spawnedAtMost: 1, pids: [] }, () => pool.submit(tasks.pid));
      },
    ),
  );

  it('(s) a working directory that does not exist is such an error too', () =>
    withPool(
      (stage) => ({ maxWorkers: 1, workerOptions: { cwd: `${stage.path}/no-such-folder` } }),
      async (pool) => {
        const futures = [1, 2].map((n) => pool.submit(tasks.double, n));
        const errors = await expectAllBroken(futures, { activity: 'starting' });
        for (const { cause } of errors) expect(cause).toMatchObject({ code: 'ENOENT' });
      },
    ));

  it('(s) a command line that is too long for the system is such an error too', () =>
    withPool({ maxWorkers: 1, workerOptions: { execArgv: [`--title=${'x'.repeat(2 ** 22)}`] } }, async (pool) => {
      const futures = [1, 2].map((n) => pool.submit(tasks.double, n));
      const errors = await expectAllBroken(futures, { activity: 'starting' });
      for (const { cause } of errors) expect(cause).toMatchObject({ code: 'E2BIG' });
    }));

  // In a process group of its own: a signal for a child that never was must not reach the runner either.
  it.each([
    ['wait', 'BrokenProcessPool by ENOENT'],
    ['terminate', 'CancelledError'],
    ['kill', 'CancelledError'],
    ['shutdown', 'CancelledError'],
  ])(
    '(s) a program whose spawns all fail (%s) is hit by no signal of its own and ends with code 0',
    async (then, name) => {
      const program = await runProgram('crash-program-no-exec.js', { args: [then], ownGroup: true });
      expect(program).toMatchObject({ code: 0, signal: null, stderr: '', timedOut: false });
      expect(program.lines).toEqual([{ names: [name], spawnedAtMost3: true, witnessEndedBy: 'SIGKILL' }]);
    },
  );

  it.each([
    [0, 1, 2, 3, 4, 5],
    [6, 7, 8, 9, 10, 12],
    [14, 16, 20, 24, 28, 32],
  ])(
    '(+) EMFILE with %i, %i, %i, %i, %i or %i descriptors left: each call is right or fails with EMFILE, none leaks',
    { timeout: 60_000 },
    async (...free) => {
      const program = await runProgram('crash-program-emfile.js', {
        prelude: 'ulimit -n 96',
        args: free.map(String),
        deadline: 50_000,
      });
      expect(program).toMatchObject({ code: 0, signal: null, timedOut: false, stderr: '' });
      expect(program.lines).toHaveLength(free.length);
      for (const line of program.lines) {
        const { outcome, leaked, leakedByNode, state } = line as Record<string, unknown>;
        expect(['right', 'EMFILE'], JSON.stringify(line)).toContain(outcome);
        expect(leaked, 'descriptors that the pool kept, beyond those that Node lost itself').toBe(leakedByNode);
        expect(state).toBe('joined');
      }
      if (free.includes(0)) expect(program.lines[0]).toMatchObject({ outcome: 'EMFILE' });
      if (free.includes(32)) expect(program.lines.at(-1)).toMatchObject({ outcome: 'right' });
    },
  );
});

describe('(+) a worker that never becomes ready', () => {
  it.each([0, 1])(
    '(+) a program in place of node that ends with code %i breaks the pool and is not started again',
    (code) =>
      withPool(
        (stage) => ({ maxWorkers: 2, workerOptions: { execPath: stage.script('node', `exit ${code}`) } }),
        async (pool) => {
          const futures = [1, 2, 3].map((n) => pool.submit(tasks.double, n));
          await expectAllBroken(futures, { exitCode: code, signal: null, activity: 'starting' });
          await expectBrokenPool(pool, { spawnedAtMost: 2, pids: [] }, () => pool.submit(tasks.pid));
        },
      ),
  );

  it('(+) one that writes garbage before it is ready breaks the pool', () =>
    withPool(
      (stage) => ({
        maxWorkers: 1,
        killGrace: 100,
        workerOptions: { execPath: stage.script('node', 'echo "this is no worker of yours" >&4; exec sleep 600') },
      }),
      async (pool) => {
        const futures = [1, 2].map((n) => pool.submit(tasks.double, n));
        await expectAllBroken(futures, { activity: 'starting' });
        await expectBrokenPool(pool, { spawnedAtMost: 1, pids: [] }, () => pool.submit(tasks.pid));
      },
    ));

  const silent = (stage: Stage, prelude = '') =>
    stage.script(
      'node',
      `${prelude} echo $$ > "${stage.path}/tmp"; mv "${stage.path}/tmp" "${stage.path}/booting"; exec sleep 600`,
    );

  it('(+) one killed before it is ready breaks the pool, and the text says that it was starting', () =>
    withPool(
      (stage) => ({ maxWorkers: 1, workerOptions: { execPath: silent(stage) } }),
      async (pool, stage) => {
        const futures = [1, 2, 3].map((n) => pool.submit(tasks.double, n));
        const pid = await stage.mark('booting');
        process.kill(pid, 'SIGKILL');
        await expectAllBroken(futures, { pid, signal: 'SIGKILL', exitCode: null, activity: 'starting' });
        await expectBrokenPool(pool, { spawnedAtMost: 1, pids: [pid] }, () => pool.submit(tasks.pid));
      },
    ));

  it.each([
    ['stays silent', ''],
    ['stays silent and is deaf to SIGTERM', "trap '' TERM;"],
  ])('(+) one that %s breaks the pool when bootTimeout expires, and is gone after killGrace', (_, prelude) =>
    withPool(
      (stage) => ({
        maxWorkers: 1,
        bootTimeout: 2_000, // enough for a shell to leave its mark
        killGrace: 100,
        workerOptions: { execPath: silent(stage, prelude) },
      }),
      async (pool, stage) => {
        const futures = [1, 2, 3].map((n) => pool.submit(tasks.double, n));
        const pid = await stage.mark('booting');
        const errors = await expectAllBroken(futures, { pid, activity: 'starting' });
        for (const { message } of errors) expect(message).toMatch(/bootTimeout|2[_, ]?000 ?ms/);
        await expectBrokenPool(pool, { spawnedAtMost: 1, pids: [pid] }, () => pool.submit(tasks.pid));
      },
    ),
  );

  it('(+) a node that refuses its flags breaks the pool, and the tail of stderr says which flag', () =>
    withPool(
      {
        maxWorkers: 1,
        workerOptions: { execArgv: ['--no-such-flag-of-node'], stdio: ['ignore', 'ignore', 'pipe'] },
      },
      async (pool) => {
        const [error] = await expectAllBroken([pool.submit(tasks.pid)], { exitCode: 9, activity: 'starting' });
        expect(error?.stderr).toContain('--no-such-flag-of-node');
        expect(error?.message, 'the tail is in the text as well').toContain('--no-such-flag-of-node');
      },
    ));
});
