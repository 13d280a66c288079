/**
 * Which edges are still to be executed, and the way to the next of them.
 */
import type { EdgeGraph } from './edge-graph.ts';

/** An edge that was missed so often is given up, and reported. */
const MOST_MISSES = 8;

/** A cover of the edges of a graph by walks from its first state. */
export class Cover {
  readonly #graph: EdgeGraph;
  readonly #isCovered: Uint8Array;
  readonly #misses: Uint8Array;
  /** States below which nothing is left to do, as far as is known. */
  #isDone: Uint8Array;
  /** Whether only edges are covered that a host can bring about. */
  isLawful = true;
  #size = 0;

  constructor(graph: EdgeGraph) {
    this.#graph = graph;
    this.#isCovered = new Uint8Array(graph.edges);
    this.#misses = new Uint8Array(graph.edges);
    this.#isDone = new Uint8Array(graph.states);
  }

  /** How many edges are covered. */
  get size(): number {
    return this.#size;
  }

  /** From here on also edges that no host brings about. */
  widen(): void {
    this.isLawful = false;
    this.#isDone = new Uint8Array(this.#graph.states);
    this.#misses.fill(0);
  }

  /** Where to go from a state: an edge that is to be covered, else one that leads towards some; none at the end. */
  next(state: number): number | undefined {
    let towards: number | undefined;
    for (let edge = this.#graph.firstOf(state); edge < this.#graph.firstOf(state + 1); edge++) {
      if (this.#isWanted(edge)) return edge;
      if (towards === undefined && this.#concerns(edge) && this.#isLeft(this.#graph.targetOf(edge))) towards = edge;
    }
    return towards;
  }

  /** How often an edge was meant and another one was made. */
  missesOf(edge: number): number {
    return this.#misses[edge] as number;
  }

  miss(edge: number): void {
    this.#misses[edge] = this.missesOf(edge) + 1;
  }

  cover(edge: number): void {
    this.#size += 1 - (this.#isCovered[edge] as number);
    this.#isCovered[edge] = 1;
  }

  #concerns(edge: number): boolean {
    return !this.isLawful || this.#graph.isLawful(edge);
  }

  #isWanted(edge: number): boolean {
    return this.#isCovered[edge] === 0 && this.missesOf(edge) < MOST_MISSES && this.#concerns(edge);
  }

  /** Whether there is anything to do in a state or below. */
  #isLeft(state: number): boolean {
    if (this.#isDone[state] === 1) return false;
    const [first, end] = [this.#graph.firstOf(state), this.#graph.firstOf(state + 1)];
    for (let edge = first; edge < end; edge++) if (this.#isWanted(edge)) return true;
    for (let edge = first; edge < end; edge++)
      if (this.#concerns(edge) && this.#isLeft(this.#graph.targetOf(edge))) return true;
    this.#isDone[state] = 1;
    return false;
  }
}
