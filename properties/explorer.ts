/**
 * Explores everything that can happen within a scope: breadth first, over the production `step`.
 *
 * States are compared by a key in which workers that differ only in name, and calls that are over, are the same. Parent
 * pointers give the shortest run to whatever is found. Since every move consumes something, the graph has no cycles, and what must
 * happen at last is a question about the states in which nothing can happen any more.
 */
import type { Charts } from '../machines/index.ts';
import { type Invariant, judge } from './invariants.ts';
import { isSettledWell, keyOf } from './keys.ts';
import { witnessesOf } from './witnesses.ts';
import { type Move, type Scope, World } from './world.ts';

/** What was explored. */
export interface Exploration {
  readonly states: number;
  readonly edges: number;
  /** States in which nothing can happen any more. */
  readonly sinks: number;
  /** Length of the longest run. */
  readonly depth: number;
  /** How many different runs lead from the start to a sink; a lower bound on the interleavings covered. */
  readonly interleavings: number;
  readonly milliseconds: number;
  /** The verbs of the moves that were made, with how often. */
  readonly moves: ReadonlyMap<string, number>;
  /** What happened at least once, by name. */
  readonly witnesses: ReadonlySet<string>;
  /** The first promise that was broken, and the shortest run that breaks it. */
  readonly violation: Violation | undefined;
}

/** A broken promise. */
export interface Violation {
  readonly invariant: Pick<Invariant, 'id' | 'sentence'>;
  readonly why: string;
  readonly run: readonly Move[];
}

/** Options of {@link explore}. */
export interface ExploreOptions {
  /** @defaultValue the compiled tables */
  readonly charts?: Charts;
  /** Gives up, without a verdict on the rest, beyond so many states. */
  readonly maxStates?: number;
  /** Called now and then. */
  readonly onProgress?: (states: number, edges: number) => void;
}

interface Node {
  readonly world: World;
  readonly key: string;
}

const LIVENESS = {
  id: 'I46',
  sentence: 'Every accepted future settles, and an executor that was told to end is joined.',
} as const;
const NO_CRASH = { id: 'P0', sentence: 'No event meets a state in which the charts have it as impossible.' } as const;

/** Explores a scope completely, or until a promise is broken. */
export function explore(scope: Scope, options: ExploreOptions = {}): Exploration {
  const started = performance.now();
  const root = new World(scope, options.charts);
  const parents = new Map<string, { readonly from: string; readonly move: Move } | undefined>();
  const successors = new Map<string, string[]>();
  const moves = new Map<string, number>();
  const witnesses = new Set<string>();
  const rootKey = keyOf(root);
  parents.set(rootKey, undefined);
  let level: Node[] = [{ world: root, key: rootKey }];
  let [edges, sinks, depth] = [0, 0, -1];
  let violation: Violation | undefined;
  const runTo = (key: string, last?: Move): Move[] => {
    const run: Move[] = last === undefined ? [] : [last];
    for (let at = parents.get(key); at; at = parents.get(at.from)) run.unshift(at.move);
    return run;
  };
  search: while (level.length > 0) {
    depth++;
    const next: Node[] = [];
    for (const { world, key } of level) {
      const possible = world.moves();
      if (possible.length === 0) {
        sinks++;
        const why = isSettledWell(world);
        if (why !== undefined) {
          violation = { invariant: LIVENESS, why, run: runTo(key) };
          break search;
        }
      }
      const targets: string[] = [];
      for (const move of possible) {
        const child = world.clone();
        edges++;
        const verb = move.split(' ')[0] as string;
        moves.set(verb, (moves.get(verb) ?? 0) + 1);
        try {
          const edge = child.happen(move);
          if (edge) {
            const broken = judge(edge);
            if (broken) {
              violation = { ...broken, run: runTo(key, move) };
              break search;
            }
            child.commit(edge);
            for (const witness of witnessesOf(edge)) witnesses.add(witness);
          }
        } catch (error) {
          violation = { invariant: NO_CRASH, why: String(error), run: runTo(key, move) };
          break search;
        }
        const childKey = keyOf(child);
        targets.push(childKey);
        if (parents.has(childKey)) continue;
        parents.set(childKey, { from: key, move });
        next.push({ world: child, key: childKey });
      }
      successors.set(key, targets);
      if (parents.size % 4096 === 0) options.onProgress?.(parents.size, edges);
      if (parents.size >= (options.maxStates ?? Number.POSITIVE_INFINITY)) break search;
    }
    level = next;
  }
  return {
    states: parents.size,
    edges,
    sinks,
    depth,
    interleavings: violation ? 0 : countRuns(rootKey, successors),
    milliseconds: performance.now() - started,
    moves,
    witnesses,
    violation,
  };
}

/** Paths to a sink; the graph has no cycles, so one pass from the end is enough. */
function countRuns(root: string, successors: ReadonlyMap<string, readonly string[]>): number {
  const counts = new Map<string, number>();
  const stack: { key: string; next: number; sum: number }[] = [{ key: root, next: 0, sum: 0 }];
  while (stack.length > 0) {
    const top = stack[stack.length - 1] as { key: string; next: number; sum: number };
    const targets = successors.get(top.key) ?? [];
    const target = targets[top.next++];
    if (target === undefined) {
      counts.set(top.key, targets.length === 0 ? 1 : top.sum);
      stack.pop();
      const parent = stack[stack.length - 1];
      if (parent) parent.sum += counts.get(top.key) as number;
    } else {
      const known = counts.get(target);
      if (known === undefined) stack.push({ key: target, next: 0, sum: 0 });
      else top.sum += known;
    }
  }
  return counts.get(root) ?? 0;
}

/** Makes the moves of a run, one after the other, and judges each step; moves that are not possible are skipped. */
export function replayRun(scope: Scope, run: readonly Move[], charts?: Charts): Violation | undefined {
  const world = new World(scope, charts);
  const made: Move[] = [];
  for (const move of run) {
    if (!world.moves().includes(move)) continue;
    made.push(move);
    try {
      const edge = world.happen(move);
      const broken = edge && judge(edge);
      if (broken) return { ...broken, run: made };
      if (edge) world.commit(edge);
    } catch (error) {
      return { invariant: NO_CRASH, why: String(error), run: made };
    }
  }
  const why = world.moves().length === 0 ? isSettledWell(world) : undefined;
  return why === undefined ? undefined : { invariant: LIVENESS, why, run: made };
}
