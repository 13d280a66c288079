/**
 * L13: beyond the bound. Exploration shows what holds for so many workers and calls; this asks whether more of them
 * would show anything of another kind.
 *
 * The kind of a core is what is left of it when it is known only how many workers are in each state with how many
 * calls, counted as none, one, or several, and the same of the calls that wait. Where more workers and calls bring no
 * new kind any more, there is nothing left for a bug to be about that the explored scopes do not have.
 */
import type { CoreState } from '../../machines/index.ts';
import { type ExploreOptions, explore } from '../explorer.ts';
import type { Scope } from '../moves.ts';
import { scopeInWords } from './exploration.ts';
import { chartsOf, grouped, type Rung } from './rung.ts';

/** Counted up to this: none, one, several. */
const SEVERAL = 2;

/** Ever more calls for the same workers, ever more workers for the same calls. */
const CURVES: readonly { readonly what: string; readonly scopes: readonly Scope[]; readonly deep: readonly Scope[] }[] =
  [
    {
      what: 'calls, one worker',
      scopes: [1, 2, 3, 4, 5].map((tasks) => ({ workers: 1, tasks, kills: 1, wishes: 1 })),
      deep: [6, 7, 8].map((tasks) => ({ workers: 1, tasks, kills: 1, wishes: 1 })),
    },
    {
      what: 'calls, two workers',
      scopes: [1, 2, 3, 4, 5].map((tasks) => ({ workers: 2, tasks, kills: 1, wishes: 1 })),
      deep: [6, 7, 8].map((tasks) => ({ workers: 2, tasks, kills: 1, wishes: 1 })),
    },
    {
      what: 'workers, as many calls',
      scopes: [1, 2, 3, 4].map((count) => ({ workers: count, tasks: count, kills: 1, budgets: { terminate: 1 } })),
      deep: [5].map((count) => ({ workers: count, tasks: count, kills: 1, budgets: { terminate: 1 } })),
    },
  ];

/** What a core is of its kind, in words; equal words are one kind. */
export function kindOf({ charts, executor, workers, queue }: CoreState): string {
  const counts = new Map<string, number>();
  for (const { state, held } of workers.values()) {
    const what = `${charts.worker.name(state)} ${Math.min(held.length, SEVERAL)}`;
    counts.set(what, Math.min((counts.get(what) ?? 0) + 1, SEVERAL));
  }
  const all = [...counts].map(([what, count]) => `${count} x ${what}`).sort();
  return [charts.executor.name(executor), `${Math.min(queue.size, SEVERAL)} wait`, ...all].join(', ');
}

/** Each worker alone, with the executor: what any promise about one worker is about. */
export function phasesOf({ charts, executor, workers, queue }: CoreState): string[] {
  const rest = `${charts.executor.name(executor)}, ${Math.min(queue.size, SEVERAL)} wait`;
  return [...workers.values()].map(
    ({ state, held }) => `${charts.worker.name(state)} ${Math.min(held.length, SEVERAL)} | ${rest}`,
  );
}

/** How many kinds a scope has, and which. */
export function kindsIn(
  scope: Scope,
  options: ExploreOptions = {},
): { states: number; kinds: Set<string>; phases: Set<string> } {
  const [kinds, phases] = [new Set<string>(), new Set<string>()];
  const { states, violation, isComplete } = explore(scope, {
    ...options,
    onEdge: ({ core }) => {
      kinds.add(kindOf(core));
      for (const phase of phasesOf(core)) phases.add(phase);
    },
  });
  if (violation) throw new Error(`${violation.invariant.id} is broken in ${scopeInWords(scope)}: ${violation.why}`);
  if (!isComplete) throw new Error(`${scopeInWords(scope)} was not explored to its end`);
  return { states, kinds, phases };
}

/** L13. */
export const beyond: Rung = {
  id: 'L13',
  what: 'whether more calls and workers bring states of a new kind: workers by state and calls, none, one or several',
  floor: 'for one and for two workers the last more call brings no new kind; the last more workers no new phase',
  doesNotShow: 'a proof: that kinds stop growing is evidence for a cut-off, not one; budgets of wishes and kills stay',
  climb: (setting) => {
    const { isDeep, progress } = setting;
    const charts = chartsOf(setting);
    const notes: string[] = [];
    const curves = CURVES.map(({ what, scopes, deep }) => {
      const [kinds, phases] = [new Set<string>(), new Set<string>()];
      const points = (isDeep ? [...scopes, ...deep] : scopes).map((scope) => {
        progress(`kinds of ${scopeInWords(scope)}`);
        const before = { kinds: kinds.size, phases: phases.size };
        const found = kindsIn(scope, charts ? { charts } : {});
        for (const kind of found.kinds) kinds.add(kind);
        for (const phase of found.phases) phases.add(phase);
        return {
          scope: scopeInWords(scope),
          states: found.states,
          kinds: kinds.size,
          newKinds: kinds.size - before.kinds,
          phases: phases.size,
          newPhases: phases.size - before.phases,
        };
      });
      const curve = points.map((it) => `${grouped(it.states)} states: ${it.kinds} kinds, ${it.phases} phases`);
      notes.push(`more ${what}: ${curve.join('; ')}`);
      return { what, points, last: points[points.length - 1] };
    });
    const stopped = curves.filter(
      ({ last, what }) => (what.startsWith('calls') ? last?.newKinds : last?.newPhases) === 0,
    );
    const number = curves.map(
      ({ what, last }) =>
        `more ${what}: ${last?.newKinds} new of ${last?.kinds} kinds, ${last?.newPhases} new of ${last?.phases} phases`,
    );
    return { number: number.join('; '), isMet: stopped.length === curves.length, notes, data: { curves } };
  },
};
