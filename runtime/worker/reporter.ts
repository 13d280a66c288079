/**
 * What a worker tells its parent, written synchronously and in frames of several results.
 *
 * Results leave when the calls at hand are done, when the first of them has waited for a slice of time, or when there
 * is much to write. What cannot be copied becomes the failure of that one call.
 */
import { writeSync } from 'node:fs';
import { findCulprit } from '../wire/culprit.ts';
import { encodeFrame, type JsonValue, Segments } from '../wire/frames.ts';
import { isJsonPrimitive } from '../wire/json.ts';
import { Code, FAULT, READY, RESULTS, type Results, STRIDE } from '../wire/messages.ts';
import { encodeThrown, encodeValue } from '../wire/value.ts';
import { TaskMissing } from './tasks.ts';

/**
 * How long a finished result may wait for the next, in milliseconds: 1 strands results; each write wakes the parent,
 * and half as many of them save a twentieth of a tiny call (0.2 for 0.1).
 */
export const SLICE_MS = 0.2;
const BYTES_PER_FRAME = 1024 * 1024;
/** One write takes no more than 2 ** 31 - 1 bytes. */
const MOST_BYTES = 2 ** 30;

/** Taken before any task runs: one may replace the global. Milliseconds. */
export const now: () => number = performance.now.bind(performance);

/** Likewise: a task that replaces it must not keep this process alive. */
export const exit: (code: number) => never = process.exit.bind(process);

/** The arguments of a call arrived and cannot be built again; becomes `SerializationError` in the parent. */
export class UnreadableArguments {
  readonly reason: unknown;
  constructor(reason: unknown) {
    this.reason = reason;
  }
}

/** Writes to the parent. */
export class Reporter {
  readonly #fd: number;
  readonly #segments = new Segments();
  #entries: JsonValue[] = [];
  #oldest = 0;
  #isFlushPlanned = false;

  constructor(fd: number) {
    this.#fd = fd;
  }

  ready(): void {
    this.#write(encodeFrame(READY, null, new Segments()));
  }

  /** The error that ends this process; the last thing that is said. */
  fault(error: unknown): void {
    this.flush();
    this.#write(encodeFrame(FAULT, this.#encodeThrown(error), this.#segments));
  }

  /** A call returned; `started` is a reading of {@link now}. */
  result(id: number, started: number, value: unknown): void {
    const ended = now();
    if (isJsonPrimitive(value)) return this.#add(id, ended, started, Code.primitive, value);
    const [code, encoded] = this.#encode(value);
    this.#add(id, ended, started, code, encoded);
  }

  /** A call threw. */
  thrown(id: number, started: number, error: unknown): void {
    const ended = now();
    const [code, encoded] = this.#encodeThrown(error);
    this.#add(id, ended, started, code, encoded);
  }

