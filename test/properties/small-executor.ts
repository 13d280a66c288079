/**
 * A small executor of one's own for `checkExecutor`: it keeps its calls in a queue and runs them in this process. Each
 * bug is a switch, planted where somebody could have made it.
 */
import type { ExecutorLike, FutureLike, Outcome } from '../../properties/index.ts';

/** What is wrong with it. */
export type Bug =
  | 'none'
  | 'loses cancelled'
  | 'runs cancelled'
  | 'calls back twice'
  | 'calls back in reverse'
  | 'calls back with nothing'
  | 'calls back before it is done'
  | 'stops at a callback that throws'
  | 'lets a callback throw at who cancels'
  | 'joins early'
  | 'joins early the second time'
  | 'accepts for ever'
  | 'refuses with a string'
  | 'runs what it refuses'
  | 'settles twice'
  | 'gives every call the same result'
  | 'swaps results'
  | 'returns what was thrown'
  | 'throws what was returned'
  | 'never runs anything'
  | 'runs everything twice'
  | 'starts the last first'
  | 'starts all at once'
  | 'goes back to PENDING'
  | 'always cancels at shutdown'
  | 'never cancels at shutdown'
  | 'waits all the same'
  | 'shuts down without a promise'
  | 'submits later';

class SmallFuture implements FutureLike {
  state = 'PENDING';
  readonly settled: Promise<void>;
  readonly #callbacks: ((future: unknown) => void)[] = [];
  readonly #bug: Bug;
  #outcome: Outcome | undefined;
  #tell: () => void = () => {};

  constructor(bug: Bug) {
    this.#bug = bug;
    this.settled = new Promise((resolve) => {
      this.#tell = resolve;
    });
  }

  cancel(): boolean {
    if (this.state === 'RUNNING' && this.#bug === 'goes back to PENDING') this.state = 'PENDING';
    else if (this.state === 'PENDING') this.end('CANCELLED', { error: new Error('cancelled') });
    return this.cancelled();
  }

  cancelled(): boolean {
    return this.state === 'CANCELLED';
  }

  done(): boolean {
    return this.state === 'FINISHED' || this.cancelled();
  }

  addDoneCallback(callback: (future: unknown) => void): void {
    if (this.done()) this.#callBack([callback]);
    else this.#callbacks.push(callback);
  }

  async result(): Promise<unknown> {
    await this.settled;
    if (this.#outcome && 'result' in this.#outcome) return this.#outcome.result;
    throw this.#outcome?.error;
  }

  end(state: string, outcome: Outcome): void {
    if (this.#bug === 'calls back before it is done') this.#callBack(this.#callbacks.splice(0));
    this.state = state;
    this.#outcome = outcome;
    if (this.#bug !== 'loses cancelled' || state === 'FINISHED') this.#tell();
    if (this.#bug === 'calls back in reverse') this.#callbacks.reverse();
    if (this.#bug === 'calls back twice') this.#callBack(this.#callbacks.slice(0, 1));
    this.#callBack(this.#callbacks.splice(0));
  }

  /** Says a second time how it went, and otherwise. */
  replaceOutcome(outcome: Outcome): void {
    this.#outcome = outcome;
  }

  #callBack(callbacks: readonly ((future: unknown) => void)[]): void {
    const given = this.#bug === 'calls back with nothing' ? undefined : this;
    if (this.#bug === 'lets a callback throw at who cancels' && this.cancelled())
      for (const callback of callbacks) callback(given);
    else if (this.#bug === 'stops at a callback that throws')
      quietly(() => callbacks.forEach((one) => void one(given)));
    else for (const callback of callbacks) quietly(() => callback(given));
  }
}

interface Job {
  readonly future: SmallFuture;
  readonly task: () => Promise<unknown>;
}

/** With a number of workers, and a bug. */
export class SmallExecutor implements ExecutorLike {
  readonly #bug: Bug;
  readonly #workers: number;
  readonly #futures: SmallFuture[] = [];
  readonly #waiting: Job[] = [];
  #running = 0;
  #isShutDown = false;
  #last: unknown;

  constructor(bug: Bug, workers = 1) {
    this.#bug = bug;
    this.#workers = bug === 'starts all at once' ? Number.POSITIVE_INFINITY : workers;
  }

  submit(task: () => Promise<unknown>): SmallFuture {
    if (this.#isShutDown && this.#bug === 'runs what it refuses') void task().catch(() => {});
    if (this.#isShutDown && this.#bug === 'refuses with a string') throw 'shut down';
    if (this.#isShutDown && this.#bug !== 'accepts for ever') throw new Error('shut down');
    const future = new SmallFuture(this.#bug);
    this.#futures.push(future);
    this.#waiting.push({ future, task });
    // Not in the caller's time: what is submitted can be cancelled.
    setImmediate(() => this.#startNext());
    return this.#bug === 'submits later' ? (Promise.resolve(future) as unknown as SmallFuture) : future;
  }

  shutdown({ wait = true, cancelFutures = false } = {}): Promise<void> {
    const isSecond = this.#isShutDown;
    this.#isShutDown = true;
    const cancels = this.#bug === 'always cancels at shutdown' || cancelFutures;
    if (cancels && this.#bug !== 'never cancels at shutdown') for (const { future } of this.#waiting) future.cancel();
    if (this.#bug === 'shuts down without a promise') return undefined as unknown as Promise<void>;
    const isEarly = this.#bug === 'joins early' || (this.#bug === 'joins early the second time' && isSecond);
    const waits = wait || this.#bug === 'waits all the same';
    return waits && !isEarly ? this.#joined() : Promise.resolve();
  }

  async #joined(): Promise<void> {
    await Promise.all(this.#futures.map(({ settled }) => settled));
  }

  #startNext(): void {
    if (this.#running >= this.#workers) return;
    const job = this.#bug === 'starts the last first' ? this.#waiting.pop() : this.#waiting.shift();
    if (job) void this.#run(job);
  }

  async #run({ future, task }: Job): Promise<void> {
    if (future.done()) {
      if (this.#bug === 'runs cancelled') void task().catch(() => {});
      return this.#startNext();
    }
    this.#running++;
    future.state = 'RUNNING';
    if (this.#bug === 'runs everything twice') await outcomeOf(task);
    const outcome = this.#bug === 'never runs anything' ? { result: undefined } : await outcomeOf(task);
    this.#running--;
    future.end('FINISHED', this.#spoilt(outcome));
    if (this.#bug === 'settles twice') setImmediate(() => future.replaceOutcome({ result: 'another' }));
    this.#startNext();
  }

  #spoilt(outcome: Outcome): Outcome {
    if (this.#bug === 'gives every call the same result' && 'result' in outcome) return { result: 'a result' };
    if (this.#bug === 'returns what was thrown' && 'error' in outcome) return { result: outcome.error };
    if (this.#bug === 'throws what was returned' && 'result' in outcome) return { error: outcome.result };
    if (this.#bug !== 'swaps results' || !('result' in outcome)) return outcome;
    const before = this.#last ?? outcome.result;
    this.#last = outcome.result;
    return { result: before };
  }
}

function outcomeOf(task: () => Promise<unknown>): Promise<Outcome> {
  return task().then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  );
}

function quietly(fn: () => void): void {
  try {
    fn();
  } catch {
    // Whoever adds a callback that throws is not told by this executor.
  }
}
