/**
 * L3: the composition explored whole.
 */
import type { Charts } from '../../machines/index.ts';
import type { Violation } from '../explorer.ts';
import { FAULTS, type Scope, VERBS, WISHES } from '../moves.ts';
import { report } from '../report.ts';
import { witnesses } from '../witnesses.ts';
import { exploreAll } from './explore-all.ts';
import type { Explored } from './explore-one.ts';
import { type Counterexample, chartsOf, grouped, type Rung } from './rung.ts';

/** What is explored, from small to wide; every kind of move is possible in some of them. */
export const QUICK: readonly Scope[] = [
  { workers: 1, tasks: 1, kills: 1, wishes: 1, faults: 1 },
  { workers: 1, tasks: 1, kills: 0, wishes: 2, faults: 2 },
  { workers: 1, tasks: 2, kills: 1, wishes: 1, faults: 1, maxTasksPerChild: 1 },
  { workers: 1, tasks: 1, kills: 0, wishes: 1, faults: 2, maxTasksPerChild: 1 },
  { workers: 1, tasks: 1, kills: 0, wishes: 2, faults: 1, maxTasksPerChild: 1 },
  { workers: 1, tasks: 2, kills: 0, wishes: 2, faults: 1, costs: ['short', 'short'] },
  { workers: 2, tasks: 2, kills: 1, wishes: 2 },
  { workers: 2, tasks: 3, kills: 1, wishes: 2 },
  { workers: 3, tasks: 3, kills: 1, wishes: 1 },
  { workers: 2, tasks: 3, kills: 1, wishes: 1, faults: 1 },
];

/**
 * With these, three workers and three calls, any wish and any fault, with and without replacement; and any two wishes
 * (a forced stop in a shutdown, a harder one after it) for several workers.
 */
export const FLOOR: readonly Scope[] = [
  ...QUICK,
  { workers: 3, tasks: 3, kills: 1, wishes: 2 },
  { workers: 2, tasks: 3, kills: 1, wishes: 1, faults: 1, maxTasksPerChild: 1 },
  { workers: 2, tasks: 3, kills: 1, wishes: 2, faults: 1 },
  { workers: 3, tasks: 3, kills: 1, wishes: 1, faults: 1 },
  { workers: 3, tasks: 3, kills: 1, wishes: 1, faults: 1, maxTasksPerChild: 2 },
];

/** Wider ones. */
export const DEEP: readonly Scope[] = [
  ...FLOOR.slice(0, -2),
  { workers: 2, tasks: 2, kills: 1, wishes: 2, faults: 2 },
  { workers: 3, tasks: 4, kills: 2, wishes: 1 },
  ...FLOOR.slice(-2),
];

/** A scope in short: `W2 T3 K1, 1 wish`. */
export function scopeInWords(scope: Scope): string {
  const { workers, tasks, kills, wishes = 0, faults = 0, budgets = {}, ...rest } = scope;
  const extra = [...Object.keys(budgets), ...Object.entries(rest).map(([name, value]) => `${name} ${value}`)];
  return [`W${workers} T${tasks} K${kills}`, `${wishes} wishes`, `${faults} faults`, ...extra].join(', ');
}

