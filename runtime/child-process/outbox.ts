/**
 * Calls on their way to one worker: collected, then written as one frame when the code that submits them has run.
 *
 * Arguments are copied here, not at `submit`. A call that cannot be copied is taken out of the frame and reported; its
 * neighbours travel on. Large binaries are not copied but handed to the kernel as they lie in memory: until the pipe
 * has taken them (`borrowed`), a change to them may still be sent.
 */
import type { Outcome, WorkId } from '../../machines/vocabulary.ts';
import { SerializationError } from '../errors.ts';
import type { Call } from '../host.ts';
import { identityOf, isChunk, type Task } from '../task.ts';
import { encodeFrame, type JsonValue, Segments } from '../wire/frames.ts';
import { isJsonPrimitive } from '../wire/json.ts';
import { CALLS, CallForm, type TaskRef } from '../wire/messages.ts';
import { encodeArgs } from '../wire/value.ts';
import { failed, uncopyableArguments } from './outcome.ts';

/**
 * Bounds one frame, so that a worker can begin with the first calls while the last are still written, and what was
 * copied for a frame is dead before the next collection: 512 calls cost the parent a sixth more for each tiny task.
 */
const CALLS_PER_FRAME = 128;
const BYTES_PER_FRAME = 1024 * 1024;

/** The functions that a worker knows by key already. */
export class TaskTable {
  readonly #keys = new Map<string, number>();
  /** So that its identity is not spelt out for each call (0.3 µs); an inline task that nobody holds is let go. */
  #keysByTask = new WeakMap<Task<never, unknown>, number>();

  /** How many functions it knows. */
  get size(): number {
    return this.#keys.size;
  }

  /** Forgets all but the first `size`: the frame in which the others were named in full was never written. */
  forgetBeyond(size: number): void {
    this.#keysByTask = new WeakMap();
    for (const [identity, key] of this.#keys) if (key >= size) this.#keys.delete(identity);
  }

  /** How to name the function to the worker: the first time in full. */
  refOf(task: Task<never, unknown>): TaskRef {
    const met = this.#keysByTask.get(task);
    if (met !== undefined) return met;
    const identity = identityOf(task);
    const known = this.#keys.get(identity);
    const key = known ?? this.#keys.size;
    this.#keysByTask.set(task, key);
    if (known !== undefined) return known;
    this.#keys.set(identity, key);
    return task.source === undefined ? [key, task.module ?? '', task.name] : [key, null, task.name, task.source];
  }
}

type Reject = (work: WorkId, outcome: Outcome) => void;

/** Calls on their way into one frame, and how many functions the worker knew before it. */
interface Batch {
  readonly calls: Call[];
  readonly entries: JsonValue[];
  readonly known: number;
}

/** Makes frames of calls. */
export class Outbox {
  readonly #tasks: TaskTable;
  readonly #segments = new Segments();
  #calls: Call[] = [];
  /** Outcomes of chunk items that were not sent, until those that were come back. */
  readonly #holes = new Map<WorkId, ReadonlyMap<number, Outcome>>();

  constructor(tasks: TaskTable) {
    this.#tasks = tasks;
  }

  add(call: Call): void {
    this.#calls.push(call);
  }

