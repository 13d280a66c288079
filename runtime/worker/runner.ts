/**
 * Runs calls one after the other; a task runs to completion before the next one starts.
 *
 * Synchronous calls run in a row without a turn of the event loop between them. Nothing of a call is kept once it was
 * reported: neither arguments nor result (bpo-31540, bpo-35715).
 */
import type { JsonValue, ReceivedSegments } from '../wire/frames.ts';
import { CallForm, type TaskRef } from '../wire/messages.ts';
import { decodeArgs } from '../wire/value.ts';
import { now, type Reporter, SLICE_MS, UnreadableArguments } from './reporter.ts';
import { resolveTask, type TaskFunction } from './tasks.ts';

/** A call as it arrived. */
export interface ReceivedCall {
  readonly id: number;
  readonly ref: TaskRef;
  /** One of {@link CallForm}. */
  readonly form: number;
  readonly value: JsonValue;
  readonly segments: ReceivedSegments;
}

/**
 * A result must not wait behind what may be long: results leave before each of the first calls of a function, and after
 * a long one for so many that were short. One call in a hundred at 50 ms then strands nothing (before: 50 ms).
 */
const FIRST_WATCH = 16;
const LATER_WATCH = 1_000;

/** The calls of this worker. */
export class Runner {
  readonly #reporter: Reporter;
  readonly #counts: { callsDone: number };
  #waiting: ReceivedCall[] = [];
  #next = 0;
  #isBusy = false;
  #leave: (() => void) | undefined;
  /** By key of the function: before how many more of its calls results leave first. */
  readonly #watched: number[] = [];

  constructor(reporter: Reporter, counts: { callsDone: number }) {
    this.#reporter = reporter;
    this.#counts = counts;
  }

  add(call: ReceivedCall): void {
    this.#waiting.push(call);
  }

  /** Calls `leave` once no call runs or waits: results are written by then. */
  whenDone(leave: () => void): void {
    this.#leave = leave;
    if (!this.#isBusy) leave();
  }

  /** Runs what waits, unless a call is running: then it goes on after that one. */
  run(): void {
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (let waiting = this.#take(); waiting; waiting = this.#take()) {
      const pending = this.#start(waiting);
      if (!pending) continue;
      // Short results must not wait for a long asynchronous call.
      this.#reporter.flushSoon();
      pending.then(() => {
        this.#isBusy = false;
        this.run();
      });
      return;
    }
    this.#reporter.flush();
    this.#isBusy = false;
    this.#leave?.();
  }

  #take(): ReceivedCall | undefined {
    const waiting = this.#waiting[this.#next];
    if (waiting === undefined) return undefined;
    this.#waiting[this.#next++] = undefined as never;
    if (this.#next === this.#waiting.length) {
      this.#waiting = [];
      this.#next = 0;
    }
    return waiting;
  }

  /** Runs one call. @returns a promise that never rejects, if it does not end here and now */
  #start(received: ReceivedCall): Promise<void> | undefined {
    const { id, ref, form } = received;
    const key = typeof ref === 'number' ? ref : ref[0];
    if (form === CallForm.chunk || form === CallForm.plainChunk) {
      // Many items are long together.
      this.#reporter.flush();
      return this.#startChunk(received);
    }
    if ((this.#watched[key] ?? FIRST_WATCH) > 0) this.#reporter.flush();
    let started = now();
    try {
      const fn = resolveTask(ref);
      if (typeof fn !== 'function') return this.#runOnceLoaded(id, fn, () => readArgs(received));
      const args = readArgs(received);
      started = now();
      const returned = call(fn, args);
      if (isThenable(returned)) return this.#settle(id, started, returned);
      this.#watch(key, now() - started);
      this.#reporter.result(id, started, returned);
    } catch (error) {
      this.#watch(key, now() - started);
      this.#reporter.thrown(id, started, error);
    }
    this.#counts.callsDone++;
    return undefined;
  }

  /** After a long call, results leave before each of the next: what was long once will be again, and without notice. */
  #watch(key: number, ms: number): void {
    const left = this.#watched[key] ?? FIRST_WATCH;
    if (ms >= SLICE_MS) this.#watched[key] = LATER_WATCH;
    else if (left > 0) this.#watched[key] = left - 1;
  }

