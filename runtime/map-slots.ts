/**
 * The output of `map` that nobody has read yet, in the order of the items: one place for a call, or for a chunk.
 */
import type { Outcome } from '../machines/vocabulary.ts';
import type { Future } from './future.ts';

/** One or several places of the output: a call's future, a chunk's, or the error that ended the input. */
type Slot =
  | { readonly future: Future<unknown>; readonly isChunk: boolean; readonly items: number }
  | { readonly future: undefined; readonly error: unknown; readonly items: 1 };

const EMPTY: Slot = { future: undefined, error: undefined, items: 1 };

/** A queue of slots, read item by item. */
export class Slots<R> {
  /** Read places are given back in slices. */
  #slots: Slot[] = [];
  #head = 0;
  /** How many items of the head have been read; it is a chunk then. */
  #readOfHead = 0;
  #waiting = 0;

  /** How many items have been taken and not read. */
  get waiting(): number {
    return this.#waiting;
  }

  /** What comes next; there must be something. */
  get head(): Slot {
    return this.#slots[this.#head] as Slot;
  }

  /** Whether the next item can be read now. */
  get headIsDone(): boolean {
    return this.#waiting > 0 && this.head.future?.done() === true;
  }

  push(slot: Slot): void {
    this.#slots.push(slot);
    this.#waiting += slot.items;
  }

  /** Passes the next item, whose future is done. @returns what reads it: its result, or the error to throw */
  pass(): () => R {
    const { future, isChunk, items } = this.head as Extract<Slot, { isChunk: boolean }>;
    const place = this.#readOfHead++;
    this.#waiting--;
    if (this.#readOfHead === items) this.#passHead();
    return () => (isChunk ? itemOf(future.resultNow() as Outcome[], place) : future.resultNow()) as R;
  }

  #passHead(): void {
    // Not kept: neither the result nor the future, once they were read (H52).
    this.#slots[this.#head++] = EMPTY;
    this.#readOfHead = 0;
    if (this.#head >= 1024 && this.#head * 2 >= this.#slots.length) {
      this.#slots = this.#slots.slice(this.#head);
      this.#head = 0;
    }
  }

  /** Forgets everything. @returns the futures that nobody will read */
  clear(): Future<unknown>[] {
    const futures: Future<unknown>[] = [];
    for (const { future } of this.#slots.slice(this.#head)) if (future) futures.push(future);
    this.#slots = [];
    this.#head = 0;
    this.#readOfHead = 0;
    this.#waiting = 0;
    return futures;
  }
}

function itemOf(outcomes: readonly Outcome[], place: number): unknown {
  const outcome = outcomes[place];
  if (outcome?.kind === 'result') return outcome.value;
  throw outcome?.kind === 'exception' ? outcome.error : new Error('a worker answered a chunk with too few outcomes');
}
