/**
 * L6 and L9b: would the properties notice a bug?
 */
import * as fc from 'fast-check';
import { compiledCharts } from '../../machines/index.ts';
import { explore, type Violation } from '../explorer.ts';
import { judgeLoneFuture } from '../lone-future.ts';
import type { Scope } from '../moves.ts';
import { type Mutant, mutants } from '../mutants.ts';
import { playTape, shrinkRun, TAPE_MAX, tapeOf } from '../tape.ts';
import { chartsOf, grouped, type Outcome, type Rung, type Setting } from './rung.ts';
import { survivors } from './survivors.ts';

/** Small scopes, the likeliest to notice first. */
const SCOPES: readonly Scope[] = [
  { workers: 1, tasks: 1, kills: 1, wishes: 1, faults: 1 },
  { workers: 1, tasks: 2, kills: 0, wishes: 1, faults: 1, maxTasksPerChild: 1 },
  { workers: 1, tasks: 1, kills: 1, wishes: 1, maxTasksPerChild: 1 },
  { workers: 1, tasks: 1, kills: 0, wishes: 1, faults: 2, maxTasksPerChild: 1 },
  { workers: 1, tasks: 1, kills: 0, wishes: 2, faults: 1, maxTasksPerChild: 1 },
  { workers: 1, tasks: 2, kills: 0, wishes: 2, faults: 1, costs: ['short', 'short'] },
  { workers: 1, tasks: 1, kills: 0, wishes: 2, faults: 2 },
  { workers: 2, tasks: 2, kills: 1, wishes: 1 },
];

/** Who notices a mutant: the promise, and the run in which it is broken. */
interface Kill {
  readonly scope: Scope;
  readonly violation: Violation;
}

/** The first scope in which a mutant breaks a promise. */
export function kill({ charts }: Mutant): Kill | undefined {
  for (const scope of SCOPES) {
    const { violation } = explore(scope, { charts });
    if (violation) return { scope, violation };
  }
  return undefined;
}

/** L9b. */
export const automaticMutants: Rung = {
  id: 'L9b',
  what: 'every chart drawn wrong in one place: dropped, retargeted, reordered, forbidden, a tag taken away',
  floor: '>= 98 % killed, each survivor explained',
  doesNotShow: 'bugs of the core or the runtime around the charts: L9a and L9c',
  climb: (setting) => judgeMutants(mutants(), setting),
};

/** How many of these mutants are killed. A survivor has to be explained, and an explained one must survive. */
export function judgeMutants(all: readonly Mutant[], { isDeep, progress }: Setting): Outcome {
  const notes: string[] = [];
  const killers = new Map<string, number>();
  let [killed, explained] = [0, 0];
  all.forEach((mutant, at) => {
    if (at % 20 === 0) progress(`${at} of ${all.length} mutants, ${killed} killed`);
    const reason = survivors.find(([pattern]) => pattern.test(mutant.id))?.[1];
    if (reason !== undefined) explained++;
    if (reason !== undefined && !isDeep) return;
    const lone = mutant.charts.future === compiledCharts.future ? undefined : judgeLoneFuture(mutant.charts);
    const found = lone === undefined ? kill(mutant) : undefined;
    const by = lone === undefined ? found?.violation.invariant.id : 'lone future';
    if (by !== undefined) killers.set(by, (killers.get(by) ?? 0) + 1);
    if (by !== undefined && reason === undefined) killed++;
    if (by === undefined && reason === undefined) notes.push(`survives: ${mutant.id}`);
    if (by !== undefined && reason !== undefined)
      notes.push(`explained as a survivor, and killed by ${by}: ${mutant.id}`);
  });
  const rate = killed / (all.length - explained);
  const percent = (100 * rate).toFixed(1);
  const number = `${killed} of ${all.length - explained} killed (${percent} %), ${explained} equivalent`;
  const data = { killed, all: all.length, explained, killers: Object.fromEntries(killers) };
  return { number, isMet: rate >= 0.98 && notes.length === 0, notes, data };
}

/** Some mutants from all over the charts; those of a lone future need no run to be noticed. */
export function sample(count: number): Mutant[] {
  const isOfUse = ({ id }: Mutant): boolean => !id.startsWith('future ') && !survivors.some(([it]) => it.test(id));
  const all = mutants().filter(isOfUse);
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)] as Mutant);
}

/** L6. */
export const tapes: Rung = {
  id: 'L6',
  what: 'random runs by choice tape under fast-check; what they find in mutants, shrunk, beside the shortest run',
  floor: 'every run good; 10 moves or more on average; shrunk/shortest <= 1.5 over 20 mutants or more',
  doesNotShow: 'the public API: see L6api',
  climb: (setting) => {
    const { isDeep, progress } = setting;
    const charts = chartsOf(setting);
    const notes: string[] = [];
    const scope: Scope = { workers: 2, tasks: 4, kills: 1, wishes: 2, faults: 2 };
    const numRuns = isDeep ? 20_000 : 2_000;
    let [moves, runs] = [0, 0];
    const tape = fc.array(fc.nat({ max: TAPE_MAX }), { minLength: 80, maxLength: 150 });
    const property = fc.property(tape, (numbers) => {
      const { run, violation } = playTape(scope, numbers, charts ? { charts } : {});
      moves += run.length;
      runs++;
      if (violation) throw new Error(`${violation.invariant.id}: ${violation.run.join(', ')}`);
    });
    const { failed, errorInstance } = fc.check(property, { numRuns, seed: 1 });
    if (failed) notes.push(String(errorInstance));
    const ratios: number[] = [];
    let missed = 0;
    for (const mutant of sample(30)) {
      progress(`shrinking ${mutant.id}`);
      const found = kill(mutant);
      if (!found) continue;
      const shortest = found.violation.run.length;
      let violation: Violation | undefined;
      for (let seed = 0; seed < 3_000 && violation?.invariant.id !== found.violation.invariant.id; seed++)
        violation = playTape(found.scope, tapeOf(seed, 40), { charts: mutant.charts }).violation;
      if (violation?.invariant.id !== found.violation.invariant.id) missed++;
      else ratios.push(shrinkRun(found.scope, violation, mutant.charts).run.length / Math.max(shortest, 1));
    }
    const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
    const length = moves / runs;
    const shrunk = `shrunk/shortest ${mean.toFixed(2)} over ${ratios.length} mutants`;
    const number = `${grouped(numRuns)} runs, ${length.toFixed(1)} moves on average, all executed, ${shrunk}`;
    if (missed > 0) notes.push(`${missed} sampled mutants broke another promise, or none, in 3,000 random runs`);
    const isMet = !failed && length >= 10 && mean <= 1.5 && ratios.length >= 20;
    return { number, isMet, notes, data: { numRuns, length, mean, ratios, missed } };
  },
};
