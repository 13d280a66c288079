/**
 * Explores everything that can happen within a scope: breadth first, over the production `step`.
 *
 * Worlds are compared in packed form, in which workers that differ only in name and calls that are over are the same.
 * Parent pointers give the shortest run to whatever is found. Since every move consumes something, the graph has no
 * cycles, and what must happen at last is a question about the states in which nothing can happen any more.
 */
import { type Charts, compiledCharts } from '../machines/index.ts';
import { type Breach, invariants } from './catalogue.ts';
import { attemptTo, type Cores } from './cores.ts';
import type { Edge } from './edge.ts';
import { enabledMoves } from './enabled.ts';
import { Graph } from './graph.ts';
import type { Invariant } from './invariants/invariant.ts';
import { fromWords, inWords, type Move, type MoveCode, type Scope, VERBS, type Verb, verbNumber } from './moves.ts';
import { isOwed, LIVENESS } from './rest.ts';
import { Rows } from './rows.ts';
import { checkedScope } from './scope.ts';
import { type Witness, witnesses } from './witnesses.ts';
import { World } from './world.ts';

/** What was explored. */
export interface Exploration {
  readonly states: number;
  readonly edges: number;
  /** Different pairs of a core with its past and what it was told: each was stepped and judged. */
  readonly steps: number;
  /** Different cores, with their past. */
  readonly cores: number;
  /** States in which nothing can happen any more. */
  readonly sinks: number;
  /** Length of the longest run. */
  readonly depth: number;
  /** How many different runs lead from the start to a sink; a lower bound on the interleavings covered. */
  readonly interleavings: number;
  readonly milliseconds: number;
  /** Bytes that the packed states and the graph took at the end. */
  readonly memory: number;
  /** A number that changes when any reachable state or edge does. */
  readonly digest: string;
  /** Whether the whole scope was explored. */
  readonly isComplete: boolean;
  /** The verbs of the moves that were made, with how often. */
  readonly moves: ReadonlyMap<Verb, number>;
  /** What happened at least once, by name. */
  readonly witnesses: ReadonlySet<string>;
  /** The first promise that was broken, and the shortest run that breaks it. */
  readonly violation: Violation | undefined;
}

/** A broken promise. */
export interface Violation extends Breach {
  readonly run: readonly Move[];
}

/** Options of {@link explore}. */
export interface ExploreOptions {
  /** @defaultValue the compiled tables */
  readonly charts?: Charts;
  /** @defaultValue the whole catalogue */
  readonly invariants?: readonly Invariant[];
  /** Gives up, without a verdict on the rest, beyond so many states. */
  readonly maxStates?: number;
  /** Called every few thousand states. */
  readonly onProgress?: (states: number, edges: number) => void;
  /** Called with every different step that was judged and found good; with `stepsAnew`, with that of every edge. */
  readonly onEdge?: (edge: Edge) => void;
  /**
   * Steps and judges on every edge, instead of once for each core, past and event: slower, and the same in the end.
   * @defaultValue false
   */
  readonly stepsAnew?: boolean;
}

/**
 * Explores a scope completely, or until a promise is broken.
 *
 * @throws TypeError or RangeError for what is no scope
 */
export function explore(scope: Scope, options: ExploreOptions = {}): Exploration {
  return exploreAndKeep(scope, options).exploration;
}

