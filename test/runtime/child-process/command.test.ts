/** Which command starts a worker: the options that it inherits, its environment, and the file that would run. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  executableOf,
  explainSpawnError,
  inheritedExecArgv,
  isExecutable,
  type WorkerCommand,
  workerCommand,
} from '../../../runtime/child-process/command.ts';

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'procfutures-command-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A file that can be run. */
function program(folder: string, name: string): string {
  const path = join(folder, name);
  writeFileSync(path, '');
  chmodSync(path, 0o755);
  return path;
}

const command = (of: Partial<WorkerCommand>): WorkerCommand => ({
  execPath: process.execPath,
  args: [],
  env: {},
  cwd: undefined,
  stdio: [],
  ...of,
});

describe('the command', () => {
  it('is this Node, with its options, in this folder, silent towards standard input', () => {
    const { execPath, args, env, cwd, stdio } = workerCommand({});
    expect(execPath).toBe(process.execPath);
    expect(args.slice(0, -1)).toEqual(inheritedExecArgv(process.execArgv));
    expect(args.at(-1)).toMatch(/worker[\\/]main\.js$/);
    expect([cwd, stdio]).toEqual([undefined, ['ignore', 'inherit', 'inherit']]);
    expect(env.PATH).toBe(process.env.PATH);
    expect(env).not.toBe(process.env);
  });

  it('is what the options say', () => {
    const options = {
      execPath: '/opt/node',
      execArgv: ['--inspect'],
      env: { A: 'b' },
      cwd: '/srv',
      stdio: ['pipe', 'pipe', 'ignore'],
    } as const;
    const { args, ...rest } = workerCommand(options);
    expect(args.slice(0, -1)).toEqual(['--inspect']);
    expect(rest).toEqual({ execPath: '/opt/node', env: { A: 'b' }, cwd: '/srv', stdio: ['pipe', 'pipe', 'ignore'] });
  });

  it.each([
    ['--inspect', ''],
    ['--inspect=9229 --max-old-space-size=64', '--max-old-space-size=64'],
    ['--max-old-space-size=64 --inspect-brk=0 --no-warnings', '--max-old-space-size=64 --no-warnings'],
    ['--debug-port=1 --no-warnings', '--no-warnings'],
    ['--inspect --inspect-port=1 --debug-port=2', ''],
    [' --no-warnings ', ' --no-warnings '],
    ['--require=./x--inspect', '--require=./x--inspect'],
  ])('does not debug: NODE_OPTIONS=%j becomes %j', (given, expected) => {
    const env = { NODE_OPTIONS: given };
    expect(workerCommand({ env }).env.NODE_OPTIONS).toBe(expected);
    expect(env.NODE_OPTIONS).toBe(given);
  });

  it('has no NODE_OPTIONS where there are none', () => {
    expect(workerCommand({ env: {} }).env).toEqual({});
  });
});

describe('the options of this process that a worker shares', () => {
  it.each([
    ['what matters to a task', ['--import', './x.js', '--max-old-space-size=64', '-r', './y.js', '-C', 'dev'], 7],
    ['a flag that only begins like one that is left out', ['--evaluate', '--inspector', '--tests', '--checked'], 4],
    ['a flag that only contains one', ['--no-test', 'x--eval', '-x', '-ex', 'x-e'], 5],
  ])('%s is kept', (_what, argv, length) => {
    expect(inheritedExecArgv(argv)).toEqual(argv);
    expect(argv).toHaveLength(length);
  });

  it.each([
    ['--inspect'],
    ['--inspect=9229'],
    ['--inspect-brk'],
    ['--debug-port=1'],
    ['--test'],
    ['--test-only'],
    ['--watch'],
    ['--watch-preserve-output'],
    ['--experimental-test-coverage'],
    ['--check'],
    ['--interactive'],
    ['--input-type=module'],
    ['--print'],
    ['--eval=1'],
    ['-c'],
    ['-i'],
    ['-p'],
    ['-pi'],
  ])('%s is left out, and what follows is kept', (flag) => {
    expect(inheritedExecArgv([flag, '--no-warnings'])).toEqual(['--no-warnings']);
  });

  it.each([
    ['-e'],
    ['-p'],
    ['-pe'],
    ['--eval'],
    ['--print'],
    ['--input-type'],
    ['--inspect-port'],
    ['--debug-port'],
    ['--inspect-publish-uid'],
    ['--watch-path'],
    ['--watch-kill-signal'],
    ['--test-name-pattern'],
    ['--test-skip-pattern'],
    ['--test-reporter'],
    ['--test-reporter-destination'],
    ['--test-concurrency'],
    ['--test-timeout'],
    ['--test-shard'],
    ['--test-isolation'],
    ['--test-global-setup'],
    ['--test-coverage-include'],
    ['--test-coverage-exclude'],
    ['--test-coverage-branches'],
    ['--test-coverage-functions'],
    ['--test-coverage-lines'],
  ])('%s is left out with its value', (flag) => {
    expect(inheritedExecArgv(['--a', flag, 'value', '--no-warnings'])).toEqual(['--a', '--no-warnings']);
    expect(inheritedExecArgv(['--a', flag])).toEqual(['--a']);
  });

  it('a flag without a value is left out alone', () => {
    expect(inheritedExecArgv(['--watch', 'value'])).toEqual(['value']);
  });

  it.each(['-e', '--eval'])('the script of %s is left out also where it begins with a dash', (flag) => {
    expect(inheritedExecArgv([flag, '-1', '--no-warnings'])).toEqual(['--no-warnings']);
  });

  it('-p may have no script: an option after it is one', () => {
    expect(inheritedExecArgv(['-p', '--no-warnings'])).toEqual(['--no-warnings']);
  });
});

