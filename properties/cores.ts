/**
 * Every inside that an exploration meets, by number, and what each tiding makes of it.
 *
 * The production `step` is a function of core and event, and what a promise judges (`Edge`) is made of these and the
 * past: all of it inside. So each pair of an inside and a tiding is stepped and judged once, whatever processes and
 * budgets are around it, and stands for all the edges on which it lies. That no edge comes out differently for being
 * looked up is what a test shows, which explores small scopes both ways, on production charts and on mutants.
 */
import { type Charts, UNKNOWN_COST } from '../machines/index.ts';
import { type Breach, judge } from './catalogue.ts';
import type { Edge } from './edge.ts';
import { forget } from './history.ts';
import { type Demand, demandsOf, type Inside, tell, type View } from './inside.ts';
import type { Invariant } from './invariants/invariant.ts';
import type { Scope } from './moves.ts';
import { packInside, unpackInside } from './pack-inside.ts';
import type { Places } from './pack-outside.ts';
import { NO_CRASH } from './rest.ts';
import { StateStore } from './store.ts';
import type { Tiding } from './tidings.ts';

/** One inside. Its workers are named by rank. */
export interface Core extends Places, View {
  readonly id: number;
  /** What it was told so far, and what that has made of it: a few, and faster to look through than a map. */
  readonly told: Tiding[];
  readonly became: Step[];
}

/** What a tiding makes of a core. */
export interface Step {
  readonly target: Core;
  /** What processes are asked for, and who is who after the step, in the names from before it. */
  readonly demands: readonly Demand[];
  readonly order: readonly number[];
  readonly held: readonly (readonly number[])[];
  /** The promise that it breaks; there is no target then. */
  readonly breach: Breach | undefined;
}

/** A row has three bytes for the number of its core. */
const MAX_CORES = 2 ** 24;

/** All insides of an exploration. */
export class Cores {
  readonly #scope: Scope;
  readonly #charts: Charts;
  readonly #promises: readonly Invariant[];
  readonly #onGood: (edge: Edge) => void;
  readonly #rows = new StateStore();
  readonly #cores: Core[] = [];
  readonly #shared = new Shared();
  #steps = 0;

  /** @param onGood is called with every step, once, that was judged and found good */
  constructor(scope: Scope, charts: Charts, promises: readonly Invariant[], onGood: (edge: Edge) => void) {
    this.#scope = scope;
    this.#charts = charts;
    this.#promises = promises;
    this.#onGood = onGood;
  }

  get size(): number {
    return this.#cores.length;
  }

  /** How many pairs of an inside and a tiding were stepped and judged. */
  get steps(): number {
    return this.#steps;
  }

  get memory(): number {
    return this.#rows.memory;
  }

  at(id: number): Core {
    return this.#cores[id] as Core;
  }

  rowOf(id: number): Uint8Array {
    return this.#rows.row(id);
  }

  /** The inside with that number, as a core that can step. */
  unpack({ id }: Core): Inside {
    return unpackInside(this.#rows.row(id), this.#scope, this.#charts);
  }

  /** The number of an inside, and who is who in it. */
  intern(inside: Inside): { readonly core: Core } & Pick<Places, 'order' | 'held'> {
    const { row, length, order, held, ties } = packInside(inside);
    const id = this.#rows.add(row, length);
    if (id >= MAX_CORES) throw new RangeError(`There are more than ${MAX_CORES} different cores: narrow the scope.`);
    if (id === this.#cores.length) this.#cores.push(this.#coreOf(id, inside, order, held, ties));
    return { core: this.at(id), order, held };
  }

  /** What a tiding makes of a core. */
  step(core: Core, told: Tiding): Step {
    for (let i = 0; i < core.told.length; i++) if (core.told[i] === told) return core.became[i] as Step;
    const step = this.#take(core, told);
    this.#steps++;
    core.told.push(told);
    core.became.push(step);
    return step;
  }

  #take(from: Core, told: Tiding): Step {
    const inside = this.unpack(from);
    const edge = attemptTo(() => tell(inside, told), this.#promises);
    if ('invariant' in edge) return { target: from, demands: [], order: [], held: [], breach: edge };
    this.#onGood(edge);
    const demands = this.#shared.list(demandsOf(edge.effects));
    forget(edge.history, edge.core);
    const { core, order, held } = this.intern(inside);
    const names = this.#shared.list(order);
    return { target: core, demands, order: names, held: this.#shared.list(held), breach: undefined };
  }

  /** What is asked of an inside for every world that has it, found once. */
  #coreOf(
    id: number,
    { core, history, cancelled, gone }: Inside,
    names: Places['order'],
    heldBefore: Places['held'],
    ties: Places['ties'],
  ): Core {
    const timers = this.#shared.list(names.map((worker) => history.workers.get(worker)?.timer ?? null));
    let calls = 0;
    const held = heldBefore.map((list) => list.map(() => calls++));
    return {
      id,
      order: this.#shared.list(names.map((_, rank) => rank)),
      held: this.#shared.list(held),
      ties: this.#shared.list(ties),
      told: [],
      became: [],
      timerOf: (rank) => timers[rank],
      calls: this.#shared.list(Array.from({ length: history.open.size }, (_, call) => call)),
      isUnpredicted: core.costs[0] === UNKNOWN_COST,
      hasCancelled: cancelled !== undefined,
      hasGone: gone !== undefined,
    };
  }
}

/** Equal lists as one: millions are kept, and few are different. */
class Shared {
  readonly #lists = new Map<string, readonly unknown[]>();

  list<T extends readonly unknown[]>(list: T): T {
    const key = JSON.stringify(list);
    const known = this.#lists.get(key);
    if (known) return known as T;
    this.#lists.set(key, list);
    return list;
  }
}

/** Takes a step and judges it. */
export function attemptTo<E extends Edge | undefined>(take: () => E, promises: readonly Invariant[]): E | Breach {
  try {
    const edge = take();
    return (edge && judge(edge, promises)) ?? edge;
  } catch (error) {
    return { invariant: NO_CRASH, why: error instanceof Error ? error.message : String(error) };
  }
}
