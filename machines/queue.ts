/**
 * The calls that wait for a worker, in the order of `submit`.
 *
 * Work ids only grow and every accepted call enters here, so a call's place is its id less the id of the first place:
 * removing one in the middle costs nothing and leaves no reference behind, a million of them included.
 */
import type { WorkId, WorkItem } from './vocabulary.ts';

/** First in, first out, with removal by identity. Plain data. */
export interface PendingQueue {
  places: (WorkItem | undefined)[];
  /** Index of the first place that may be taken. */
  head: number;
  /** Work id of `places[0]`. */
  base: WorkId;
  /** How many calls wait. */
  size: number;
}

/** Places passed are given back in slices of at least so many, so that doing so costs nothing per call. */
const COMPACT_AFTER = 4096;

export function createQueue(): PendingQueue {
  return { places: [], head: 0, base: 0, size: 0 };
}

/** Appends a call; its id must be one above the last. */
export function enqueue(queue: PendingQueue, work: WorkItem): void {
  if (queue.head === queue.places.length) {
    queue.places = [];
    queue.head = 0;
    queue.base = work.id;
  }
  queue.places.push(work);
  queue.size++;
}

/** Takes the first call out; `undefined` when none waits. */
export function dequeue(queue: PendingQueue): WorkItem | undefined {
  while (queue.head < queue.places.length) {
    const work = queue.places[queue.head];
    queue.places[queue.head++] = undefined;
    if (work === undefined) continue;
    shrink(queue);
    if (queue.head >= COMPACT_AFTER && queue.head * 2 >= queue.places.length) {
      queue.places = queue.places.slice(queue.head);
      queue.base += queue.head;
      queue.head = 0;
    }
    return work;
  }
  return undefined;
}

/** Takes this call out, wherever it waits. */
export function remove(queue: PendingQueue, work: WorkItem): void {
  const place = work.id - queue.base;
  if (queue.places[place] !== work) return;
  queue.places[place] = undefined;
  shrink(queue);
}

/** One fewer; the places of an empty queue are given back at once. */
function shrink(queue: PendingQueue): void {
  if (--queue.size > 0) return;
  queue.places = [];
  queue.head = 0;
}