  /** One call that stands for several: what they come to is collected and reported together. */
  chunk(id: number, started: number): { result(value: unknown): void; thrown(error: unknown): void; end(): void } {
    // Results as they are while all of them are plain; else every item with its code.
    let plain: JsonValue[] | undefined = [];
    let items: JsonValue[] = [];
    const add = (encode: () => JsonValue): void => {
      if (plain) {
        // What chunks encode must not mix with the results of calls in a frame that could leave before the chunk ends.
        this.flush();
        items = plain.map((value) => [Code.result, [value]]);
        plain = undefined;
      }
      items.push(encode());
      // The next item may write to memory that this one only lent.
      this.#segments.own();
    };
    return {
      result: (value) => {
        if (plain && isJsonPrimitive(value)) plain.push(value);
        else add(() => this.#encode(value));
      },
      thrown: (error) => add(() => this.#encodeThrown(error)),
      end: () => this.#add(id, now(), started, plain ? Code.plainChunk : Code.chunk, plain ?? items),
    };
  }

  /** Writes what has been collected. */
  flush(): void {
    if (this.#entries.length === 0) return;
    const entries = this.#entries;
    this.#entries = [];
    this.#writeResults(entries);
    this.#segments.clear();
  }

  /** In one frame; where that would be longer than a frame can be, each alone, and the culprit as what it is. */
  #writeResults(entries: Results): void {
    let chunks: Uint8Array[];
    try {
      chunks = encodeFrame(RESULTS, entries, this.#segments);
    } catch (reason) {
      if (entries.length > STRIDE) {
        for (let at = 0; at < entries.length; at += STRIDE) this.#writeResults(entries.slice(at, at + STRIDE));
        return;
      }
      const [id, micros] = entries as [JsonValue, JsonValue];
      const [code, value] = this.#uncopyable('result', 'result', reason);
      chunks = encodeFrame(RESULTS, [id, micros, code, value], this.#segments);
    }
    this.#write(chunks);
  }

  /** Writes after this turn of the event loop, if nothing else does before. */
  flushSoon(): void {
    if (this.#isFlushPlanned || this.#entries.length === 0) return;
    this.#isFlushPlanned = true;
    setImmediate(() => {
      this.#isFlushPlanned = false;
      this.flush();
    });
  }

  #add(id: number, ended: number, started: number, code: number, value: JsonValue): void {
    if (this.#entries.length === 0) this.#oldest = ended;
    this.#entries.push(id, Math.round((ended - started) * 1000), code, value);
    // A large binary is still the user's memory: it leaves before the next task can change it.
    if (this.#segments.borrowed || this.#segments.byteLength > BYTES_PER_FRAME || ended - this.#oldest >= SLICE_MS)
      this.flush();
  }

  #encode(value: unknown): [code: number, value: JsonValue] {
    try {
      return [Code.result, encodeValue(value, this.#segments)];
    } catch (reason) {
      return this.#uncopyable('result', findCulprit(value, 'result'), reason);
    }
  }

  #encodeThrown(error: unknown): [code: number, value: JsonValue] {
    if (is(UnreadableArguments, error)) return this.#uncopyable('argument', 'args', error.reason);
    if (is(TaskMissing, error)) {
      const cause = error.cause === undefined ? null : this.#encodeReason(error.cause);
      return [Code.notFound, [error.message, cause]];
    }
    const thrown = encodeThrown(error, this.#segments);
    if (thrown.ok) return [Code.thrown, thrown.encoded];
    return this.#uncopyable('error', findCulprit(error, 'error'), thrown.reason);
  }

  #uncopyable(side: 'argument' | 'result' | 'error', path: string, reason: unknown): [code: number, value: JsonValue] {
    return [Code.uncopyable, [side, path, this.#encodeReason(reason)]];
  }

  #encodeReason(reason: unknown): JsonValue {
    const thrown = encodeThrown(reason, this.#segments);
    return thrown.ok ? thrown.encoded : encodeValue('a reason that cannot be copied either', this.#segments);
  }

  /** Blocking: the bytes are in the kernel on return. A parent that is gone ends this process. */
  #write(chunks: Uint8Array[]): void {
    for (const chunk of chunks) {
      for (let written = 0; written < chunk.byteLength; ) {
        try {
          written += writeSync(this.#fd, chunk, written, Math.min(chunk.byteLength - written, MOST_BYTES));
        } catch (error) {
          const { code } = error as NodeJS.ErrnoException;
          if (code === 'EAGAIN') pause();
          else if (code === 'EPIPE' || code === 'ECONNRESET') exit(0);
          // A task closed our descriptor: nothing can be told any more, and the parent has seen the end of it.
          else if (code === 'EBADF') exit(1);
          else throw error;
        }
      }
    }
  }
}

/** What a task throws may be a proxy whose traps throw in their turn. */
function is<T>(kind: new (...args: never[]) => T, error: unknown): error is T {
  try {
    return error instanceof kind;
  } catch {
    return false;
  }
}

/** Somebody made our descriptor non-blocking: try again in a millisecond, without a turn of the event loop. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
}
