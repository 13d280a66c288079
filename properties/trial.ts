/**
 * One run of an executor under test: makes the events, notes what is seen, and judges it.
 */
import { inspect } from 'node:util';
import type { Checked, ExecutorLike, FutureLike } from './check-options.ts';
import { Broken, PROMISES, type PromiseId } from './check-promises.ts';
import { CallbackError, Functions, inBrief, isSame, judgeStart, type Outcome, outcomeOf } from './functions.ts';
import type { Sight } from './sights.ts';
import { judgeState, notAFuture, type Watched } from './watched.ts';

/** One run. */
export class Trial<E extends ExecutorLike> {
  readonly lines: string[] = [];
  readonly seen = new Set<Sight>();
  broken: { readonly id: PromiseId; readonly sentence: string; readonly why: string } | undefined;
  readonly #executor: E;
  readonly #options: Checked<E>;
  readonly #functions = new Functions((call) => this.#onStart(call));
  readonly #futures: Watched[] = [];
  readonly #pending: Promise<void>[] = [];
  /** Found where nothing can be thrown: in the executor's own time. */
  #noted: Broken | undefined;
  #onNote = () => {};
  #isShutDown = false;
  #calls = 0;

  constructor(executor: E, options: Checked<E>) {
    if (typeof executor?.shutdown !== 'function')
      throw new TypeError(`The factory must return an executor, which has shutdown(), not ${inspect(executor)}.`);
    this.#executor = executor;
    this.#options = options;
  }

  /** Makes the events, then shuts down and waits for all that must have happened by then. */
  async make(words: readonly string[]): Promise<void> {
    try {
      for (const word of words) await this.#do(word);
      await this.#end();
    } catch (error) {
      const { id, message } = this.#noted ?? asBroken(error);
      this.broken = { id, sentence: PROMISES[id], why: message };
      // What is broken may never end; nobody waits for it here.
      Promise.resolve(this.#executor.shutdown({ wait: false, cancelFutures: true })).catch(() => {});
    }
  }

  async #do(word: string): Promise<void> {
    const [verb, number] = word.split(' ');
    const watched = this.#futures[Number(number)];
    const line = this.lines.push(word) - 1;
    try {
      if (verb === 'submit') this.#submit();
      else if (verb === 'turn') await turn();
      else if (verb === 'shutdown') this.#shutdown(false);
      else if (verb === 'shutdownCancel') this.#shutdown(true);
      else if (verb === 'shutdownNoWait') await this.#shutdownNoWait();
      else if (!watched) this.lines[line] = `${word}: there is no such future`;
      else if (verb === 'cancel') this.#cancel(watched);
      else if (verb === 'watch') this.#watch(watched);
      else if (verb === 'watchThrow') this.#watchThrow(watched);
      else if (verb === 'await') await this.#await(watched);
    } finally {
      const states = this.#futures.map(({ future, call }) => `c${call} ${future.state}`).join(', ');
      this.lines[line] += ` -> ${states || 'no future'}`;
    }
    this.#look();
  }

  #submit(): void {
    const call = this.#calls++;
    const outcome = this.#options.outcome?.(call) ?? outcomeOf(call);
    let future: FutureLike;
    try {
      future = this.#options.submit(this.#executor, call, this.#functions.task(call, outcome));
    } catch (error) {
      if (!this.#isShutDown) throw new Broken('C10', `submit of call ${call} threw ${inspect(error)}`);
      if (!(error instanceof Error))
        throw new Broken('C5', `call ${call} was refused with ${inspect(error)}, no Error`);
      this.seen.add('a submit was refused');
      return;
    }
    if (this.#isShutDown) throw new Broken('C5', `call ${call} was accepted`);
    const wrong = notAFuture(future);
    if (wrong !== undefined) throw new Broken('C10', `submit of call ${call} returned ${wrong}`);
    const isJudged = this.#options.takesTask || this.#options.outcome !== undefined;
    const watched: Watched = { future, call, registered: 0, ran: [], threw: [], ...(isJudged ? { due: outcome } : {}) };
    this.#futures.push(watched);
    this.#watch(watched);
  }

  #cancel(watched: Watched): void {
    const { future, call } = watched;
    const wasDone = future.done();
    const was = future.cancelled();
    const answer = future.cancel();
    if (answer !== future.cancelled()) throw new Broken('C3', `call ${call}: it answered ${answer}, ${future.state}`);
    if (wasDone && answer !== was) throw new Broken('C3', `call ${call} was done, and it answered ${answer}`);
    if (answer) watched.mayBeCancelled = true;
    this.seen.add(answer ? 'a call was cancelled' : 'a cancel came too late');
  }

