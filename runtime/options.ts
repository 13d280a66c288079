/**
 * Every option of a pool, checked when it is given. Defaults are resolved here and nowhere else.
 */
import { availableParallelism } from 'node:os';
import { bag, duration, integer, wrongType, wrongValue } from './checks.ts';
import { isTask, type Task } from './task.ts';

/** One standard stream of a worker, as `child_process.spawn` takes it: fd 0, 1 or 2. */
export type WorkerStdio = 'ignore' | 'inherit' | 'pipe';

type WorkerStreams = readonly [stdin: WorkerStdio, stdout: WorkerStdio, stderr: WorkerStdio];

/** How worker processes are started. */
export interface WorkerOptions {
  /**
   * The Node executable.
   * @defaultValue `process.execPath`
   */
  readonly execPath?: string | undefined;
  /**
   * Options for Node.
   * @defaultValue the parent's, without those that would debug, watch, test or run its script again
   */
  readonly execArgv?: readonly string[] | undefined;
  /**
   * The environment.
   * @defaultValue `process.env`; `--inspect*` is taken out of `NODE_OPTIONS`
   */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /**
   * The working directory.
   * @defaultValue the parent's
   */
  readonly cwd?: string | URL | undefined;
  /**
   * Standard input, output and error. The end of a piped stderr is quoted when the worker dies; other piped output is
   * read and dropped.
   * @defaultValue `['ignore', 'inherit', 'inherit']`
   */
  readonly stdio?: WorkerStreams | undefined;
}

/** One line of a recorded trace; see `trace` in {@link ProcessPoolExecutorOptions}. */
export type TraceSink = (line: string) => void;

/** Options of {@link ProcessPoolExecutor}; times are milliseconds. */
export interface ProcessPoolExecutorOptions {
  /**
   * At most so many worker processes: an integer from 1.
   * @defaultValue `os.availableParallelism()`
   */
  readonly maxWorkers?: number | undefined;
  /**
   * A task run once in each worker before its first call; a failure breaks the pool, with the error as `cause`.
   * The compiler cannot compare `initArgs` with its parameters.
   */
  readonly initializer?: Task<never, unknown> | undefined;
  /**
   * Its arguments.
   * @defaultValue none
   */
  readonly initArgs?: readonly unknown[] | undefined;
  /**
   * A worker is replaced after so many calls, the last result first: an integer from 1.
   * @defaultValue unlimited
   */
  readonly maxTasksPerChild?: number | undefined;
  /**
   * Milliseconds of predicted work that a worker may hold when another call is sent to it ahead of time; 0 for none.
   * @defaultValue 1
   */
  readonly prefetchHorizon?: number | undefined;
  /**
   * Milliseconds from spawn to ready, initializer included, or `Infinity`; the pool breaks when they are over.
   * @defaultValue 30 000
   */
  readonly bootTimeout?: number | undefined;
  /**
   * Milliseconds between SIGTERM and SIGKILL, wherever workers are stopped.
   * @defaultValue 1 000
   */
  readonly killGrace?: number | undefined;
  /** How worker processes are started. */
  readonly workerOptions?: WorkerOptions | undefined;
  /**
   * Gets every (event, state, effects) as one line of JSON, for `verifyTrace` and for replay.
   *
   * It is called in the middle of a step and looks on: it may read `state` and `stats()`; what would change its own
   * executor or a future of it (`submit`, `cancel`, `shutdown`, …) throws `InvalidStateError`. One that throws is given
   * up with a process warning. One that refers to its own executor keeps it from being collected until it has joined.
   */
  readonly trace?: TraceSink | undefined;
}

/** Every option with its value. */
export interface ResolvedOptions {
  readonly maxWorkers: number;
  readonly initializer: Task<never, unknown> | undefined;
  readonly initArgs: readonly unknown[];
  readonly maxTasksPerChild: number;
  readonly prefetchHorizon: number;
  readonly bootTimeout: number;
  readonly killGrace: number;
  readonly workerOptions: WorkerOptions;
  readonly trace: TraceSink | undefined;
}

const KNOWN = new Set([
  'maxWorkers',
  'initializer',
  'initArgs',
  'maxTasksPerChild',
  'prefetchHorizon',
  'bootTimeout',
  'killGrace',
  'workerOptions',
  'trace',
]);
const KNOWN_OF_WORKER = new Set(['execPath', 'execArgv', 'env', 'cwd', 'stdio']);