/** The same, and all insides that were met: what each was told and what has become of it. */
export function exploreAndKeep(
  scope: Scope,
  options: ExploreOptions = {},
): { readonly exploration: Exploration; readonly cores: Cores } {
  const { maxStates = Number.POSITIVE_INFINITY, onProgress, onEdge, stepsAnew = false } = options;
  const { charts = compiledCharts, invariants: promises = invariants } = options;
  checkedScope(scope);
  const started = performance.now();
  const counts = VERBS.map(() => 0);
  let unseen: readonly Witness[] = witnesses;
  let violation: Violation | undefined;
  const rows = new Rows(scope, charts, promises, (edge) => {
    onEdge?.(edge);
    if (unseen.some(({ seen }) => seen(edge))) unseen = unseen.filter(({ seen }) => !seen(edge));
  });
  const graph = new Graph();
  const codes: MoveCode[] = [];
  graph.addRoot(rows.row, rows.writeWorld(new World(scope, charts)));
  search: for (let state = 0; state < graph.size && graph.size < maxStates; state++) {
    graph.open(state);
    const core = rows.read(graph.bytes, graph.startOf(state));
    enabledMoves(rows.outside, core, codes);
    const owed = codes.length === 0 ? isOwed(rows.world(core)) : undefined;
    if (owed !== undefined) {
      violation = { invariant: LIVENESS, why: owed, run: runTo(graph, state, rows) };
      break;
    }
    for (let i = 0; i < codes.length; i++) {
      const code = codes[i] as MoveCode;
      if (i > 0) rows.read(graph.bytes, graph.startOf(state));
      counts[verbNumber(code)] = (counts[verbNumber(code)] as number) + 1;
      const target = stepsAnew ? rows.moveAnew(core, code) : rows.move(core, code);
      if (typeof target !== 'number') {
        const run = runTo(graph, state, rows);
        violation = { ...target, run: [...run, lastMove(rows, run, target, promises) ?? inWords(code)] };
        break search;
      }
      graph.addEdge(rows.row, target);
    }
    if (state % 4096 === 4095) onProgress?.(graph.size, graph.edges);
  }
  const isComplete = violation === undefined && graph.size < maxStates;
  const { interleavings, depth } = isComplete ? graph.measure() : { interleavings: 0, depth: 0 };
  const exploration: Exploration = {
    states: graph.size,
    edges: graph.edges,
    steps: rows.cores.steps,
    cores: rows.cores.size,
    sinks: graph.sinks,
    depth,
    interleavings,
    milliseconds: performance.now() - started,
    memory: graph.memory + rows.cores.memory,
    digest: graph.digest(rows.hashAt),
    isComplete,
    moves: new Map(VERBS.map((verb, number): [Verb, number] => [verb, counts[number] as number])),
    witnesses: new Set(witnesses.filter((witness) => !unseen.includes(witness)).map(({ name }) => name)),
    violation,
  };
  return { exploration, cores: rows.cores };
}

/** Lets one thing happen and judges it; `onGood` gets the step if there was one and it keeps every promise. */
export function attempt(
  world: World,
  move: Move | MoveCode,
  promises: readonly Invariant[] = invariants,
  onGood?: (edge: Edge) => void,
): Breach | undefined {
  const edge = attemptTo(() => world.happen(move), promises);
  if (!edge) return undefined;
  if ('invariant' in edge) return edge;
  onGood?.(edge);
  world.settle(edge);
  return undefined;
}

/**
 * The moves from the start to a state, in the names of a world that was never packed: each is found again as the one
 * that leads to the next state on the way.
 */
function runTo(graph: Graph, state: number, { scope, charts, row, writeWorld }: Rows): Move[] {
  const way: number[] = [];
  for (let at = state; at > 0; at = graph.parentOf(at)) way.unshift(at);
  const run: Move[] = [];
  for (const next of way) {
    const found = worldAfter(scope, charts, run)
      .moves()
      .find((move) => graph.is(next, row, writeWorld(worldAfter(scope, charts, [...run, move]))));
    if (found === undefined) throw new Error(`The way to state ${state} is lost after '${run.join(', ')}'.`);
    run.push(found);
  }
  return run;
}

function lastMove(
  { scope, charts }: Rows,
  run: readonly Move[],
  { invariant: { id } }: Breach,
  promises: readonly Invariant[],
): Move | undefined {
  return worldAfter(scope, charts, run)
    .moves()
    .find((move) => attempt(worldAfter(scope, charts, run), move, promises)?.invariant.id === id);
}

/** The world after some moves. */
export function worldAfter(scope: Scope, charts: Charts | undefined, run: readonly Move[]): World {
  const world = new World(scope, charts);
  for (const move of run) {
    const edge = world.happen(move);
    if (edge) world.settle(edge);
  }
  return world;
}

/**
 * Makes the moves of a run, one after the other, and judges each step; moves that are not possible are skipped, so that
 * a run may be shortened anywhere. `Replay` skips none.
 *
 * @throws RangeError for words that are no move
 */
export function replayRun(scope: Scope, run: readonly Move[], charts?: Charts): Violation | undefined {
  const world = new World(scope, charts);
  for (const move of run) fromWords(move);
  const made: Move[] = [];
  for (const move of run) {
    if (!world.moves().includes(move)) continue;
    made.push(move);
    const breach = attempt(world, move);
    if (breach) return { ...breach, run: made };
  }
  const owed = world.codes().length === 0 ? isOwed(world) : undefined;
  return owed === undefined ? undefined : { invariant: LIVENESS, why: owed, run: made };
}