  #watch(watched: Watched, then = () => {}): void {
    const { future, call, ran } = watched;
    const number = watched.registered++;
    const wasDone = future.done();
    future.addDoneCallback((given) => {
      ran.push(number);
      if (!future.done()) ran.push(-1);
      if (given !== future) this.#note(new Broken('C11', `callback ${number} of call ${call} got ${inspect(given)}`));
      // Read as early as can be: an outcome that is replaced later is found by this.
      if (number === 0) void this.#read(watched).catch(() => {});
      then();
    });
    if (wasDone && !ran.includes(number)) throw new Broken('C4', `call ${call} was done, and callback ${number} waits`);
  }

  /** A callback that throws, and one after it that must run all the same. */
  #watchThrow(watched: Watched): void {
    const number = watched.registered;
    const escaped = () => this.#note(new Broken('C12', `nobody caught what callback ${number} had thrown`));
    this.#watch(watched, () => {
      this.seen.add('a callback threw');
      watched.threw.push(number);
      throw new CallbackError(escaped);
    });
    this.#watch(watched);
  }

  async #await(watched: Watched): Promise<void> {
    const { future, call, due } = watched;
    const why = () => `result() of call ${call} has not settled; it is ${future.state}`;
    const outcome = await this.#inTime(this.#read(watched), 'C1', why);
    const brief = inBrief(outcome);
    if (!future.done()) throw new Broken('C8', `result() of call ${call} gave ${brief}; it is ${future.state}`);
    const isCancelled = future.cancelled();
    if (isCancelled && 'result' in outcome) throw new Broken('C8', `call ${call} is ${future.state} and has ${brief}`);
    if (watched.outcome && !isSame(outcome, watched.outcome))
      throw new Broken('C2', `call ${call} had ${inBrief(watched.outcome)}, and now has ${brief}`);
    if (isCancelled) return;
    if ('error' in outcome && outcome.error instanceof CallbackError)
      throw new Broken('C12', `call ${call} ended with what its callback had thrown`);
    if (this.#options.takesTask && !this.#functions.starts.includes(call))
      throw new Broken('C14', `call ${call} has ${brief}, and its function has not run`);
    if (due && !isSame(outcome, due)) throw new Broken('C13', `call ${call}: ${brief}, and not ${inBrief(due)}`);
    this.seen.add('result' in outcome ? 'a call ended with a result' : 'a call ended with an error');
  }

  async #read(watched: Watched): Promise<Outcome> {
    const outcome = await watched.future.result().then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    );
    watched.outcome ??= outcome;
    return outcome;
  }

  #shutdown(cancelFutures: boolean): void {
    const waiting = this.#futures.filter(({ future }) => future.state === 'PENDING');
    this.#isShutDown = true;
    // Callbacks look as well, while it cancels.
    if (cancelFutures) for (const watched of waiting) watched.mayBeCancelled = true;
    const joined = this.#promised(this.#executor.shutdown({ wait: true, cancelFutures }));
    this.#pending.push(joined.then(() => this.#judgeJoined()));
    this.#pending.at(-1)?.catch(() => {});
    for (const { future, call } of cancelFutures ? waiting : [])
      if (!future.cancelled()) throw new Broken('C7', `call ${call} was pending and is ${future.state}`);
    if (waiting.length > 0) this.seen.add(cancelFutures ? 'a shutdown cancelled' : 'a shutdown let calls finish');
  }

  async #shutdownNoWait(): Promise<void> {
    const open = this.#futures.filter(({ future }) => !future.done());
    this.#isShutDown = true;
    // What waits for these calls all the same can then not get away with their being quick.
    const release = this.#functions.hold();
    const returned = this.#promised(this.#executor.shutdown({ wait: false }));
    const still = () => open.filter(({ future }) => !future.done()).map(({ call }) => `call ${call}`);
    await this.#inTime(returned, 'C18', () => `it has not resolved; not done: ${still().join(', ') || 'none'}`);
    release();
    if (open.length > 0) this.seen.add('a shutdown did not wait');
  }

  #promised(returned: unknown): Promise<void> {
    if (typeof (returned as PromiseLike<void> | undefined)?.then === 'function') return returned as Promise<void>;
    throw new Broken('C6', `it returned ${inspect(returned)}, and no promise`);
  }

  #judgeJoined(): void {
    for (const { future, call } of this.#futures)
      if (!future.done()) throw new Broken('C6', `it has resolved, and call ${call} is ${future.state}`);
  }

  async #end(): Promise<void> {
    this.lines.push('shutdown, as at the end of every run');
    this.#shutdown(false);
    await this.#inTime(Promise.all(this.#pending), 'C6', () => 'it has not resolved');
    for (const watched of this.#futures) await this.#await(watched);
    // Some time in which what is over could change.
    for (let left = 2; left > 0; left--) await turn();
    this.#look();
    for (const watched of this.#futures) await this.#await(watched);
    for (const { call, registered, ran, threw } of this.#futures) {
      const order = Array.from({ length: registered }, (_, number) => number);
      if (ran.join() === order.join()) continue;
      const isStopped = threw.some((number) => order.some((later) => later > number && !ran.includes(later)));
      throw new Broken(isStopped ? 'C12' : 'C4', `call ${call}: ${registered} registered, ran ${ran.join() || 'none'}`);
    }
    await this.#judgeStarts();
  }

  /** Whether every function has run that had to, and none that must not. */
  async #judgeStarts(): Promise<void> {
    const { hasStarted, starts, takesTask, workers } = this.#options;
    const told = starts ? await starts(this.#executor) : this.#functions.starts;
    for (const at of starts ? told.keys() : []) this.#note(judgeStart(told.slice(0, at + 1), this.#futures, workers));
    if (this.#noted) throw this.#noted;
    for (const { future, call } of takesTask || starts || hasStarted ? this.#futures : []) {
      const isKnown = takesTask || starts !== undefined;
      const started = isKnown ? told.includes(call) : await hasStarted?.(this.#executor, call);
      if (future.cancelled() && started) throw new Broken('C9', `call ${call} is ${future.state} and has started`);
      if (!future.cancelled() && !started)
        throw new Broken('C14', `call ${call} is ${future.state}, and its function has not run`);
    }
  }

  #onStart(call: number): void {
    const { workers = Number.POSITIVE_INFINITY } = this.#options;
    const { starts, running } = this.#functions;
    // Known as soon as it starts, even before its submit has thrown.
    if (this.#isShutDown && !this.#futures.some((one) => one.call === call))
      this.#note(new Broken('C5', `call ${call} came after the shutdown and has started`));
    this.#note(judgeStart(starts, this.#futures, this.#options.workers));
    if (running > workers)
      this.#note(new Broken('C16', `with call ${call} there run ${running}, and workers is ${workers}`));
  }

  #look(): void {
    for (const watched of this.#futures) judgeState(watched);
    if (this.#noted) throw this.#noted;
  }

  #note(broken: Broken | undefined): void {
    this.#noted ??= broken;
    if (this.#noted) this.#onNote();
  }

  async #inTime<T>(promise: Promise<T>, id: PromiseId, why: () => string): Promise<T> {
    const { timeout } = this.#options;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Broken(id, `${why()} after ${timeout} ms`)), timeout);
      // What was noted meanwhile may be why this never ends.
      this.#onNote = () => reject(this.#noted);
    });
    try {
      return await Promise.race([promise, late]);
    } finally {
      clearTimeout(timer);
      this.#onNote = () => {};
    }
  }
}

function asBroken(error: unknown): Broken {
  if (error instanceof Broken) return error;
  if (error instanceof CallbackError)
    return new Broken('C12', 'what a callback threw came out of the method that had called it');
  return new Broken('C10', String(error));
}

const turn = () => new Promise(setImmediate);
