/** What ends workers together with their parent: the command in front of them, or a shell beside them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { WorkerCommand } from '../../../runtime/child-process/command.ts';
import { guardedCommand, ShellGuard } from '../../../runtime/child-process/orphan-guard.ts';

/** The one of util-linux; that of busybox knows no `--pdeathsig`. */
const SETPRIV = ['/usr/bin/setpriv', '/bin/setpriv'].find(
  (file) => existsSync(file) && basename(realpathSync(file)) === 'setpriv',
);
const command: WorkerCommand = {
  execPath: process.execPath,
  args: ['--flag', 'main.js'],
  env: {},
  cwd: undefined,
  stdio: [],
};

describe('the guarded command', () => {
  it('has the kernel kill the worker with its parent, where there is a setpriv', () => {
    const plain = { file: process.execPath, args: command.args, isGuarded: false };
    const guarded = {
      file: SETPRIV,
      args: ['--pdeathsig', 'KILL', process.execPath, '--flag', 'main.js'],
      isGuarded: true,
    };
    expect(guardedCommand(command)).toEqual(SETPRIV === undefined ? plain : guarded);
  });

  it('of an executable that is not there is left to fail by itself', () => {
    const missing = { ...command, execPath: '/nonexistent/node' };
    expect(guardedCommand(missing)).toMatchObject({ file: '/nonexistent/node', args: command.args });
  });
});

describe('the shell', () => {
  function sleeper(): ChildProcess {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    onTestFinished(async () => {
      if (child.kill('SIGKILL')) await once(child, 'exit');
    });
    return child;
  }

  /** By which signal it ends. */
  const end = async (child: ChildProcess): Promise<unknown> =>
    child.signalCode ?? (await once(child, 'exit').then(([, signal]) => signal as unknown));

  it('kills what was added and not taken away, when its input ends', async () => {
    const guard = new ShellGuard();
    const [first, reaped, last] = [sleeper(), sleeper(), sleeper()];
    for (const { pid } of [first, reaped, last]) guard.add(pid as number);
    guard.remove(reaped.pid as number);
    guard.close();
    expect(await Promise.all([end(first), end(last)])).toEqual(['SIGKILL', 'SIGKILL']);
    // It was the second of three, and would have been killed before the last.
    expect([reaped.exitCode, reaped.signalCode]).toEqual([null, null]);
  });

  it('is another one once it was closed, and none where nobody was to be guarded', async () => {
    const guard = new ShellGuard();
    guard.remove(1);
    guard.close();
    const [one, two] = [sleeper(), sleeper()];
    guard.add(one.pid as number);
    guard.close();
    expect(await end(one)).toBe('SIGKILL');
    expect(two.signalCode).toBe(null);
    guard.add(two.pid as number);
    guard.close();
    expect(await end(two)).toBe('SIGKILL');
  });
});
