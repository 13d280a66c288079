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
import { bag, integer, timeoutOf, wrongType } from './checks.ts';
import { Deadline } from './deadline.ts';
import { TimeoutError } from './errors.ts';
import { endSource, type MapIterator, type MapOptions, type Plan, type Submitter, sourceOf } from './map-plan.ts';
import { Slots } from './map-slots.ts';
import { isTask } from './task.ts';
import { show } from './wire/describe.ts';

const OPTIONS = new Set(['chunksize', 'buffersize', 'timeout']);

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
    throw new TypeError(`The task of ${of} must be made by tasksFrom() or inline(), not ${show(task)}${hint}.`);
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
  const plan: Plan<T> = {
    of,
    task,
    source,
    argsOf: toArgs,
    chunksize: Math.min(chunksize, buffersize),
    buffersize,
    timeout,
  };
  return new Mapping<T, R>(plan, submitter);
}

class Mapping<T, R> implements MapIterator<R> {
  readonly #plan: Plan<T>;
  /** Let go at the end of the input, so that a dropped executor can be collected then. */
  #submitter: Submitter | undefined;
  readonly #deadline: Deadline;
  readonly #slots = new Slots<R>();
  /** How many `next` calls are not answered yet. */
  #asked = 0;
  /** Items taken for a chunk that is not full yet. */
  #chunk: (readonly unknown[])[] = [];
  #sourceEnded = false;
  #isPulling = false;
  /** Wakes a reader that has nothing to wait for yet: something was submitted, the input ended, or nobody reads on. */
  #wake: (() => void) | undefined;
  /** `next` calls are answered one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(plan: Plan<T>, submitter: Submitter) {
    this.#plan = plan;
    this.#submitter = submitter;
    this.#deadline = new Deadline(plan.timeout);
    try {
      this.#refill();
    } catch (error) {
      this.#abandon();
      throw error;
    }
  }

  next(): Promise<IteratorResult<R, undefined>> {
    // Most items of a chunk are there when they are asked for: no promise but the answer.
    if (this.#asked === 0 && this.#slots.headIsDone) return this.#answerNow();
    return this.#inTurn(() => this.#next());
  }

  async #answerNow(): Promise<IteratorResult<R, undefined>> {
    return { value: this.#takeItem(), done: false };
  }

  async return(): Promise<IteratorResult<R, undefined>> {
    this.#abandon();
    return { value: undefined, done: true };
  }

  async collect(): Promise<R[]> {
    const results: R[] = [];
    try {
      for (;;) {
        while (this.#asked === 0 && this.#slots.headIsDone) results.push(this.#takeItem());
        const it = await this.next();
        if (it.done) return results;
        results.push(it.value);
      }
    } finally {
      this.#abandon();
    }
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Most often seen where a `collect()` was forgotten. */
  [inspect.custom](): string {
    return `MapIterator { of ${this.#plan.of}; use for await, or collect() }`;
  }

