/**
 * The graph that an exploration walks: packed states by number, the first way to each, and where each move leads.
 */
import { StateStore } from './store.ts';

/** States in the order in which they were found, with their edges. */
export class Graph {
  readonly #states = new StateStore();
  #parents = new Int32Array(1 << 14);
  #targets = new Int32Array(1 << 16);
  /** Where the edges of each opened state begin in the targets. */
  #firsts = new Int32Array(1 << 14);
  #opened = 0;
  #edges = 0;

  get size(): number {
    return this.#states.size;
  }

  get edges(): number {
    return this.#edges;
  }

  get bytes(): Uint8Array {
    return this.#states.bytes;
  }

  /** States without an edge. */
  get sinks(): number {
    let sinks = 0;
    for (let state = 0; state < this.#opened; state++) if (this.#firsts[state] === this.#end(state)) sinks++;
    return sinks;
  }

  get memory(): number {
    const { byteLength } = this.#targets;
    return this.#states.memory + byteLength + this.#parents.byteLength + this.#firsts.byteLength;
  }

  startOf(state: number): number {
    return this.#states.startOf(state);
  }

  parentOf(state: number): number {
    return this.#parents[state] as number;
  }

  /** Whether a state is this row. */
  is(state: number, row: Uint8Array, length: number): boolean {
    return Buffer.compare(this.#states.row(state), row.subarray(0, length)) === 0;
  }

  addRoot(row: Uint8Array, length: number): void {
    this.#states.add(row, length);
  }

  /** The edges that are added from here on begin in this state; states are opened in order. */
  open(state: number): void {
    this.#firsts = roomFor(this.#firsts, state);
    this.#firsts[state] = this.#edges;
    this.#opened = state + 1;
  }

  /** Adds an edge from the opened state to the one that this row is. */
  addEdge(row: Uint8Array, length: number): void {
    const known = this.#states.size;
    const target = this.#states.add(row, length);
    this.#targets = roomFor(this.#targets, this.#edges);
    this.#targets[this.#edges++] = target;
    if (target < known) return;
    this.#parents = roomFor(this.#parents, target);
    this.#parents[target] = this.#opened - 1;
  }

  #end(state: number): number {
    return state + 1 < this.#opened ? (this.#firsts[state + 1] as number) : this.#edges;
  }

  /** The number of runs from the first state to a sink, and the length of the longest. */
  measure(): { interleavings: number; depth: number } {
    const runs = new Float64Array(this.#opened);
    const lengths = new Int32Array(this.#opened).fill(-1);
    const stack = [0];
    while (stack.length > 0) {
      const state = stack[stack.length - 1] as number;
      let [sum, longest, isKnown] = [0, 0, true];
      for (let edge = this.#firsts[state] as number; edge < this.#end(state); edge++) {
        const target = this.#targets[edge] as number;
        if ((lengths[target] as number) >= 0) {
          sum += runs[target] as number;
          longest = Math.max(longest, (lengths[target] as number) + 1);
        } else {
          if (lengths[target] === -2) throw new Error('A move consumed nothing: the graph has a cycle.');
          stack.push(target);
          isKnown = false;
        }
      }
      if (isKnown) {
        stack.pop();
        runs[state] = Math.max(sum, 1);
        lengths[state] = longest;
      } else {
        lengths[state] = -2;
      }
    }
    return { interleavings: runs[0] as number, depth: lengths[0] as number };
  }

  /**
   * Equal for equal sets of states with the same edges, whatever the order in which they were found, if `hashOf` is.
   */
  digest(hashOf: (bytes: Uint8Array, start: number, end: number) => number): string {
    const hashes = new Uint32Array(this.#states.size);
    for (let state = 0; state < hashes.length; state++)
      hashes[state] = hashOf(this.bytes, this.startOf(state), this.startOf(state + 1));
    let [low, high] = [0, 0];
    for (let state = 0; state < this.#opened; state++) {
      let edges = hashes[state] as number;
      for (let edge = this.#firsts[state] as number; edge < this.#end(state); edge++)
        edges = (edges + Math.imul(hashes[this.#targets[edge] as number] as number, 0x9e3779b1)) >>> 0;
      low = (low + edges) >>> 0;
      high = (high + Math.imul(edges ^ (edges >>> 13), 0x85ebca6b)) >>> 0;
    }
    return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
  }
}

function roomFor(list: Int32Array<ArrayBuffer>, index: number): Int32Array<ArrayBuffer> {
  if (index < list.length) return list;
  const longer = new Int32Array(list.length * 2);
  longer.set(list);
  return longer;
}
