/**
 * `map` and `starmap`: results in the order of the items.
 *
 * Guarantees
 * - With no `buffersize` a synchronous input is taken whole and submitted during the call; an asynchronous one is
 *   taken as it comes.
 * - With `buffersize` at most so many items are taken ahead of the reader, each replaced when one is read.
 * - Items fail alone, also within a chunk; an input or a submit that throws ends the iteration where its item would
 *   have stood, or throws from the call itself when it happens there; what was submitted before is then cancelled
 *   (CPython orphans it, O27).
 *
 * CPython 3.14 `_base.py:577-650` and `process.py:821-854`; that iteration goes on after an error is 3.16's rule
 * (gh-108518).
 */
import { inspect } from 'node:util';
import type { Outcome } from '../machines/vocabulary.ts';
import { TimeoutError } from './errors.ts';
import type { Future } from './future.ts';
import { endSource, type Plan, type Submitter, sourceOf } from './map-plan.ts';
import { bag, integer, timeoutOf, wrongType } from './options.ts';
import { isTask } from './task.ts';

/** Options of `map` and `starmap`. */
export interface MapOptions {
  /**
   * How many items travel to a worker as one call: an integer from 1.
   * @defaultValue 1
   */
  readonly chunksize?: number | undefined;
  /**
   * How many items are taken ahead of the reader: an integer from 1. The input is then pulled lazily.
   * @defaultValue all
   */
  readonly buffersize?: number | undefined;
  /**
   * Milliseconds from the call to `map`, after which `next` throws `TimeoutError` and what has not started is
   * cancelled.
   * @defaultValue for ever
   */
  readonly timeout?: number | undefined;
}

/** The iterator that `map` and `starmap` return; one reader at a time, in order. */
export interface MapIterator<R> extends AsyncIterableIterator<R> {
  next(): Promise<IteratorResult<R, undefined>>;
  /** Ends the iteration and cancels what has not started. */
  return(): Promise<IteratorResult<R, undefined>>;
  /** All remaining results as an array; throws the first error, after cancelling what has not started. */
  collect(): Promise<R[]>;
  [Symbol.asyncIterator](): MapIterator<R>;
}

const OPTIONS = new Set(['chunksize', 'buffersize', 'timeout']);

/** One place of the output: a future, a place within a chunk's future, or the error that ended the input. */
type Slot =
  | { readonly future: Future<unknown>; readonly place: number | undefined }
  | { readonly future: undefined; readonly error: unknown };

/** Checks the arguments and starts submitting. */
export function mapOver<T, R>(
  submitter: Submitter,
  of: string,
  task: unknown,
  items: Iterable<T> | AsyncIterable<T>,
  argsOf: (item: T) => readonly unknown[],
  options: MapOptions = {},
): MapIterator<R> {
  if (!isTask(task)) {
    const hint = typeof task === 'function' ? '; use tasksFrom() or inline(), since processes share no code' : '';
    throw new TypeError(`The task of ${of} must be made by tasksFrom() or inline(), not ${inspect(task)}${hint}.`);
  }
  bag(options, `the options of ${of}`, OPTIONS);
  const chunksize = integer('chunksize', options.chunksize, () => 1);
  const buffersize = integer('buffersize', options.buffersize, () => Number.POSITIVE_INFINITY);
  const timeout = timeoutOf({ timeout: options.timeout }, of);
  const source = sourceOf(items, of);
  const toArgs = (item: T): readonly unknown[] => {
    const args = argsOf(item);
    if (!Array.isArray(args)) wrongType(`Each item of ${of}`, 'an array of arguments', args);
    return args;
  };
  return new Mapping<T, R>({
    submitter,
    of,
    task,
    source,
    argsOf: toArgs,
    chunksize: Math.min(chunksize, buffersize),
    buffersize,
    timeout,
  });
}

class Mapping<T, R> implements MapIterator<R> {
  readonly #plan: Plan<T>;
  readonly #deadline: number;
  /** What comes next, in order; read places are given back in slices. */
  #slots: Slot[] = [];
  #head = 0;
  /** Items taken for a chunk that is not full yet. */
  #chunk: (readonly unknown[])[] = [];
  #sourceEnded = false;
  #pulling: Promise<void> | undefined;
  /** `next` calls are answered one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(plan: Plan<T>) {
    this.#plan = plan;
    this.#deadline = performance.now() + (plan.timeout ?? Number.POSITIVE_INFINITY);
    try {
      this.#refill();
    } catch (error) {
      this.#abandon();
      throw error;
    }
  }

  next(): Promise<IteratorResult<R, undefined>> {
    return this.#inTurn(() => this.#next());
  }

  return(): Promise<IteratorResult<R, undefined>> {
    this.#abandon();
    return Promise.resolve({ value: undefined, done: true });
  }

  async collect(): Promise<R[]> {
    const results: R[] = [];
    try {
      for (let it = await this.next(); !it.done; it = await this.next()) results.push(it.value);
    } finally {
      this.#abandon();
    }
    return results;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Most often seen where a `collect()` was forgotten. */
  [inspect.custom](): string {
    return `MapIterator { of ${this.#plan.of}; use for await, or collect() }`;
  }

