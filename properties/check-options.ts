/**
 * What `checkExecutor` is told, checked before anything runs: a check that was asked for wrongly must not look passed.
 */
import { inspect } from 'node:util';
import { ALL_WORDS, isWord } from './check-words.ts';
import type { Outcome } from './functions.ts';
import { ALL_SIGHTS, type Sight } from './sights.ts';

/** A future as far as it is judged. */
export interface FutureLike {
  /** One of CPython's five: PENDING, RUNNING, CANCELLED, CANCELLED_AND_NOTIFIED, FINISHED. */
  readonly state: string;
  cancel(): boolean;
  cancelled(): boolean;
  done(): boolean;
  addDoneCallback(callback: (future: unknown) => void): void;
  result(): Promise<unknown>;
}

/** An executor as far as it is judged. */
export interface ExecutorLike {
  shutdown(options?: { readonly wait?: boolean; readonly cancelFutures?: boolean }): Promise<void>;
}

/** Options of `checkExecutor`. */
export interface CheckOptions<E extends ExecutorLike> {
  /**
   * Submits call number `call`, best with the function that is given, `task`: what it comes to is known and its starts
   * are seen, so that outcomes, order and number of runs are judged without another word.
   *
   * An executor that takes no such functions, since it runs them elsewhere, submits one of its own. Some of its calls
   * must fail, some may take a while, all must end; `outcome`, `starts` and `hasStarted` tell what is to be judged.
   */
  readonly submit: (executor: E, call: number, task: () => Promise<unknown>) => FutureLike;
  /**
   * What a call must come to, equal and not the same: results and errors may have been copied.
   * @defaultValue what the given task does; not judged when `submit` has two parameters
   */
  readonly outcome?: ((call: number) => Outcome) | undefined;
  /**
   * The calls whose functions have started, in that order and as often as they did; asked when all is over.
   * @defaultValue what the given task has seen; not judged when `submit` has two parameters
   */
  readonly starts?: ((executor: E) => readonly number[] | Promise<readonly number[]>) | undefined;
  /** Whether the function of a call has ever started, where no more can be known; asked when all is over. */
  readonly hasStarted?: ((executor: E, call: number) => boolean | Promise<boolean>) | undefined;
  /**
   * How many calls the executor runs at the same time at most: an integer from 1. Where there are several, one may be
   * slow to start a call that it has taken, and so be overtaken by the others.
   * @defaultValue any number, which start their calls in order
   */
  readonly workers?: number | undefined;
  /**
   * How many runs: an integer from 1. In 50 and more, everything in {@link CheckReport.seen} must have happened.
   * @defaultValue 100
   */
  readonly runs?: number | undefined;
  /**
   * How many events a run has at most: an integer from 1.
   * @defaultValue 20
   */
  readonly length?: number | undefined;
  /**
   * Another seed makes other runs, the same seed the same: an integer.
   * @defaultValue 1
   */
  readonly seed?: number | undefined;
  /**
   * Milliseconds within which whatever must happen has happened.
   * @defaultValue 5000
   */
  readonly timeout?: number | undefined;
  /**
   * What cannot happen with this executor and need not have been seen.
   * @defaultValue nothing
   */
  readonly unseen?: readonly Sight[] | undefined;
  /** Makes this one run instead: the events of a failure. */
  readonly replay?: readonly string[] | undefined;
}

/** Every option with its value. */
export interface Checked<E extends ExecutorLike> extends CheckOptions<E> {
  readonly runs: number;
  readonly length: number;
  readonly seed: number;
  readonly timeout: number;
  readonly unseen: readonly Sight[];
  /** Whether `submit` passes on the function that it is given. */
  readonly takesTask: boolean;
}

const NAMES: Readonly<Record<keyof CheckOptions<ExecutorLike>, 'function' | 'number' | 'list'>> = {
  submit: 'function',
  outcome: 'function',
  starts: 'function',
  hasStarted: 'function',
  workers: 'number',
  runs: 'number',
  length: 'number',
  seed: 'number',
  timeout: 'number',
  unseen: 'list',
  replay: 'list',
};
/** Node takes no longer timers; it would end one of more at once. */
const LONGEST = 2 ** 31 - 1;

/**
 * Checks all that `checkExecutor` is given.
 *
 * @throws TypeError or RangeError with the name of the option and what would be right
 */
export function checkedOptions<E extends ExecutorLike>(factory: unknown, options: CheckOptions<E>): Checked<E> {
  if (typeof factory !== 'function') throw new TypeError(`The factory must be a function, not ${inspect(factory)}.`);
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`checkExecutor() needs options, { submit } at least, not ${inspect(options)}.`);
  for (const [name, value] of Object.entries(options)) checkKind(name, value);
  if (options.submit === undefined) throw new TypeError('submit must be a function; it is missing.');
  const { submit, workers, runs = 100, length = 20, seed = 1, timeout = 5_000, unseen = [], replay } = options;
  integer('runs', runs, 1);
  integer('length', length, 1);
  integer('seed', seed, Number.MIN_SAFE_INTEGER);
  if (workers !== undefined) integer('workers', workers, 1);
  if (!(timeout > 0 && timeout <= LONGEST))
    throw new RangeError(`timeout must be milliseconds from above 0 to ${LONGEST}, not ${timeout}.`);
  for (const [at, sight] of unseen.entries())
    if (!ALL_SIGHTS.includes(sight))
      throw new RangeError(`unseen[${at}] must be one of ${quoted(ALL_SIGHTS)}, not ${inspect(sight)}.`);
  for (const [at, word] of replay?.entries() ?? [])
    if (typeof word !== 'string' || !isWord(word))
      throw new RangeError(`replay[${at}] must be one of ${ALL_WORDS}, with any number, not ${inspect(word)}.`);
  return { ...options, runs, length, seed, timeout, unseen, takesTask: submit.length > 2 };
}

function checkKind(name: string, value: unknown): void {
  if (!Object.hasOwn(NAMES, name))
    throw new TypeError(`checkExecutor() has no option '${name}'; it takes ${quoted(Object.keys(NAMES))}.`);
  if (value === undefined) return;
  const kind = NAMES[name as keyof typeof NAMES];
  const isRight = kind === 'list' ? Array.isArray(value) : typeof value === kind;
  if (!isRight) throw new TypeError(`${name} must be a ${kind}, not ${inspect(value)}.`);
}

function integer(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  const right = least === 1 ? 'an integer from 1' : 'an integer';
  throw new RangeError(`${name} must be ${right}, not ${value}.`);
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}
