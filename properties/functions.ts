/**
 * The functions of the calls that `checkExecutor` submits: what they come to, and what is seen when they run.
 */
import { inspect, isDeepStrictEqual } from 'node:util';
import { Broken } from './check-promises.ts';

/** What a call comes to. */
export type Outcome = { readonly result: unknown } | { readonly error: unknown };

/** What the given task of a call comes to: every result is another one, every third call fails. */
export function outcomeOf(call: number): Outcome {
  return call % 3 === 1 ? { error: new Error(`call ${call} fails`) } : { result: `the result of call ${call}` };
}

/** Whether two outcomes are equal; of errors name and text count, since a copy may have another class and stack. */
export function isSame(one: Outcome, other: Outcome): boolean {
  if ('result' in one) return 'result' in other && isDeepStrictEqual(one.result, other.result);
  if (!('error' in other)) return false;
  const [a, b] = [one.error, other.error];
  if (a instanceof Error && b instanceof Error) return a.name === b.name && a.message === b.message;
  return isDeepStrictEqual(a, b);
}

/** An outcome in a few words. */
export function inBrief(outcome: Outcome): string {
  return 'result' in outcome ? `the result ${brief(outcome.result)}` : `the error ${brief(outcome.error)}`;
}

/** A stack would say where the check was called, and nothing of the executor. */
function brief(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  return inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY });
}

/** One that is thrown by a callback on purpose. */
export class CallbackError extends Error {
  /** Called when nobody has caught it. */
  readonly escaped: () => void;

  constructor(escaped: () => void) {
    super('thrown on purpose by a callback of checkExecutor; it must stop neither other callbacks nor the executor');
    this.name = 'CallbackError';
    // Executors may log it; where it comes from is said above.
    this.stack = `${this.name}: ${this.message}`;
    this.escaped = escaped;
  }
}

/**
 * Notes every {@link CallbackError} that nobody catches, which would end the process before there is a report; ends
 * the process for any other that nobody else handles, as if this were not there.
 *
 * @returns what ends this
 */
export function catchEscapes(): () => void {
  const onEscape = (name: 'uncaughtException' | 'unhandledRejection') => (error: unknown) => {
    if (error instanceof CallbackError) error.escaped();
    else if (process.listenerCount(name) === 1) throw error;
  };
  const onException = onEscape('uncaughtException');
  const onRejection = onEscape('unhandledRejection');
  process.on('uncaughtException', onException).on('unhandledRejection', onRejection);
  return () => process.off('uncaughtException', onException).off('unhandledRejection', onRejection);
}

/** A call as far as its start is judged. */
export interface Accepted {
  readonly call: number;
  readonly future: { readonly state: string; cancelled(): boolean };
}

/**
 * Judges the last of the starts.
 *
 * With several workers, each but the one that starts it may hold an earlier call that it has taken and not started.
 */
export function judgeStart(
  starts: readonly number[],
  accepted: readonly Accepted[],
  workers: number | undefined,
): Broken | undefined {
  const call = starts.at(-1) as number;
  if (starts.indexOf(call) < starts.length - 1) return new Broken('C14', `the function of call ${call} runs again`);
  const own = accepted.find((one) => one.call === call);
  if (own?.future.cancelled()) return new Broken('C9', `call ${call} is ${own.future.state} and has started`);
  const left = accepted.filter((one) => one.call < call && !starts.includes(one.call) && !one.future.cancelled());
  if (left.length < (workers ?? 1)) return undefined;
  const waiting = left.map((one) => `call ${one.call}`).join(', ');
  const hint = workers === undefined ? " (where several workers start calls side by side, give 'workers')" : '';
  return new Broken('C15', `call ${call} has started before ${waiting}${hint}`);
}

/** The given tasks of one run. */
export class Functions {
  /** In this order, and as often. */
  readonly starts: number[] = [];
  running = 0;
  readonly #onStart: (call: number) => void;
  #gate: Promise<void> | undefined;

  constructor(onStart: (call: number) => void) {
    this.#onStart = onStart;
  }

  /** The function of a call. */
  task(call: number, outcome: Outcome): () => Promise<unknown> {
    return async () => {
      this.starts.push(call);
      this.running++;
      this.#onStart(call);
      try {
        // Neighbours take different times.
        for (let left = call % 4; left >= 0; left--) await new Promise(setImmediate);
        await this.#gate;
      } finally {
        this.running--;
      }
      if ('error' in outcome) throw outcome.error;
      return outcome.result;
    };
  }

  /** Lets no function end until the returned one is called. */
  hold(): () => void {
    let release = () => {};
    this.#gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    return () => {
      this.#gate = undefined;
      release();
    };
  }
}
