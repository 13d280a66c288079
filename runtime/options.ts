/**
 * Every option, checked when it is given: a wrong type is a `TypeError`, a wrong value a `RangeError`, and the text
 * names the option and what would be right. Defaults are resolved here and nowhere else.
 */
import { availableParallelism } from 'node:os';
import { isTask, type Task } from './task.ts';
import { show } from './wire/describe.ts';

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
   * up with a process warning.
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

/** How long to wait; several calls take it. */
export interface TimeoutOptions {
  /**
   * Milliseconds from 0.
   * @defaultValue for ever
   */
  readonly timeout?: number | undefined;
}

/** The longest delay that a timer of Node keeps: 2 ** 31 - 1 ms, some 24 days. */
const LONGEST_TIMER = 2_147_483_647;

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

const TIMEOUT_OPTIONS = new Set(['timeout']);

/** Checks a `{ timeout }`; `undefined` means no limit. */
export function timeoutOf(options: TimeoutOptions | undefined, of: string): number | undefined {
  if (options === undefined) return undefined;
  bag(options, `the options of ${of}`, TIMEOUT_OPTIONS);
  const { timeout } = options;
  if (timeout === undefined || timeout === Number.POSITIVE_INFINITY) return undefined;
  return duration('timeout', timeout, 0);
}

/** Checks an option that is a whole number from 1. */
export function integer(name: string, value: unknown, fallback: () => number): number {
  if (value === undefined) return fallback();
  if (typeof value !== 'number') wrongType(name, 'an integer from 1', value);
  if (!Number.isSafeInteger(value) || value < 1) wrongValue(name, 'an integer from 1', value);
  return value;
}

/** Checks a yes or no. */
export function flag(name: string, value: unknown, fallback: boolean): boolean {
  if (value === undefined) return fallback;
  if (typeof value !== 'boolean') wrongType(name, 'true or false', value);
  return value;
}

/** Checks that an argument holds options at all, and none that does not exist. */
export function bag(options: unknown, name: string, known: ReadonlySet<string> | undefined): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) wrongType(name, 'an object', options);
  for (const key of known ? Object.keys(options) : [])
    if (!known?.has(key))
      throw new TypeError(`There is no option '${key}' in ${name}; there are ${[...(known ?? [])].join(', ')}.`);
}

function duration(name: string, value: unknown, fallback: number, mayBeInfinite = false): number {
  if (value === undefined) return fallback;
  const right = `milliseconds from 0 to ${LONGEST_TIMER}${mayBeInfinite ? ', or Infinity' : ''}`;
  if (typeof value !== 'number') wrongType(name, right, value);
  if (mayBeInfinite && value === Number.POSITIVE_INFINITY) return value;
  if (!(value >= 0 && value <= LONGEST_TIMER)) wrongValue(name, right, value);
  return value;
}

/** Throws the error for a wrong type. */
export function wrongType(name: string, right: string, value: unknown): never {
  throw new TypeError(`${name} must be ${right}, not ${show(value, { depth: 0 })}.`);
}

/** Throws the error for a wrong value of the right type. */
export function wrongValue(name: string, right: string, value: unknown): never {
  throw new RangeError(`${name} must be ${right}, not ${show(value, { depth: 0 })}.`);
}
