/**
 * The moves of a world: everything that can happen next, and out of which budget it is paid.
 *
 * Every move consumes something, so that every run ends and liveness is a question about its end.
 */

/** What is limited in number. `submit` and `crash` are the scope's `tasks` and `kills`. */
export type Budget = Wish | Fault;

/** What a user may want, besides submitting. */
export const WISHES = [
  'cancel',
  'settle',
  'shutdown',
  'shutdownCancel',
  'terminate',
  'kill',
  'collected',
  'processExit',
] as const;
/** One of {@link WISHES}. */
export type Wish = (typeof WISHES)[number];

/** What may go wrong, or merely not as usual. */
export const FAULTS = [
  'spawnFailure',
  'initializerFailure',
  'argumentUncopyable',
  'argumentUnreadable',
  'resultUncopyable',
  'resultUnreadable',
  'throws',
  'garbage',
  'deafness',
  'cut',
  'ignoredSignal',
  'lateNews',
  'bootTimeout',
  'impatience',
  'internalFailure',
  'estimate',
] as const;
/** One of {@link FAULTS}. */
export type Fault = (typeof FAULTS)[number];

/** Each verb with the budget that pays for it; `null` where the move consumes something of the world itself. */
export const PRICES = {
  submit: 'submit',
  // A process, by itself.
  boot: null,
  finish: null,
  throw: 'throws',
  misreadArgument: 'argumentUnreadable',
  failToCopyResult: 'resultUncopyable',
  leave: null,
  die: null,
  failToInitialize: 'initializerFailure',
  ignore: 'ignoredSignal',
  spoil: 'garbage',
  deafen: 'deafness',
  cut: 'cut',
  crash: 'crash',
  // What the host reports of it.
  spawned: null,
  spawnFailed: 'spawnFailure',
  read: null,
  misread: 'resultUnreadable',
  reject: 'argumentUncopyable',
  tellExit: null,
  tellCallsEnd: null,
  tellEnd: null,
  timer: null,
  hurryTimer: 'impatience',
  bootTimer: 'bootTimeout',
  estimate: 'estimate',
  internalFailure: 'internalFailure',
  lateNews: 'lateNews',
  // The user.
  cancel: 'cancel',
  cancelAgain: 'cancel',
  settle: 'settle',
  settleAgain: 'settle',
  shutdown: 'shutdown',
  shutdownCancel: 'shutdownCancel',
  terminate: 'terminate',
  kill: 'kill',
  collected: 'collected',
  processExit: 'processExit',
} as const satisfies Record<string, Budget | 'submit' | 'crash' | null>;

/** What happens in a move. */
export type Verb = keyof typeof PRICES;

/** What a process does by itself; the core is not told. */
const ALONE: ReadonlySet<Verb> = new Set([
  'boot',
  'finish',
  'throw',
  'misreadArgument',
  'failToCopyResult',
  'leave',
  'die',
  'failToInitialize',
  'ignore',
  'spoil',
  'deafen',
  'cut',
  'crash',
]);

/** One thing that can happen next, in words that replay: `crash 0`, `submit`, `read 1`. */
export type Move = string;

/** The same as a number: verb and worker or call. */
export type MoveCode = number;

/** All verbs, each at its number. */
export const VERBS = Object.keys(PRICES) as readonly Verb[];
/** The number of each verb. */
export const NUMBER = Object.fromEntries(VERBS.map((verb, number) => [verb, number])) as Readonly<Record<Verb, number>>;
const ALONE_NUMBERS = VERBS.map((verb) => ALONE.has(verb));
const BITS = 20;
/** Marks a move that is about no worker and no call. */
const NOBODY = 2 ** BITS - 1;

/** The code of a move: the number of its verb, and whom it is about. */
export function encode(number: number, id: number = NOBODY): MoveCode {
  return (number << BITS) | id;
}

/** What happens in a move. */
export function verbOf(code: MoveCode): Verb {
  return VERBS[code >>> BITS] as Verb;
}

/** The number of what happens in a move. */
export function verbNumber(code: MoveCode): number {
  return code >>> BITS;
}

/** Whether it is a process that moves, and nobody is told. */
export function isAlone(code: MoveCode): boolean {
  return ALONE_NUMBERS[code >>> BITS] as boolean;
}

/** Whom a move is about, or which of several of its kind it is; nobody has a number, too. */
export function idOf(code: MoveCode): number {
  return code & NOBODY;
}

/** A move in words. */
export function inWords(code: MoveCode): Move {
  const id = idOf(code);
  return id === NOBODY ? verbOf(code) : `${verbOf(code)} ${id}`;
}

/** @throws RangeError for words that are no move */
export function fromWords(move: Move): MoveCode {
  const [verb = '', id] = move.split(' ');
  if (!Object.hasOwn(PRICES, verb)) throw new RangeError(`There is no move '${move}'.`);
  return encode(NUMBER[verb as Verb], id === undefined ? NOBODY : Number(id));
}

/** How much of everything may happen in one run. */
export interface Scope {
  readonly workers: number;
  readonly tasks: number;
  /** Crashes of worker processes. */
  readonly kills: number;
  /** How often each may happen; a missing one only as far as `wishes` and `faults` go. */
  readonly budgets?: Readonly<Partial<Record<Budget, number>>>;
  /**
   * How many wishes beyond those of `budgets` a user may have, of whatever kind.
   * @defaultValue 0
   */
  readonly wishes?: number;
  /**
   * How many faults beyond those of `budgets` there may be, of whatever kind.
   * @defaultValue 0
   */
  readonly faults?: number;
  /** @defaultValue Infinity */
  readonly maxTasksPerChild?: number;
  /** The predicted cost of each call in turn: unknown, short or long. */
  readonly costs?: readonly ('unknown' | 'short' | 'long')[];
}