/** L3. */
export const exploration: Rung = {
  id: 'L3',
  what: 'everything that can happen around the production step, explored whole: invariants, liveness, witnesses',
  floor: '0 violations, every kind of move made, every witness seen, > 1e9 interleavings',
  doesNotShow: 'more workers, calls, crashes, wishes and faults in one run than each scope has; real processes',
  climb: async (setting) => {
    const { isDeep, isFloor, planted } = setting;
    const told = await exploreAll(isDeep ? DEEP : isFloor ? FLOOR : QUICK, setting);
    const results = told.filter((it): it is Explored => !(it instanceof Error));
    const notes = told.filter((it) => it instanceof Error).map(({ message }) => message);
    const broken = results.filter(isBroken).sort((a, b) => a.violation.run.length - b.violation.run.length);
    notes.push(...inOneReport(broken, chartsOf({ planted })));
    const seen = new Set(results.flatMap((result) => result.witnesses));
    const made = new Set(results.flatMap((result) => result.moves));
    // A scope that was left at a broken promise says nothing of what else can happen in it.
    const isWhole = notes.length === 0;
    if (isWhole) for (const verb of VERBS) if (!made.has(verb)) notes.push(`no run has made the move '${verb}'`);
    if (isWhole) for (const { name } of witnesses) if (!seen.has(name)) notes.push(`never seen: ${name}`);
    const isMet = notes.length === 0 && sum(results, 'interleavings') > 1e9;
    const speed = sum(results, 'states') / sum(results, 'processorSeconds');
    const counted = (['states', 'edges', 'interleavings'] as const).map((of) => `${grouped(sum(results, of))} ${of}`);
    const most = Math.max(...results.map(({ peakMemory }) => peakMemory));
    const number = `${counted.join(', ')}, ${grouped(speed)} states/s of a core, ${grouped(most)} MB at most`;
    const data = { results, witnesses: seen.size, moves: made.size };
    const [shortest] = broken;
    return {
      number,
      isMet,
      notes: [...notes, ...results.map(inWords)],
      data,
      ...(shortest && { counterexample: { scope: shortest.scope, planted, ...plain(shortest.violation) } }),
    };
  },
};

type Broken = Explored & { readonly violation: Violation };

function isBroken(result: Explored): result is Broken {
  return result.violation !== undefined;
}

/** The shortest run to each promise that is broken, and where else it is: the same bug shows in most scopes. */
function inOneReport(broken: readonly Broken[], charts: Charts | undefined): string[] {
  const notes: string[] = [];
  const told = new Set<string>();
  for (const { scope, violation } of broken) {
    const { id } = violation.invariant;
    if (told.has(id)) continue;
    told.add(id);
    const others = broken.filter((it) => it.violation.invariant.id === id && it.scope !== scope);
    notes.push(report(scope, violation, charts));
    if (others.length > 0)
      notes.push(`${id} is broken in ${others.length} other scopes, too: ${others.map(shortly).join('; ')}`);
  }
  return notes;
}

function shortly({ scope, violation }: Broken): string {
  return `${scopeInWords(scope)} (${violation.run.length} moves)`;
}

function plain({ invariant, why, run }: Violation): Pick<Counterexample, 'violated' | 'why' | 'run'> {
  return { violated: invariant.id, why, run };
}

function sum(results: readonly Explored[], of: 'states' | 'edges' | 'interleavings' | 'processorSeconds'): number {
  return results.reduce((total, result) => total + result[of], 0);
}

/** One scope in a line: what it has come to, and which kinds of events were possible in it. */
function inWords({ scope, states, edges, interleavings, steps, moves, ...rest }: Explored): string {
  const speed = `${grouped(states / rest.processorSeconds)} states/s of a core, ${rest.peakMemory} MB`;
  const size = `${grouped(states)} states, ${grouped(edges)} edges (${grouped(steps)} different steps)`;
  const words = [size, `${grouped(interleavings)} interleavings`, speed].join(', ');
  return `${scopeInWords(scope)}: ${words}; ${kindsOf(scope)}; ${moves.length} kinds of moves`;
}

/** Which wishes and faults a scope has. */
function kindsOf(scope: Scope): string {
  const of = (all: readonly string[], any: string): string => {
    const kinds = all.filter((kind) => kind in (scope.budgets ?? {}) || isShared(scope, kind));
    return kinds.length === all.length ? any : kinds.length === 0 ? any.replace('any', 'no') : kinds.join(', ');
  };
  return `${of(WISHES, 'any wish')}, ${of(FAULTS, 'any fault')}`;
}

function isShared({ wishes = 0, faults = 0 }: Scope, kind: string): boolean {
  return ((WISHES as readonly string[]).includes(kind) ? wishes : faults) > 0;
}
