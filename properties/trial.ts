/**
 * One run of an executor under test: makes the events, notes what is seen, and judges it.
 */

/** A future as far as it is judged. */
export interface FutureLike {
  readonly state: string;
  cancel(): boolean;
  cancelled(): boolean;
  done(): boolean;
  addDoneCallback(callback: () => void): void;
  result(): Promise<unknown>;
}

/** An executor as far as it is judged. */
export interface ExecutorLike {
  shutdown(options?: { readonly wait?: boolean; readonly cancelFutures?: boolean }): Promise<void>;
}

/** Options of `checkExecutor`. */
export interface CheckOptions<E extends ExecutorLike> {
  /** Submits call number `call`; some calls may fail, some may take a while, all must end. */
  readonly submit: (executor: E, call: number) => FutureLike;
  /** Whether the function of a call has ever started, where that can be known; asked when all is over. */
  readonly hasStarted?: (executor: E, call: number) => boolean | Promise<boolean>;
  /**
   * How many runs.
   * @defaultValue 100
   */
  readonly runs?: number;
  /**
   * How many events a run has at most.
   * @defaultValue 20
   */
  readonly length?: number;
  /**
   * Another seed makes other runs, the same seed the same.
   * @defaultValue 1
   */
  readonly seed?: number;
  /**
   * Milliseconds within which whatever must happen has happened.
   * @defaultValue 5000
   */
  readonly timeout?: number;
  /** Makes this one run instead: the events of a failure. */
  readonly replay?: readonly string[];
}

/** What is promised of every executor, in the order in which it is judged. */
const PROMISES = {
  C1: 'Every accepted future settles.',
  C2: 'A future that is done stays as it is.',
  C3: 'cancel() answers true exactly when the future is cancelled.',
  C4: 'A callback runs once, in order of registration, when the future is done; at once if it is done already.',
  C5: 'After a shutdown, submit throws.',
  C6: 'shutdown() resolves, and every future is done when it does.',
  C7: 'cancelFutures cancels every call that has not started, in that instant.',
  C8: 'result() settles as the future has.',
  C9: 'A call that was cancelled never starts.',
  C10: 'What is allowed does not throw.',
} as const;

interface Watched {
  readonly future: FutureLike;
  readonly call: number;
  /** The state in which it was first seen done. */
  doneAs: string | undefined;
  /** Callbacks in the order of registration, and as they ran. */
  registered: number;
  readonly ran: number[];
}

class Broken extends Error {
  readonly id: keyof typeof PROMISES;
  constructor(id: keyof typeof PROMISES, why: string) {
    super(why);
    this.id = id;
  }
}

/** One run. */
export class Trial<E extends ExecutorLike> {
  readonly lines: string[] = [];
  readonly seen = new Set<string>();
  broken: { readonly id: string; readonly sentence: string; readonly why: string } | undefined;
  readonly #executor: E;
  readonly #options: CheckOptions<E>;
  readonly #futures: Watched[] = [];
  readonly #pending: Promise<void>[] = [];
  #isShutDown = false;
  #calls = 0;

  constructor(executor: E, options: CheckOptions<E>) {
    this.#executor = executor;
    this.#options = options;
  }

  /** Makes the events, then shuts down and waits for all that must have happened by then. */
  async make(words: readonly string[]): Promise<void> {
    try {
      for (const word of words) await this.#do(word);
      await this.#end();
    } catch (error) {
      const { id, message } = error instanceof Broken ? error : new Broken('C10', String(error));
      this.broken = { id, sentence: PROMISES[id], why: message };
      // What is broken may never end; nobody waits for it here.
      this.#executor.shutdown({ wait: false, cancelFutures: true }).catch(() => {});
    }
  }

