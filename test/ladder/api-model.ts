/**
 * What CPython's documentation says of futures, as a list of calls and their states: the reference of the public API.
 *
 * It does not know when a call starts or ends: it is told what each future says, and answers whether that can be.
 */
import type { FutureState } from '../../runtime/future.ts';
import { ALL_COMPLETED, FIRST_COMPLETED, type ReturnWhen } from '../../runtime/wait.ts';

/** What a call comes to, by its argument: every fourth throws. */
export type Ending = { readonly kind: 'result' | 'exception'; readonly value: unknown };

export function endingOf(n: number): Ending {
  return n % 4 === 3 ? { kind: 'exception', value: `${n} threw` } : { kind: 'result', value: 2 * n };
}

/** One submitted call. */
export interface ModelCall {
  readonly n: number;
  state: FutureState;
  /** Whether a worker may have been lost while it was not done. */
  isAtRisk: boolean;
}

const FOLLOWS: { readonly [state in FutureState]: readonly FutureState[] } = {
  PENDING: ['PENDING', 'RUNNING', 'FINISHED'],
  RUNNING: ['RUNNING', 'FINISHED'],
  CANCELLED: ['CANCELLED'],
  CANCELLED_AND_NOTIFIED: ['CANCELLED_AND_NOTIFIED'],
  FINISHED: ['FINISHED'],
};

/** An executor and its futures. */
export class ApiModel {
  readonly calls: ModelCall[] = [];
  /** Calls that are done, in the order in which they were. */
  readonly order: number[] = [];
  /** Whether calls are taken. */
  isOpen = true;
  /** Whether a worker was lost or ended by force: calls may fail with it, and `submit` may be refused for it. */
  isCut = false;

  isDone(call: number): boolean {
    const { state } = this.calls[call] as ModelCall;
    return state !== 'PENDING' && state !== 'RUNNING';
  }

  /** What `cancel()` answers: true for what has not started, and for what was cancelled already. */
  cancels(call: number): boolean {
    const { state } = this.calls[call] as ModelCall;
    return state !== 'RUNNING' && state !== 'FINISHED';
  }

  /** Everything that has not started is cancelled at once. */
  cancelPending(): void {
    for (const [call, { state }] of this.calls.entries()) if (state === 'PENDING') this.cancel(call);
  }

  cancel(call: number): void {
    const it = this.calls[call] as ModelCall;
    if (it.state === 'PENDING') it.state = 'CANCELLED_AND_NOTIFIED';
  }

  /** From here on what is not done may fail with its worker. */
  cut(): void {
    this.isCut = true;
    for (const [call, it] of this.calls.entries()) it.isAtRisk ||= !this.isDone(call);
  }

  /** Takes over what a future says. @returns why that cannot be, if it cannot */
  learn(call: number, state: FutureState): string | undefined {
    const it = this.calls[call] as ModelCall;
    if (!FOLLOWS[it.state].includes(state)) return `call ${call} was ${it.state} and is ${state}`;
    it.state = state;
    return undefined;
  }

  /** Whether what a done call came to is what it should. @param lost whether it failed with BrokenProcessPool */
  judge(call: number, ended: Ending, lost: boolean): string | undefined {
    const { n, isAtRisk } = this.calls[call] as ModelCall;
    if (lost) return isAtRisk ? undefined : `call ${call} failed with its worker, and none was lost`;
    const right = endingOf(n);
    if (ended.kind === right.kind && ended.value === right.value) return undefined;
    return `call ${call} came to the ${ended.kind} ${String(ended.value)}, not to the ${right.kind} ${String(right.value)}`;
  }

  /** Whether `wait()` has what it waits for. @param failed those of the calls that ended with an exception */
  isEnough(calls: readonly number[], returnWhen: ReturnWhen, failed: ReadonlySet<number>): boolean {
    const done = calls.filter((call) => this.isDone(call));
    if (done.length === calls.length) return true;
    if (returnWhen === ALL_COMPLETED) return false;
    return done.some((call) => returnWhen === FIRST_COMPLETED || failed.has(call));
  }
}