  #inTurn<V>(action: () => Promise<V>): Promise<V> {
    const answer = this.#turn.then(action, action);
    // Not the answer itself: it would keep the last result alive until the next call (H52).
    this.#turn = answer.then(ignore, ignore);
    return answer;
  }

  async #next(): Promise<IteratorResult<R, undefined>> {
    while (this.#waiting === 0 && !this.#sourceEnded) await this.#inTime(this.#pull());
    if (this.#waiting === 0) return { value: undefined, done: true };
    const slot = this.#slots[this.#head] as Slot;
    if (slot.future === undefined) {
      this.#abandon();
      throw slot.error;
    }
    // The failure of the call is an outcome like any other; only the time can end the wait.
    await this.#inTime(slot.future.exception().catch(() => {}));
    this.#passHead();
    const { future, place } = slot;
    if (place === undefined) return { value: future.resultNow() as R, done: false };
    const outcome = (future.resultNow() as Outcome[])[place];
    if (outcome?.kind === 'result') return { value: outcome.value as R, done: false };
    throw outcome?.kind === 'exception' ? outcome.error : new Error('a worker answered a chunk with too few outcomes');
  }

  get #waiting(): number {
    return this.#slots.length - this.#head;
  }

  #passHead(): void {
    // Not kept: neither the result nor the future, once they were read (H52).
    this.#slots[this.#head++] = EMPTY;
    if (this.#head >= 1024 && this.#head * 2 >= this.#slots.length) {
      this.#slots = this.#slots.slice(this.#head);
      this.#head = 0;
    }
    try {
      this.#refill();
    } catch (error) {
      this.#endSource();
      this.#slots.push({ future: undefined, error });
    }
  }

  /** Takes what may be taken now; an asynchronous input goes on by itself. */
  #refill(): void {
    const { sync } = this.#plan.source;
    if (sync === undefined) {
      if (!this.#sourceEnded && this.#mayTake) void this.#pull();
      return;
    }
    while (!this.#sourceEnded && this.#mayTake) {
      const { value, done } = sync.next();
      this.#take(value as T, done === true);
    }
    // A chunk that cannot be filled up now travels as it is: its items were taken ahead of the reader already.
    if (this.#chunk.length > 0 && this.#waiting === 0) this.#submitChunk();
  }

  get #mayTake(): boolean {
    return this.#waiting + this.#chunk.length < this.#plan.buffersize;
  }

  #take(item: T, isEnd: boolean): void {
    if (isEnd) this.#sourceEnded = true;
    else if (this.#plan.chunksize === 1) this.#submitOne(this.#plan.argsOf(item));
    else this.#chunk.push(this.#plan.argsOf(item));
    const isFull = this.#chunk.length >= this.#plan.chunksize || !this.#mayTake;
    if (this.#chunk.length > 0 && (isEnd || isFull)) this.#submitChunk();
  }

  #submitOne(args: readonly unknown[]): void {
    this.#slots.push({ future: this.#plan.submitter.submit(this.#plan.task, args), place: undefined });
  }

  #submitChunk(): void {
    const chunk = this.#chunk;
    this.#chunk = [];
    if (!this.#plan.submitter.submitChunk) {
      for (const args of chunk) this.#submitOne(args);
      return;
    }
    const future = this.#plan.submitter.submitChunk(this.#plan.task, chunk);
    for (let place = 0; place < chunk.length; place++) this.#slots.push({ future, place });
  }

  /** Takes items of an asynchronous input while that is allowed; one such loop at a time. */
  #pull(): Promise<void> {
    const { sync } = this.#plan.source;
    if (sync !== undefined) return Promise.resolve();
    this.#pulling ??= this.#pullAsync(this.#plan.source.async).finally(() => {
      this.#pulling = undefined;
    });
    return this.#pulling;
  }

  async #pullAsync(source: AsyncIterator<T>): Promise<void> {
    try {
      while (!this.#sourceEnded && this.#mayTake) {
        const { value, done } = await source.next();
        if (this.#sourceEnded) return;
        this.#take(value as T, done === true);
      }
    } catch (error) {
      this.#endSource();
      this.#slots.push({ future: undefined, error });
    }
  }

  async #inTime(event: Promise<unknown>): Promise<void> {
    if (this.#plan.timeout === undefined) {
      await event;
      return;
    }
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(resolve, Math.max(0, this.#deadline - performance.now()), 'late');
    });
    const first = await Promise.race([event, late]);
    clearTimeout(timer);
    if (first !== 'late') return;
    const unread = this.#waiting;
    this.#abandon();
    throw new TimeoutError(
      `${this.#plan.of} was not done after ${this.#plan.timeout} ms: ${unread} submitted items were unread. ` +
        'What had not started was cancelled.',
    );
  }

  #endSource(): void {
    if (this.#sourceEnded) return;
    this.#sourceEnded = true;
    endSource(this.#plan.source);
  }

  /** Nobody reads on: cancels what has not started, the newest first so that none of them moves up and starts. */
  #abandon(): void {
    this.#endSource();
    const slots = this.#slots.slice(this.#head);
    this.#slots = [];
    this.#head = 0;
    this.#chunk = [];
    for (const slot of slots.reverse()) slot.future?.cancel();
  }
}

const EMPTY: Slot = { future: undefined, error: undefined };

function ignore(): void {}
