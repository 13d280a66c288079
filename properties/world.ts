/**
 * The world around one core, small enough to be explored whole: a user with a few wishes, and processes that may do
 * what processes do, in any order.
 *
 * It drives the production `step`; there is no second model of the executor here, only of the operating system, and
 * that one is wider than what we observe.
 */
import {
  type Charts,
  type CoreState,
  compiledCharts,
  createCore,
  UNKNOWN_COST,
  type WorkerId,
  type WorkItem,
} from '../machines/index.ts';
import { createHistory, type Edge } from './edge.ts';
import { enabledMoves } from './enabled.ts';
import { forget, type History } from './history.ts';
import { demandsOf, type Inside, SHORT, tell, type View } from './inside.ts';
import { fromWords, inWords, type Move, type MoveCode, type Scope } from './moves.ts';
import { Outside } from './outside.ts';
import type { Proc } from './process.ts';

/** The predicted costs of task 0, 1 and 2, as buckets: unknown, 8 µs, 1 s. */
export const COSTS = [UNKNOWN_COST, SHORT, 20] as const;

/** A core and all that can happen to it. */
export class World implements Inside {
  readonly scope: Scope;
  readonly charts: Charts;
  core: CoreState;
  history: History = createHistory();
  cancelled: WorkItem | undefined;
  gone: WorkerId | undefined;
  isClosed = false;
  readonly outside: Outside;

  /** @param charts by default the compiled tables */
  constructor(scope: Scope, charts: Charts = compiledCharts) {
    this.scope = scope;
    this.charts = charts;
    this.core = coreOf(scope, charts);
    this.core.costs.push(...COSTS);
    this.isClosed = scope.tasks === 0;
    this.outside = new Outside(scope);
  }

  /** The processes, from the request for each until its worker is released. */
  get procs(): readonly Proc[] {
    return this.outside.procs;
  }

  /** Everything that may happen next, mild things first, in a fixed order. */
  moves(): Move[] {
    return this.codes().map(inWords);
  }

  /** {@link World.moves} as numbers. */
  codes(): MoveCode[] {
    return enabledMoves(this.outside, viewOf(this));
  }

  /**
   * Lets one thing happen.
   *
   * @returns the step, where the core was told of it; give it to {@link World.settle} when it was judged
   */
  happen(move: Move | MoveCode): Edge | undefined {
    const told = this.outside.happen(typeof move === 'number' ? move : fromWords(move));
    if (told === undefined) return undefined;
    const edge = tell(this, told);
    for (const demand of demandsOf(edge.effects)) this.outside.perform(demand);
    return edge;
  }

  /** Called when an edge was judged: what is over by then is forgotten. */
  settle(edge: Edge): void {
    forget(edge.history, edge.core);
  }
}

/** A core with the options of a scope. */
export function coreOf({ workers, maxTasksPerChild = Number.POSITIVE_INFINITY }: Scope, charts: Charts): CoreState {
  return createCore({ maxWorkers: workers, maxTasksPerChild, prefetchHorizon: 1000 }, charts);
}

/** What the choice of a move depends on. */
export function viewOf({ core, history, cancelled, gone }: Inside): View {
  return {
    timerOf: (worker) => history.workers.get(worker)?.timer,
    calls: history.open.keys(),
    isUnpredicted: core.costs[0] === UNKNOWN_COST,
    hasCancelled: cancelled !== undefined,
    hasGone: gone !== undefined,
  };
}
