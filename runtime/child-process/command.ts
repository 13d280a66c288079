/**
 * The command line and environment of a worker.
 *
 * The parent's own Node options are inherited where they matter to a task (loaders, memory limits, conditions), and
 * left out where they would run the parent's script again (`-e`: a fork bomb), debug, watch or test.
 */
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkerOptions } from '../options.ts';

/** The script that a worker runs: a real file beside this one. */
const MAIN = new URL('../worker/main.js', import.meta.url);

/** `spawn` of Node, loaded when the first worker starts: it takes as long as all the rest of the main entry. */
export function spawn(file: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  return process.getBuiltinModule('node:child_process').spawn(file, args, options);
}

/** What to hand to `spawn`. */
export interface WorkerCommand {
  readonly execPath: string;
  readonly args: readonly string[];
  readonly env: Record<string, string | undefined>;
  readonly cwd: string | URL | undefined;
  readonly stdio: readonly ('ignore' | 'inherit' | 'pipe')[];
}

/** The command for the workers of one pool. */
export function workerCommand(options: WorkerOptions): WorkerCommand {
  return {
    execPath: options.execPath ?? process.execPath,
    args: [...(options.execArgv ?? inheritedExecArgv(process.execArgv)), fileURLToPath(MAIN)],
    env: withoutInspector({ ...(options.env ?? process.env) }),
    cwd: options.cwd,
    stdio: options.stdio ?? ['ignore', 'inherit', 'inherit'],
  };
}

/** Options that stand alone, or carry their value behind `=`. */
const LEFT_OUT = /^--(inspect|debug|test|watch|experimental-test|eval|print|check|interactive|input-type)(-|=|$)/;
/** Short forms; `-pe` and the like are clusters of them. */
const LEFT_OUT_SHORT = /^-[epci]+$/;
/** Left-out options whose value may be the next word. */
const TAKES_VALUE = new Set([
  '-p',
  '-pe',
  '--print',
  '--input-type',
  '--inspect-port',
  '--debug-port',
  '--inspect-publish-uid',
  '--watch-path',
  '--watch-kill-signal',
  '--test-name-pattern',
  '--test-skip-pattern',
  '--test-reporter',
  '--test-reporter-destination',
  '--test-concurrency',
  '--test-timeout',
  '--test-shard',
  '--test-isolation',
  '--test-global-setup',
  '--test-coverage-include',
  '--test-coverage-exclude',
  '--test-coverage-branches',
  '--test-coverage-functions',
  '--test-coverage-lines',
]);

/** The options of this process that a worker shares. */
export function inheritedExecArgv(execArgv: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < execArgv.length; i++) {
    const word = execArgv[i] as string;
    if (!LEFT_OUT.test(word) && !LEFT_OUT_SHORT.test(word)) kept.push(word);
    // A script may begin with a dash only where the option demands a value; `-p` alone may have none.
    else if (word === '-e' || word === '--eval') i++;
    else if (TAKES_VALUE.has(word) && execArgv[i + 1]?.startsWith('-') === false) i++;
  }
  return kept;
}

function withoutInspector(env: Record<string, string | undefined>): Record<string, string | undefined> {
  const nodeOptions = env.NODE_OPTIONS;
  if (nodeOptions?.includes('--inspect') || nodeOptions?.includes('--debug-port'))
    env.NODE_OPTIONS = nodeOptions.replace(/(^|\s)--(inspect|debug-port)\S*/g, '').trim();
  return env;
}

/** The file that `spawn` would run, or `undefined` where it would fail: then let it, for its error is the true one. */
export function executableOf(command: WorkerCommand): string | undefined {
  const { execPath, env, cwd } = command;
  const base = cwd instanceof URL ? fileURLToPath(cwd) : (cwd ?? process.cwd());
  const candidates =
    isAbsolute(execPath) || execPath.includes('/')
      ? [resolve(base, execPath)]
      : (env.PATH ?? '').split(delimiter).map((folder) => join(folder || '.', execPath));
  return candidates.find(isExecutable);
}

/** The system says ENOENT of the program when it is the working directory that does not exist. */
export function explainSpawnError(cause: Error, cwd: string | URL | undefined): Error {
  if (cwd === undefined || (cause as NodeJS.ErrnoException).code !== 'ENOENT' || existsSync(cwd)) return cause;
  const { code, errno, syscall } = cause as NodeJS.ErrnoException;
  return Object.assign(new Error(`workerOptions.cwd does not exist: ${cwd}`, { cause }), { code, errno, syscall });
}

/** Whether this file can be run. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
