/**
 * The outside of a world as bytes, and back: budgets, then each process in the order of the workers inside.
 *
 * A process is only ever given calls that its own worker holds, so it names them by their place there.
 */
import type { Outside } from './outside.ts';
import { createProcess, type Proc, THROWN } from './process.ts';
import { GHOST_ID } from './tidings.ts';

/** A process begins with so many bytes of fixed meaning. */
const HEAD = 3;
/** A call that is over for everybody but the process that still has it. */
const GHOST = 200;
/** What is no call, in the list of what is unread: -1, -2, -3 from here down. */
const MARKS = 255;
/** Marks a call that threw. */
const THREW = 64;

const PHASES = ['asked', 'booting', 'ready', 'gone'] as const;
const SIGNALS = ['none', 'SIGTERM', 'SIGKILL'] as const;

const bit = (flag: boolean, place: number): number => (flag ? 1 << place : 0);

/** Who is who inside; see `PackedInside`. */
export interface Places {
  readonly order: readonly number[];
  readonly held: readonly (readonly number[])[];
  readonly ties: readonly (readonly [first: number, end: number])[];
}

/** Writes an outside into `out` from `start` on, and returns where it ends. */
export function packOutside(
  { purse, procs }: Outside,
  order: Places['order'],
  held: Places['held'],
  ties: Places['ties'],
  out: Uint8Array,
  start: number,
): number {
  let at = start;
  for (let kind = 0; kind < purse.length - 1; kind++) out[at++] = purse[kind] as number;
  const first = at;
  for (let rank = 0; rank < order.length; rank++)
    at = packProcess(findProcess(procs, order[rank] as number), held[rank] as readonly number[], out, at);
  for (let i = 0; i < ties.length; i++) sortTie(out, first, ties[i] as readonly [number, number]);
  return at;
}

function findProcess(procs: readonly Proc[], id: number): Proc {
  for (let i = 0; i < procs.length; i++) if ((procs[i] as Proc).id === id) return procs[i] as Proc;
  throw new Error(`Worker ${id} has no process.`);
}

function packProcess(proc: Proc, held: readonly number[], out: Uint8Array, start: number): number {
  const { calls, unread } = proc;
  let at = start;
  out[at++] =
    PHASES.indexOf(proc.phase) |
    bit(proc.exitTold, 2) |
    bit(proc.callsTold, 3) |
    bit(proc.endTold, 4) |
    bit(proc.isDeaf, 5) |
    bit(proc.isMute, 6) |
    bit(proc.isStopped, 7);
  out[at++] = SIGNALS.indexOf(proc.signal) | bit(proc.spawnTold, 2);
  out[at++] = (calls.length << 4) | unread.length;
  for (let i = 0; i < calls.length; i++) {
    const place = held.indexOf(calls[i] as number);
    out[at++] = place < 0 ? GHOST : place;
  }
  for (let i = 0; i < unread.length; i++) out[at++] = packUnread(unread[i] as number, held);
  return at;
}

function packUnread(it: number, held: readonly number[]): number {
  if (it < 0 && it !== GHOST_ID) return MARKS + it;
  const hasThrown = it >= THROWN;
  const place = held.indexOf(hasThrown ? it - THROWN : it);
  return place < 0 ? GHOST : hasThrown ? place | THREW : place;
}

function endOf(out: Uint8Array, start: number): number {
  const lengths = out[start + HEAD - 1] as number;
  return start + HEAD + (lengths >> 4) + (lengths & 15);
}

/** Sorts the processes from one rank to before another. */
function sortTie(out: Uint8Array, start: number, [first, end]: readonly [number, number]): void {
  let from = start;
  for (let rank = 0; rank < first; rank++) from = endOf(out, from);
  let at = endOf(out, from);
  for (let rank = first + 1; rank < end; rank++) {
    const after = endOf(out, at);
    insert(out, from, at, after);
    at = after;
  }
}

/** Moves the process from `start` to `end` forward among the sorted ones from `first` on. */
function insert(out: Uint8Array, first: number, start: number, end: number): void {
  let at = first;
  while (at < start && !isLess(out, start, end, at)) at = endOf(out, at);
  if (at === start) return;
  const row = out.slice(start, end);
  out.copyWithin(at + row.length, at, start);
  out.set(row, at);
}

/** Rows are compared as texts are; they end at the latest where the second one begins. */
function isLess(out: Uint8Array, start: number, end: number, other: number): boolean {
  for (let i = 0; start + i < end; i++) {
    const [a, b] = [out[start + i] as number, out[other + i] as number];
    if (a !== b) return a < b;
  }
  return false;
}

/** Reads outsides of one scope; the processes of the last one are used again for the next. */
export class OutsideReader {
  readonly #outside: Outside;
  readonly #pool: Proc[] = [];

  constructor(outside: Outside) {
    this.#outside = outside;
  }

  /** Makes the outside the one that was packed. */
  read(bytes: Uint8Array, start: number, held: Places['held']): void {
    const { purse } = this.#outside;
    let at = start;
    for (let kind = 0; kind < purse.length - 1; kind++) purse[kind] = bytes[at++] as number;
    const procs: Proc[] = this.#outside.procs;
    if (procs.length !== held.length) procs.length = held.length;
    for (let rank = 0; rank < held.length; rank++) {
      let proc = this.#pool[rank];
      if (!proc) {
        proc = createProcess(rank);
        this.#pool[rank] = proc;
      }
      procs[rank] = proc;
      at = unpackProcess(proc, held[rank] as readonly number[], bytes, at);
    }
  }
}

function unpackProcess(proc: Proc, held: readonly number[], bytes: Uint8Array, start: number): number {
  const flags = bytes[start] as number;
  const more = bytes[start + 1] as number;
  const lengths = bytes[start + 2] as number;
  proc.phase = PHASES[flags & 3] as Proc['phase'];
  proc.exitTold = (flags & 4) !== 0;
  proc.callsTold = (flags & 8) !== 0;
  proc.endTold = (flags & 16) !== 0;
  proc.isDeaf = (flags & 32) !== 0;
  proc.isMute = (flags & 64) !== 0;
  proc.isStopped = (flags & 128) !== 0;
  proc.signal = SIGNALS[more & 3] as Proc['signal'];
  proc.spawnTold = (more & 4) !== 0;
  const { calls, unread } = proc;
  clear(calls);
  clear(unread);
  let at = start + HEAD;
  for (let left = lengths >> 4; left > 0; left--) {
    const place = bytes[at++] as number;
    calls.push(place === GHOST ? GHOST_ID : (held[place] as number));
  }
  for (let left = lengths & 15; left > 0; left--) unread.push(unpackUnread(bytes[at++] as number, held));
  return at;
}

/** Keeps the room that the list has; `length = 0` gives it back. */
function clear(list: number[]): void {
  while (list.length > 0) list.pop();
}

function unpackUnread(byte: number, held: readonly number[]): number {
  if (byte === GHOST) return GHOST_ID;
  if (byte > GHOST) return byte - MARKS;
  return byte >= THREW ? (held[byte - THREW] as number) + THROWN : (held[byte] as number);
}
