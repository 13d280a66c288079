/**
 * The graph that the explorer walks, edge by edge: what to execute on the runtime.
 *
 * An edge is a state, a verb and the state that follows: two workers that differ in name only make one edge.
 */
import { compiledCharts } from '../../machines/index.ts';
import { idOf, type MoveCode, type Scope, verbNumber, verbOf } from '../../properties/moves.ts';
import { Rows } from '../../properties/rows.ts';
import { StateStore } from '../../properties/store.ts';
import { World } from '../../properties/world.ts';

/** All states within a scope by number, and all edges by number; the edges of a state lie together. */
export class EdgeGraph {
  readonly scope: Scope;
  readonly #states = new StateStore();
  readonly #rows: Rows;
  /** For each state its first edge; one more at the end. */
  readonly #firsts: number[] = [];
  /** For each edge: the verb, the state that follows, and which of the moves of this verb it was. */
  readonly #verbs: number[] = [];
  readonly #targets: number[] = [];
  readonly #ordinals: number[] = [];
  /** Whether a host that keeps its contract can bring it about. */
  readonly #areLawful: boolean[] = [];

  constructor(scope: Scope) {
    this.scope = scope;
    this.#rows = new Rows(scope, compiledCharts, [], () => {});
    this.stateOf(new World(scope));
    for (let state = 0; state < this.#states.size; state++) this.#open(state);
    this.#firsts.push(this.edges);
  }

  get states(): number {
    return this.#states.size;
  }

  get edges(): number {
    return this.#targets.length;
  }

  /** The number of a world's state; that of a new one if there is none. */
  stateOf(world: World): number {
    return this.#states.add(this.#rows.row, this.#rows.writeWorld(world));
  }

  /** The first edge of a state; those up to that of the next state are its edges. */
  firstOf(state: number): number {
    return this.#firsts[state] as number;
  }

  verbOf(edge: number): number {
    return this.#verbs[edge] as number;
  }

  targetOf(edge: number): number {
    return this.#targets[edge] as number;
  }

  ordinalOf(edge: number): number {
    return this.#ordinals[edge] as number;
  }

  isLawful(edge: number): boolean {
    return this.#areLawful[edge] as boolean;
  }

  /** The edge of a state with this verb that leads to that state. */
  find(state: number, verb: number, target: number): number | undefined {
    const end = this.#firsts[state + 1] ?? this.edges;
    for (let edge = this.firstOf(state); edge < end; edge++)
      if (this.#verbs[edge] === verb && this.#targets[edge] === target) return edge;
    return undefined;
  }

  #worldOf(state: number): World {
    return this.#rows.world(this.#rows.read(this.#states.bytes, this.#states.startOf(state)));
  }

  #open(state: number): void {
    this.#firsts[state] = this.edges;
    const counts = new Map<number, number>();
    for (const code of this.#worldOf(state).codes()) {
      const world = this.#worldOf(state);
      const isLawful = keepsContract(world, code);
      const verb = verbNumber(code);
      const ordinal = counts.get(verb) ?? 0;
      counts.set(verb, ordinal + 1);
      const edge = world.happen(code);
      if (edge) world.settle(edge);
      const target = this.stateOf(world);
      const known = this.find(state, verb, target);
      if (known !== undefined) {
        this.#areLawful[known] ||= isLawful;
        continue;
      }
      this.#verbs.push(verb);
      this.#targets.push(target);
      this.#ordinals.push(ordinal);
      this.#areLawful.push(isLawful);
    }
  }
}

/**
 * Whether the host's contract allows a move. The explorer is wider: it tells the end, or reads garbage, of a process
 * whose start it has not told, takes a call back that a process which has closed its pipe must have read already, and
 * has news of a worker that was let go.
 */
export function keepsContract(world: World, code: MoveCode): boolean {
  const proc = world.procs.find(({ id }) => id === idOf(code));
  switch (verbOf(code)) {
    case 'tellExit':
    case 'tellCallsEnd':
    case 'tellEnd':
    case 'spoil':
      return proc?.spawnTold === true;
    case 'reject':
      return proc?.isDeaf === false;
    case 'lateNews':
      return false;
    default:
      return true;
  }
}
