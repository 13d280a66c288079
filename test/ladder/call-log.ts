/**
 * Histories of calls in short: a letter a record, so that the same history is judged once.
 */
import { type CallEnding, type CallRecord, judgeCall } from '../../properties/linearizable.ts';
import { BrokenProcessPool, SerializationError } from '../../runtime/errors.ts';
import { type Future, workOf } from '../../runtime/future.ts';

/** What a user gave a future as its result. */
export const OUTSIDE = Symbol('settled by its user');

const CALL = { call: 0 };
const MARK = { call: 0, pid: 1 };
const settled = (ending: CallEnding): CallRecord => ({ at: 'settled', ending, ...CALL });

const RECORDS = {
  a: { at: 'submit', ...CALL },
  b: { at: 'submitted', ...CALL },
  c: { at: 'cancel', ...CALL },
  t: { at: 'cancelled', answer: true, ...CALL },
  f: { at: 'cancelled', answer: false, ...CALL },
  o: { at: 'settledOutside', ...CALL },
  s: { at: 'start', ...MARK },
  x: { at: 'finish', how: 'returned', ...MARK },
  y: { at: 'finish', how: 'threw', ...MARK },
  A: { at: 'cancelAll' },
  C: settled('cancelled'),
  R: settled('result'),
  T: settled('thrown'),
  L: settled('lost'),
  G: settled('argument'),
  U: settled('uncopyable'),
  O: settled('outside'),
} as const satisfies Readonly<Record<string, CallRecord>>;

/** A record in short. */
export type Letter = keyof typeof RECORDS;

/** What is known of the histories that were judged, in short: nothing, or why no order explains one. */
const verdicts = new Map<string, string | undefined>();

/** Why no order of its operations explains a history, or `undefined` where one does. */
export function judgeLog(log: string): string | undefined {
  if (!verdicts.has(log)) verdicts.set(log, judgeCall([...log].map((letter) => RECORDS[letter as Letter])));
  return verdicts.get(log);
}

/** How many different histories were judged. */
export function differentLogs(): number {
  return verdicts.size;
}

/** How a future that is done has ended. */
export function endingOf(future: Future<unknown>): Letter {
  const { outcome } = workOf(future);
  if (outcome === undefined) return 'C';
  if (outcome.kind === 'lost') return 'L';
  if (outcome.kind === 'result') return outcome.value === OUTSIDE ? 'O' : 'R';
  // Somebody has asked for it: the loss is an error now.
  if (outcome.error instanceof BrokenProcessPool) return 'L';
  if (!(outcome.error instanceof SerializationError)) return 'T';
  return outcome.error.side === 'argument' ? 'G' : 'U';
}