  /** Frames for all calls collected. `reject` is told of those that cannot be copied. */
  *frames(reject: Reject): Generator<Uint8Array[]> {
    const calls = this.#calls;
    this.#calls = [];
    let batch: Batch = { calls: [], entries: [], known: this.#tasks.size };
    for (const call of calls) {
      if (this.#encode(call, batch.entries, reject)) batch.calls.push(call);
      if (batch.calls.length >= CALLS_PER_FRAME || this.#segments.byteLength >= BYTES_PER_FRAME) {
        yield* this.#frame(batch, reject);
        batch = { calls: [], entries: [], known: this.#tasks.size };
      }
    }
    if (batch.calls.length > 0) yield* this.#frame(batch, reject);
  }

  /** Puts the items that were never sent back into the outcome of their chunk. */
  complete(work: WorkId, outcome: Outcome): Outcome {
    const holes = this.#holes.size > 0 ? this.#holes.get(work) : undefined;
    if (!holes) return outcome;
    this.#holes.delete(work);
    if (outcome.kind !== 'result') return outcome;
    const sent = (outcome.value as Outcome[]).values();
    const total = (outcome.value as Outcome[]).length + holes.size;
    const value = Array.from({ length: total }, (_, place) => holes.get(place) ?? sent.next().value);
    return { kind: 'result', value };
  }

  /**
   * One frame; or, where together they are longer than a frame can be, one for each call, and a refusal for the
   * culprit.
   */
  *#frame({ calls, entries, known }: Batch, reject: Reject): Generator<Uint8Array[]> {
    let chunks: Uint8Array[];
    try {
      chunks = encodeFrame(CALLS, entries, this.#segments);
    } catch (cause) {
      this.#segments.clear();
      this.#tasks.forgetBeyond(known);
      if (calls.length === 1) return this.#refuseTooLong(calls[0] as Call, cause, reject);
      for (const call of calls) {
        const before = this.#tasks.size;
        const alone: JsonValue[] = [];
        if (this.#encode(call, alone, reject))
          yield* this.#frame({ calls: [call], entries: alone, known: before }, reject);
      }
      return;
    }
    this.#segments.clear();
    yield chunks;
  }

  #refuseTooLong({ work, task, args }: Call, cause: unknown, reject: Reject): void {
    this.#holes.delete(work);
    const advice = isChunk(task) ? 'use a smaller chunksize' : 'send it in parts';
    const error = new SerializationError(
      `The arguments of the call are too long for one frame: ${advice}.`,
      'argument',
      'args',
      {
        cause,
      },
    );
    const outcome = failed(error);
    reject(work, isChunk(task) ? { kind: 'result', value: args.map(() => outcome) } : outcome);
  }

  /** Adds a call to those of a frame. @returns whether there was anything to add */
  #encode(call: Call, entries: JsonValue[], reject: Reject): boolean {
    const { work, task, args } = call;
    if (isChunk(task)) return this.#encodeChunk(call, entries, reject);
    if (args.length === 1 && isJsonPrimitive(args[0])) {
      entries.push(work, this.#tasks.refOf(task), CallForm.primitive, args[0]);
      return true;
    }
    try {
      const encoded = encodeArgs(args, this.#segments);
      entries.push(work, this.#tasks.refOf(task), CallForm.args, encoded);
      return true;
    } catch (cause) {
      reject(work, failed(uncopyableArguments(args, cause)));
      return false;
    }
  }

  #encodeChunk(call: Call, entries: JsonValue[], reject: Reject): boolean {
    const items = call.args as readonly (readonly unknown[])[];
    const plain = plainItems(items);
    if (plain) {
      entries.push(call.work, this.#tasks.refOf(call.task), CallForm.plainChunk, plain);
      return true;
    }
    const holes = new Map<number, Outcome>();
    const encoded = items.map((args, place): readonly [JsonValue] | null => {
      try {
        return [encodeArgs(args, this.#segments)];
      } catch (cause) {
        holes.set(place, failed(uncopyableArguments(args, cause)));
        return null;
      }
    });
    if (holes.size === items.length) {
      reject(call.work, { kind: 'result', value: items.map((_, place) => holes.get(place)) });
      return false;
    }
    if (holes.size > 0) this.#holes.set(call.work, holes);
    entries.push(call.work, this.#tasks.refOf(call.task), CallForm.chunk, encoded);
    return true;
  }
}

/** The only argument of each item, where all of them are primitives: a chunk of numbers is copied as one list. */
function plainItems(items: readonly (readonly unknown[])[]): JsonValue[] | undefined {
  const plain: JsonValue[] = new Array(items.length);
  for (let place = 0; place < items.length; place++) {
    const args = items[place] as readonly unknown[];
    if (args.length !== 1 || !isJsonPrimitive(args[0])) return undefined;
    plain[place] = args[0];
  }
  return plain;
}