/** Checks the options of an executor. */
export function resolveOptions(options: ProcessPoolExecutorOptions = {}): ResolvedOptions {
  bag(options, 'options', KNOWN);
  const { initializer, initArgs = [], trace } = options;
  if (initializer !== undefined && !isTask(initializer))
    wrongType('initializer', 'a task made by tasksFrom() or inline()', initializer);
  if (!Array.isArray(initArgs)) wrongType('initArgs', 'an array', initArgs);
  if (trace !== undefined && typeof trace !== 'function') wrongType('trace', 'a function', trace);
  return {
    maxWorkers: integer('maxWorkers', options.maxWorkers, availableWorkers),
    initializer,
    initArgs: [...initArgs],
    maxTasksPerChild: integer('maxTasksPerChild', options.maxTasksPerChild, () => Number.POSITIVE_INFINITY),
    prefetchHorizon: duration('prefetchHorizon', options.prefetchHorizon, 1),
    bootTimeout: duration('bootTimeout', options.bootTimeout, 30_000, true),
    killGrace: duration('killGrace', options.killGrace, 1_000),
    workerOptions: workerOptionsOf(options.workerOptions),
    trace,
  };
}

/** A sandbox may deny the probe; one worker is better than no pool (gh-155912). */
function availableWorkers(): number {
  try {
    return Math.max(1, availableParallelism());
  } catch {
    return 1;
  }
}

function workerOptionsOf(options: WorkerOptions = {}): WorkerOptions {
  bag(options, 'workerOptions', KNOWN_OF_WORKER);
  const { execPath, execArgv, env, cwd, stdio } = options;
  if (execPath !== undefined && typeof execPath !== 'string') wrongType('workerOptions.execPath', 'a string', execPath);
  noNul('workerOptions.execPath', execPath);
  noNul('workerOptions.cwd', cwd);
  if (execPath === '') wrongValue('workerOptions.execPath', 'the path of a Node executable', execPath);
  if (execArgv !== undefined && !(Array.isArray(execArgv) && execArgv.every((it) => typeof it === 'string')))
    wrongType('workerOptions.execArgv', 'an array of strings', execArgv);
  noNul('workerOptions.execArgv', ...(execArgv ?? []));
  if (env !== undefined && (typeof env !== 'object' || env === null || Array.isArray(env)))
    wrongType('workerOptions.env', 'an object of strings', env);
  for (const [name, value] of Object.entries(env ?? {})) {
    if (value !== undefined && typeof value !== 'string') wrongType(`workerOptions.env.${name}`, 'a string', value);
    noNul(`workerOptions.env.${name}`, name, value);
  }
  if (cwd !== undefined && typeof cwd !== 'string' && !(cwd instanceof URL))
    wrongType('workerOptions.cwd', 'a path or a file: URL', cwd);
  if (cwd instanceof URL && cwd.protocol !== 'file:') wrongValue('workerOptions.cwd', 'a file: URL', cwd.href);
  if (stdio !== undefined) {
    if (!Array.isArray(stdio)) wrongType('workerOptions.stdio', 'an array for fds 0, 1 and 2', stdio);
    if (stdio.length !== 3) wrongValue('workerOptions.stdio', 'an array of three, for fds 0, 1 and 2', stdio);
    for (const it of stdio) {
      if (typeof it !== 'string') wrongType('workerOptions.stdio', "'ignore', 'inherit' or 'pipe' for each fd", it);
      if (!['ignore', 'inherit', 'pipe'].includes(it))
        wrongValue('workerOptions.stdio', "'ignore', 'inherit' or 'pipe' for each fd", it);
    }
  }
  // Read once: what the caller does to its objects afterwards changes nothing.
  return {
    ...options,
    ...(execArgv && { execArgv: [...execArgv] }),
    ...(env && { env: { ...env } }),
    ...(stdio && { stdio: [...stdio] as unknown as WorkerStreams }),
  };
}

/** The system ends a string at a NUL, so it would run something else than it was told. */
function noNul(name: string, ...values: readonly unknown[]): void {
  for (const value of values)
    if (typeof value === 'string' && value.includes('\0')) wrongValue(name, 'a string without NUL characters', value);
}
