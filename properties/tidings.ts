/**
 * What the core is told, as one number: whoever has told a core so once knows what became of it.
 */
/** What can be told. Those that end in `Again` or begin with `late` are about what is over. */
export const TIDINGS = [
  'submit',
  'cancel',
  'cancelAgain',
  'settle',
  'settleAgain',
  'shutdown',
  'shutdownCancel',
  'terminate',
  'kill',
  'collected',
  'processExit',
  'internalFailure',
  'estimate',
  'spawned',
  'spawnFailed',
  'ready',
  'outcomeReceived',
  'callRejected',
  'exited',
  'callsEnded',
  'channelEnded',
  'faulted',
  'timerFired',
  'lateReady',
  'lateOutcome',
  'lateExit',
  'lateEnd',
] as const;

/** A kind of {@link TIDINGS} with whom it is about, in one number. */
export type Tiding = number;

/** The number of each kind. */
export const TOLD_OF = Object.fromEntries(TIDINGS.map((kind, number) => [kind, number])) as Readonly<
  Record<(typeof TIDINGS)[number], number>
>;

/** The id of a call that is over for everybody but the process that still has it: nobody else's. */
export const GHOST_ID = -9;

const KIND_BITS = 5;
const WORKER_BITS = 10;
/** Call ids are moved up by so much: that of a ghost must not be negative. */
const LIFT = 16;

/** About a worker, and a call (or the task of a submit); `isMarked`: it threw, or it is the last to be submitted. */
export function tiding(kind: number, worker = 0, call = 0, isMarked = false): Tiding {
  return ((((((call + LIFT) << 1) | (isMarked ? 1 : 0)) << WORKER_BITS) | worker) << KIND_BITS) | kind;
}

/** What a tiding says, taken apart again. */
export interface Told {
  readonly kind: (typeof TIDINGS)[number];
  readonly worker: number;
  readonly call: number;
  readonly isMarked: boolean;
}

/** @throws RangeError for a number that is none */
export function toldBy(told: Tiding): Told {
  const kind = TIDINGS[told & ((1 << KIND_BITS) - 1)];
  if (kind === undefined) throw new RangeError(`${told} is no tiding.`);
  const rest = told >> KIND_BITS;
  return {
    kind,
    worker: rest & ((1 << WORKER_BITS) - 1),
    call: (rest >> (WORKER_BITS + 1)) - LIFT,
    isMarked: ((rest >> WORKER_BITS) & 1) === 1,
  };
}
