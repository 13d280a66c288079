/**
 * Runs calls one after the other; a task runs to completion before the next one starts.
 *
 * Synchronous calls run in a row without a turn of the event loop between them. Nothing of a call is kept once it was
 * reported: neither arguments nor result (bpo-31540, bpo-35715).
 */
import type { JsonValue, ReceivedSegments } from '../wire/frames.ts';
import type { CallEntry, ChunkEntry } from '../wire/messages.ts';
import { decodeArgs } from '../wire/value.ts';
import { now, type Reporter, SLICE_MS, UnreadableArguments } from './reporter.ts';
import { resolveTask, type TaskFunction } from './tasks.ts';

interface Waiting {
  readonly entry: CallEntry;
  readonly segments: ReceivedSegments;
}

/** The calls of this worker. */
export class Runner {
  readonly #reporter: Reporter;
  readonly #counts: { callsDone: number };
  #waiting: Waiting[] = [];
  #next = 0;
  #isBusy = false;
  #leave: (() => void) | undefined;
  /** How long each function took last, in milliseconds; a result must not wait behind what may be long. */
  readonly #took = new Map<number, number>();

  constructor(reporter: Reporter, counts: { callsDone: number }) {
    this.#reporter = reporter;
    this.#counts = counts;
  }

  add(entry: CallEntry, segments: ReceivedSegments): void {
    this.#waiting.push({ entry, segments });
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

  #take(): Waiting | undefined {
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
  #start({ entry, segments }: Waiting): Promise<void> | undefined {
    if (entry.length === 4 && entry[3] === 1) return this.#startChunk(entry as ChunkEntry, segments);
    const [id, ref, encoded] = entry as Exclude<CallEntry, ChunkEntry>;
    const key = typeof ref === 'number' ? ref : ref[0];
    if (!((this.#took.get(key) ?? 1) < SLICE_MS)) this.#reporter.flush();
    let started = now();
    try {
      const fn = resolveTask(ref);
      if (typeof fn !== 'function') return this.#runOnceLoaded(id, fn, () => readArgs(encoded, segments));
      const args = readArgs(encoded, segments);
      started = now();
      const returned = call(fn, args);
      if (isThenable(returned)) return this.#settle(id, started, returned);
      this.#took.set(key, now() - started);
      this.#reporter.result(id, started, returned);
    } catch (error) {
      this.#took.set(key, now() - started);
      this.#reporter.thrown(id, started, error);
    }
    this.#counts.callsDone++;
    return undefined;
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

  /** The items of a chunk, one after the other; each succeeds or fails alone. */
  async #startChunk([id, ref, items]: ChunkEntry, segments: ReceivedSegments): Promise<void> {
    const chunk = this.#reporter.chunk(id, now());
    let fn: TaskFunction | undefined;
    let missing: unknown;
    try {
      fn = await resolveTask(ref);
    } catch (error) {
      missing = error;
    }
    for (const item of items) {
      if (item === null) continue;
      try {
        if (!fn) throw missing;
        const returned = call(fn, readArgs(item[0], segments));
        chunk.result(isThenable(returned) ? await returned : returned);
      } catch (error) {
        chunk.thrown(error);
      }
    }
    chunk.end();
    this.#counts.callsDone++;
  }
}

/** What v8 wrote and cannot read again is the fault of the arguments, not of the task. */
function readArgs(encoded: JsonValue, segments: ReceivedSegments): unknown[] {
  try {
    return decodeArgs(encoded, segments);
  } catch (reason) {
    throw new UnreadableArguments(reason);
  }
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
