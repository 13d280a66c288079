/**
 * A packed inside in parts: the executor, the calls that wait, each worker. Parts of different insides, put together,
 * are an inside again, be it one that can be reached or not.
 *
 * Knows where one part of what `packInside` writes ends and the next begins; a test joins every reachable inside again.
 */

/** State of the executor in two bytes, flags, the predicted cost of task 0. */
const EXECUTOR = 4;
/** What is known of a worker beside the calls that it holds, whose number is the last byte. */
const WORKER = 7;
/** A call: its future's state in two bytes, task and cost. */
const CALL = 3;

/** The parts of one inside. */
export interface Parts {
  readonly executor: Uint8Array;
  readonly queue: Uint8Array;
  /** By rank. */
  readonly workers: readonly Uint8Array[];
}

/** Takes a packed inside apart. */
export function partsOf(row: Uint8Array): Parts {
  const queueEnd = EXECUTOR + 1 + CALL * (row[EXECUTOR] as number);
  const workers: Uint8Array[] = [];
  let at = queueEnd + 1;
  for (let left = row[queueEnd] as number; left > 0; left--) {
    const end = at + WORKER + CALL * callsOf(row.subarray(at));
    workers.push(row.slice(at, end));
    at = end;
  }
  return { executor: row.slice(0, EXECUTOR), queue: row.slice(EXECUTOR, queueEnd), workers };
}

/** Puts parts together. */
export function joined({ executor, queue, workers }: Parts): Uint8Array {
  return Uint8Array.from([...executor, ...queue, workers.length, ...workers.flatMap((worker) => [...worker])]);
}

/** How many calls a worker holds. */
export function callsOf(worker: Uint8Array): number {
  return worker[WORKER - 1] as number;
}