describe('the file that would run', () => {
  it('is a path as it is, where that can be run', () => {
    expect(executableOf(command({}))).toBe(process.execPath);
    expect(executableOf(command({ execPath: '/nonexistent/node' }))).toBe(undefined);
  });

  it('is looked for from the working directory, a path or a URL', () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'bin'));
    const path = program(join(folder, 'bin'), 'node');
    for (const cwd of [folder, pathToFileURL(folder)])
      expect(executableOf(command({ execPath: 'bin/node', cwd }))).toBe(path);
    expect(executableOf(command({ execPath: 'bin/node' }))).toBe(undefined);
    const fromHere = relative(process.cwd(), process.execPath);
    expect(executableOf(command({ execPath: fromHere }))).toBe(process.execPath);
  });

  it('is looked for in the folders of PATH, where it is only a name', () => {
    const [first, second] = [newFolder(), newFolder()];
    const path = program(second, 'some-node');
    const PATH = [first, second].join(delimiter);
    expect(executableOf(command({ execPath: 'some-node', env: { PATH } }))).toBe(path);
    expect(executableOf(command({ execPath: 'some-node', env: { PATH: first } }))).toBe(undefined);
    expect(executableOf(command({ execPath: 'some-node', cwd: second }))).toBe(undefined);
  });

  it('is looked for in the current folder, where PATH is empty', () => {
    const folder = newFolder();
    const former = process.cwd();
    onTestFinished(() => process.chdir(former));
    program(folder, 'some-node');
    process.chdir(folder);
    for (const env of [{ PATH: '' }, {}])
      expect(executableOf(command({ execPath: 'some-node', env }))).toBe('some-node');
  });

  it('is neither a folder nor a file that may not be run', () => {
    const folder = newFolder();
    const path = program(folder, 'program');
    expect([isExecutable(path), isExecutable(folder), isExecutable(join(folder, 'none'))]).toEqual([
      true,
      false,
      false,
    ]);
    chmodSync(path, 0o644);
    expect(isExecutable(path)).toBe(false);
  });
});

describe('the error of a spawn', () => {
  const enoent = (): Error =>
    Object.assign(new Error('spawn ENOENT'), { code: 'ENOENT', errno: -2, syscall: 'spawn x' });

  it('is told of the working directory where that does not exist', () => {
    const cause = enoent();
    const error = explainSpawnError(cause, '/nonexistent/folder');
    expect(error.message).toBe('workerOptions.cwd does not exist: /nonexistent/folder');
    expect(error).toMatchObject({ cause, code: 'ENOENT', errno: -2, syscall: 'spawn x' });
  });

  it('stays as it is in every other case', () => {
    const cause = enoent();
    expect(explainSpawnError(cause, undefined)).toBe(cause);
    expect(explainSpawnError(cause, tmpdir())).toBe(cause);
    const other = Object.assign(new Error('spawn EACCES'), { code: 'EACCES' });
    expect(explainSpawnError(other, '/nonexistent/folder')).toBe(other);
  });
});
