/**
 * Arrows, drawn once where they mean the same: an arrow from the border of a box holds for every state in it.
 *
 * That is Harel's reason for superstates. Our machines spell every cell out, so the pictures factor the arrows again: for
 * the composite states as they are, and for one box more, the set of outer states that saves the most arrows.
 */
import type { Drawing, Transition } from './walk.ts';

/** The id of the box that is derived from the arrows; it has no name in the machine. */
export const ANY = 'any';

/** A line from a state or a box to a state, with every transition that it stands for. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly transitions: readonly Transition[];
}

/** A machine, factored. */
export interface Factored {
  /** The derived box, empty when none pays off. */
  readonly any: readonly string[];
  readonly edges: readonly Edge[];
}

/** Factors the arrows of a drawing. Every transition is in exactly one edge. */
export function factor(drawing: Drawing): Factored {
  const bundles = [...groupBy(drawing.arrows, ({ event, to }) => `${event} ${to}`).values()];
  const any = deriveBox(drawing, bundles);
  const boxes = [{ path: ANY, leaves: any }, ...drawing.composites].filter(({ leaves }) => leaves.length > 1);
  const lines: { from: string; transition: Transition }[] = [];
  for (const bundle of bundles) {
    const sources = new Set(bundle.map(({ from }) => from));
    const box = boxes.filter(({ leaves }) => leaves.every((leaf) => sources.has(leaf)));
    for (const transition of bundle) {
      const around = box.find(({ leaves }) => leaves.includes(transition.from));
      lines.push({ from: around?.path ?? transition.from, transition });
    }
  }
  const merged = groupBy(lines, ({ from, transition }) => `${from} ${transition.to}`);
  const edges = [...merged.values()].map((group) => ({
    from: group[0]?.from ?? '',
    to: group[0]?.transition.to ?? '',
    transitions: group.map(({ transition }) => transition),
  }));
  return { any, edges };
}

/** The outer states (three at least) which have the most arrows in common; none when they share fewer than two. */
function deriveBox(drawing: Drawing, bundles: readonly (readonly Transition[])[]): string[] {
  const outer = drawing.leaves.map(({ path }) => path).filter((path) => !path.includes('.'));
  const sourceSets = bundles.map((bundle) => outer.filter((path) => bundle.some(({ from }) => from === path)));
  let best: string[] = [];
  let bestSaving = 0;
  for (const candidate of sourceSets) {
    if (candidate.length < 3) continue;
    const shared = sourceSets.filter((set) => candidate.every((path) => set.includes(path))).length;
    const saving = shared < 2 ? 0 : shared * (candidate.length - 1);
    if (saving > bestSaving) [best, bestSaving] = [candidate, saving];
  }
  return best;
}

/** One line of a label: transitions of one event that ask for the same. */
export interface Line {
  readonly event: string;
  /** The states it holds for, where that is fewer than the edge comes from; else empty. */
  readonly within: readonly string[];
  readonly effects: readonly string[];
  readonly descriptions: readonly string[];
}

/** What is written at an edge, one line per event and list of effects. */
export function linesOf(edge: Edge): Line[] {
  const everywhere = new Set(edge.transitions.map(({ from }) => from)).size;
  return [...groupBy(edge.transitions, ({ event, effects }) => `${event} ${effects.join()}`).values()].map((group) => ({
    event: group[0]?.event ?? '',
    within: group.length < everywhere ? group.map(({ from }) => from) : [],
    effects: group[0]?.effects ?? [],
    descriptions: [...new Set(group.map(({ description }) => description))],
  }));
}

/** Groups in order of first occurrence. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