  async #settle(id: number, started: number, returned: unknown): Promise<void> {
    try {
      this.#reporter.result(id, started, await returned);
    } catch (error) {
      this.#reporter.thrown(id, started, error);
    }
    this.#counts.callsDone++;
  }

  /** The first call of a function: its module is loading, and that time is not the function's. */
  async #runOnceLoaded(id: number, loading: Promise<TaskFunction>, args: () => unknown[]): Promise<void> {
    let started = now();
    try {
      const fn = await loading;
      started = now();
      this.#reporter.result(id, started, await call(fn, args()));
    } catch (error) {
      this.#reporter.thrown(id, started, error);
    }
    this.#counts.callsDone++;
  }

  /** The items of a chunk, one after the other; each succeeds or fails alone. No turn of the loop unless one waits. */
  #startChunk({ id, ref, form, value, segments }: ReceivedCall): Promise<void> | undefined {
    const items = value as readonly JsonValue[];
    const run: ChunkRun = { items, form, segments, chunk: this.#reporter.chunk(id, now()) };
    let fn: ReturnType<typeof resolveTask>;
    try {
      fn = resolveTask(ref);
    } catch (error) {
      fn = Promise.reject(error);
    }
    if (typeof fn !== 'function') return this.#runChunkOnceLoaded(run, fn);
    for (let place = 0; place < items.length; place++) {
      const pending = runItem(run, fn, place);
      if (pending) return this.#finishChunk(run, fn, place, pending);
    }
    this.#endChunk(run);
    return undefined;
  }

  async #runChunkOnceLoaded(run: ChunkRun, loading: PromiseLike<TaskFunction>): Promise<void> {
    let fn: TaskFunction;
    try {
      fn = await loading;
    } catch (missing) {
      fn = () => {
        throw missing;
      };
    }
    await this.#finishChunk(run, fn, -1, undefined);
  }

  /** From an item on that has begun and whose result is awaited. */
  async #finishChunk(
    run: ChunkRun,
    fn: TaskFunction,
    begun: number,
    first: PromiseLike<unknown> | undefined,
  ): Promise<void> {
    let pending = first;
    for (let place = begun; place < run.items.length; pending = runItem(run, fn, ++place)) {
      if (!pending) continue;
      try {
        run.chunk.result(await pending);
      } catch (error) {
        run.chunk.thrown(error);
      }
    }
    this.#endChunk(run);
  }

  #endChunk({ chunk }: ChunkRun): void {
    chunk.end();
    this.#counts.callsDone++;
  }
}

/** What v8 wrote and cannot read again is the fault of the arguments, not of the task. */
function readArgs({ form, value, segments }: Pick<ReceivedCall, 'form' | 'value' | 'segments'>): unknown[] {
  if (form === CallForm.primitive) return [value];
  try {
    return decodeArgs(value, segments);
  } catch (reason) {
    throw new UnreadableArguments(reason);
  }
}

interface ChunkRun {
  readonly items: readonly JsonValue[];
  readonly form: number;
  readonly segments: ReceivedSegments;
  readonly chunk: ReturnType<Reporter['chunk']>;
}

/** Runs one item. @returns what has to be awaited, if it does not end here and now */
function runItem(
  { items, form, segments, chunk }: ChunkRun,
  fn: TaskFunction,
  place: number,
): PromiseLike<unknown> | undefined {
  const item = items[place];
  // Its arguments could not be copied; or there is no such place, after the last.
  if (item === undefined || (item === null && form === CallForm.chunk)) return undefined;
  try {
    const returned = call(fn, argsOfItem(item, form, segments));
    if (isThenable(returned)) return returned;
    chunk.result(returned);
  } catch (error) {
    chunk.thrown(error);
  }
  return undefined;
}

function argsOfItem(item: JsonValue, form: number, segments: ReceivedSegments): unknown[] {
  if (form === CallForm.plainChunk) return [item];
  return readArgs({ form: CallForm.args, value: (item as readonly [JsonValue])[0], segments });
}

/** A function of its own, so that no frame of ours keeps the arguments while a result is awaited. */
function call(fn: TaskFunction, args: unknown[]): unknown {
  return fn(...args);
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    value !== null &&
    (typeof value === 'object' || typeof value === 'function') &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}