  #inTurn<V>(action: () => Promise<V>): Promise<V> {
    this.#asked++;
    const answer = this.#turn.then(action, action);
    const answered = (): void => {
      this.#asked--;
    };
    // Not the answer itself: it would keep the last result alive until the next call (H52).
    this.#turn = answer.then(answered, answered);
    return answer;
  }

  async #next(): Promise<IteratorResult<R, undefined>> {
    while (this.#slots.waiting === 0 && !this.#sourceEnded) await this.#inTime(this.#arrival());
    if (this.#slots.waiting === 0) return { value: undefined, done: true };
    const slot = this.#slots.head;
    if (slot.future === undefined) {
      this.#abandon();
      throw slot.error;
    }
    // The failure of the call is an outcome like any other; only the time can end the wait.
    if (!slot.future.done()) await this.#inTime(slot.future.exception().catch(() => {}));
    return { value: this.#takeItem(), done: false };
  }

  /** The next item, whose future is done. */
  #takeItem(): R {
    const read = this.#slots.pass();
    this.#replace();
    return read();
  }

  /** An item was read: another one may be taken. */
  #replace(): void {
    if (this.#sourceEnded) return;
    try {
      this.#refill();
    } catch (error) {
      this.#failInput(error);
    }
  }

  /** Takes what may be taken now; an asynchronous input goes on by itself. */
  #refill(): void {
    const { sync } = this.#plan.source;
    if (sync === undefined) {
      void this.#pull(this.#plan.source.async);
      return;
    }
    while (!this.#sourceEnded && this.#mayTake) {
      const { value, done } = sync.next();
      this.#take(value as T, done === true);
    }
    // A chunk that cannot be filled up now travels as it is: its items were taken ahead of the reader already.
    if (this.#chunk.length > 0 && this.#slots.waiting === 0) this.#submitChunk();
  }

  /** A chunk is begun only where it can be filled up, else every read would send a chunk of one. */
  get #mayTake(): boolean {
    const { buffersize, chunksize } = this.#plan;
    return this.#slots.waiting + (this.#chunk.length > 0 ? this.#chunk.length : chunksize - 1) < buffersize;
  }

  #take(item: T, isEnd: boolean): void {
    if (isEnd) this.#sourceEnded = true;
    else if (this.#plan.chunksize === 1) this.#submitOne(this.#plan.argsOf(item));
    else this.#chunk.push(this.#plan.argsOf(item));
    const isFull = this.#chunk.length >= this.#plan.chunksize || !this.#mayTake;
    if (this.#chunk.length > 0 && (isEnd || isFull)) this.#submitChunk();
    if (isEnd) this.#submitter = undefined;
  }

  #submitOne(args: readonly unknown[]): void {
    const future = (this.#submitter as Submitter).submit(this.#plan.task, args);
    this.#slots.push({ future, isChunk: false, items: 1 });
  }

  #submitChunk(): void {
    const chunk = this.#chunk;
    this.#chunk = [];
    if (!this.#submitter?.submitChunk) {
      for (const args of chunk) this.#submitOne(args);
      return;
    }
    const future = this.#submitter?.submitChunk(this.#plan.task, chunk);
    this.#slots.push({ future, isChunk: true, items: chunk.length });
  }

  /** Until there is something to read, or never will be; not until the input ends or the buffer is full. */
  #arrival(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      this.#refill();
    });
  }

  /** Takes items of an asynchronous input while that is allowed; one such loop at a time. */
  async #pull(source: AsyncIterator<T>): Promise<void> {
    if (this.#isPulling) return;
    this.#isPulling = true;
    try {
      while (!this.#sourceEnded && this.#mayTake) {
        const { value, done } = await source.next();
        if (this.#sourceEnded) return;
        this.#take(value as T, done === true);
        this.#wake?.();
      }
    } catch (error) {
      this.#failInput(error);
    } finally {
      this.#isPulling = false;
    }
  }

  /** What was taken before still counts; the error stands where the next item would have stood. */
  #failInput(error: unknown): void {
    try {
      if (this.#chunk.length > 0) this.#submitChunk();
    } catch {
      // A pool that takes no more: the first error says why it ends here.
    }
    if (this.#takeNoMore()) endSource(this.#plan.source);
    this.#slots.push({ future: undefined, error, items: 1 });
    this.#wake?.();
  }

  async #inTime(event: Promise<unknown>): Promise<void> {
    if (await this.#deadline.allows(event)) return;
    const unread = this.#slots.waiting;
    this.#abandon();
    throw new TimeoutError(
      `${this.#plan.of} was not done after ${this.#plan.timeout} ms: ${unread} submitted items were unread. ` +
        'What had not started was cancelled.',
    );
  }

  /** @returns whether the input is to be told so, which whoever calls this does last: its code is the user's */
  #takeNoMore(): boolean {
    const isOpen = !this.#sourceEnded;
    this.#sourceEnded = true;
    this.#submitter = undefined;
    return isOpen;
  }

  /** Nobody reads on: cancels what has not started, the newest first so that none of them moves up and starts. */
  #abandon(): void {
    const isOpen = this.#takeNoMore();
    this.#wake?.();
    this.#chunk = [];
    for (const future of this.#slots.clear().reverse()) future.cancel();
    if (isOpen) endSource(this.#plan.source);
  }
}