  async #do(word: string): Promise<void> {
    const [verb, number] = word.split(' ');
    const watched = this.#futures[Number(number)];
    const line = this.lines.push(word) - 1;
    if (verb === 'submit') this.#submit();
    else if (verb === 'turn') await new Promise(setImmediate);
    else if (verb === 'shutdown') this.#shutdown(false);
    else if (verb === 'shutdownCancel') this.#shutdown(true);
    else if (!watched) this.lines[line] = `${word}: there is no such future`;
    else if (verb === 'cancel') this.#cancel(watched);
    else if (verb === 'watch') this.#watch(watched);
    else if (verb === 'await') await this.#await(watched);
    this.#look();
    const states = this.#futures.map(({ future, call }) => `c${call} ${future.state}`).join(', ');
    this.lines[line] += ` -> ${states || 'no future'}`;
  }

  #submit(): void {
    const call = this.#calls++;
    let future: FutureLike;
    try {
      future = this.#options.submit(this.#executor, call);
    } catch (error) {
      if (!this.#isShutDown) throw new Broken('C10', `submit of call ${call} threw ${String(error)}`);
      this.seen.add('a submit was refused');
      return;
    }
    if (this.#isShutDown) throw new Broken('C5', `call ${call} was accepted`);
    const watched: Watched = { future, call, doneAs: undefined, registered: 0, ran: [] };
    this.#futures.push(watched);
    this.#watch(watched);
  }

  #cancel({ future, call }: Watched): void {
    const wasDone = future.done();
    const was = future.cancelled();
    const answer = future.cancel();
    if (answer !== future.cancelled()) throw new Broken('C3', `call ${call}: it answered ${answer}, ${future.state}`);
    if (wasDone && answer !== was) throw new Broken('C3', `call ${call} was done, and it answered ${answer}`);
    this.seen.add(answer ? 'a call was cancelled' : 'a cancel came too late');
  }

  #watch(watched: Watched): void {
    const { future, call, ran } = watched;
    const number = watched.registered++;
    const wasDone = future.done();
    future.addDoneCallback(() => {
      ran.push(number);
      if (!future.done()) ran.push(-1);
    });
    if (wasDone && !ran.includes(number)) throw new Broken('C4', `call ${call} was done, and callback ${number} waits`);
  }

  async #await({ future, call }: Watched): Promise<void> {
    const ended = future.result().then(
      () => 'a result',
      () => 'an error',
    );
    const how = await this.#inTime(ended, 'C1', `result() of call ${call} has not settled; it is ${future.state}`);
    if (!future.done()) throw new Broken('C8', `result() of call ${call} gave ${how}; it is ${future.state}`);
    if (future.cancelled() && how === 'a result') throw new Broken('C8', `call ${call} is cancelled and has a result`);
    this.seen.add(`a call ended with ${how}`);
  }

  #shutdown(cancelFutures: boolean): void {
    const waiting = this.#futures.filter(({ future }) => future.state === 'PENDING');
    this.#isShutDown = true;
    const joined = this.#executor.shutdown({ wait: true, cancelFutures });
    this.#pending.push(joined.then(() => this.#judgeJoined()));
    this.#pending.at(-1)?.catch(() => {});
    for (const { future, call } of cancelFutures ? waiting : [])
      if (!future.cancelled()) throw new Broken('C7', `call ${call} was pending and is ${future.state}`);
    if (waiting.length > 0) this.seen.add(cancelFutures ? 'a shutdown cancelled' : 'a shutdown let calls finish');
  }

  #judgeJoined(): void {
    for (const { future, call } of this.#futures)
      if (!future.done()) throw new Broken('C6', `it has resolved, and call ${call} is ${future.state}`);
  }

  async #end(): Promise<void> {
    this.lines.push('shutdown, as at the end of every run');
    this.#shutdown(false);
    await this.#inTime(Promise.all(this.#pending), 'C6', 'it has not resolved');
    for (const watched of this.#futures) await this.#await(watched);
    this.#look();
    for (const { call, registered, ran } of this.#futures) {
      const order = Array.from({ length: registered }, (_, number) => number);
      if (ran.join() !== order.join())
        throw new Broken('C4', `call ${call}: ${registered} registered, ran ${ran.join()}`);
    }
    const { hasStarted } = this.#options;
    for (const { future, call } of hasStarted ? this.#futures : [])
      if (future.cancelled() && (await hasStarted?.(this.#executor, call)))
        throw new Broken('C9', `call ${call} is ${future.state} and has started`);
  }

  /** Whether what was done stays as it was. */
  #look(): void {
    for (const watched of this.#futures) {
      const { future, call, doneAs } = watched;
      // Seen by its executor, a cancelled future goes on to say that it was.
      const isNoted = doneAs === 'CANCELLED' && future.state === 'CANCELLED_AND_NOTIFIED';
      if (doneAs !== undefined && future.state !== doneAs && !isNoted)
        throw new Broken('C2', `call ${call} was ${doneAs} and is ${future.state}`);
      if (future.done()) watched.doneAs = future.state;
    }
  }

  async #inTime<T>(promise: Promise<T>, id: keyof typeof PROMISES, why: string): Promise<T> {
    const { timeout = 5_000 } = this.#options;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Broken(id, `${why} after ${timeout} ms`)), timeout);
    });
    try {
      return await Promise.race([promise, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
