/**
 * L10: how much of what can be reached the runs go through, exhaustive and random ones, and how much nobody has seen.
 *
 * Which pairs of transitions can be reached is not guessed: an exploration of small scopes with charts that remember
 * their last transition finds all there are in them. The random runs are then measured against that.
 */
import { compiledCharts } from '../../machines/index.ts';
import type { Edge } from '../edge.ts';
import { explore } from '../explorer.ts';
import { judgeLoneFuture } from '../lone-future.ts';
import type { Scope } from '../moves.ts';
import { allCells, type Passages, rememberingCharts } from '../remembering.ts';
import { playTape, tapeOf } from '../tape.ts';
import { estimateUnseen } from '../unseen.ts';
import { scopeInWords } from './exploration.ts';
import { chartsOf, grouped, type Rung } from './rung.ts';

/** Scopes whose pairs are found, all of them. */
const EXPLORED: readonly Scope[] = [
  { workers: 1, tasks: 1, kills: 1, wishes: 1, faults: 1 },
  { workers: 1, tasks: 1, kills: 0, wishes: 2, faults: 1 },
  { workers: 1, tasks: 1, kills: 0, wishes: 1, faults: 2 },
  { workers: 1, tasks: 2, kills: 1, wishes: 1, faults: 0, maxTasksPerChild: 1 },
  { workers: 1, tasks: 2, kills: 0, wishes: 1, faults: 1, costs: ['short', 'short'] },
  { workers: 2, tasks: 2, kills: 1, wishes: 1 },
];

/** Random runs are wider than what is explored. */
const RANDOM: readonly Scope[] = [
  { workers: 2, tasks: 4, kills: 1, wishes: 3, faults: 3, costs: ['short', 'short', 'long', 'short'] },
  { workers: 1, tasks: 3, kills: 1, wishes: 3, faults: 3 },
  { workers: 2, tasks: 3, kills: 1, wishes: 3, faults: 3, maxTasksPerChild: 1 },
];

const newPassages = (): Passages => ({ cells: new Map(), pairs: new Map() });

/** L10, with the composed half of L1. */
export const coverage: Rung = {
  id: 'L10',
  what: 'how much of what can be reached is gone through: cells by exploration, pairs of transitions by random runs',
  floor: 'cells 100 %, pairs >= 95 % of those that are reachable',
  doesNotShow: 'pairs that only wider scopes than the explored ones reach: random runs that find such are counted',
  climb: (setting) => {
    const { isDeep, progress } = setting;
    const charts = chartsOf(setting) ?? compiledCharts;
    const [reachable, gone] = [newPassages(), newPassages()];
    const phases = new Set<string>();
    const partial: string[] = [];
    const onEdge = ({ core: { charts, workers, executor } }: Edge): void => {
      for (const { state } of workers.values())
        phases.add(`${charts.worker.name(state)} x ${charts.executor.name(executor)}`);
    };
    // A future that belongs to no executor makes the transitions that a pool makes in one step, one at a time.
    judgeLoneFuture(rememberingCharts(charts, reachable));
    const lone = new Set(reachable.cells.keys());
    reachable.pairs.clear();
    for (const scope of EXPLORED) {
      progress(`pairs of ${scopeInWords(scope)}`);
      // Judged elsewhere: to promises that compare states, these would look as if they changed where they stay.
      const { isComplete, violation } = explore(scope, {
        charts: rememberingCharts(charts, reachable),
        invariants: [],
        onEdge,
      });
      if (!isComplete) partial.push(`${scopeInWords(scope)} was not explored whole: ${violation?.why}`);
    }
    const phasesExplored = phases.size;
    const runs = isDeep ? 200_000 : 20_000;
    const remembering = rememberingCharts(charts, gone);
    for (let run = 0; run < runs; run++) {
      if (run % 1000 === 0) progress(`${grouped(run)} of ${grouped(runs)} random runs`);
      playTape(RANDOM[run % RANDOM.length] as Scope, tapeOf(run, 80), { charts: remembering, invariants: [], onEdge });
    }
    const missing = allCells.filter((cell) => !reachable.cells.has(cell) && !gone.cells.has(cell));
    const pairs = [...reachable.pairs.keys()];
    const unseen = pairs.filter((pair) => !gone.pairs.has(pair));
    const wider = [...gone.pairs.keys()].filter((pair) => !reachable.pairs.has(pair)).length;
    const share = (pairs.length - unseen.length) / pairs.length;
    const estimate = estimateUnseen(gone.pairs.values());
    const cells = allCells.length - missing.length;
    const number = [
      `${cells} of ${allCells.length} cells`,
      `${pairs.length - unseen.length} of ${pairs.length} reachable pairs (${(100 * share).toFixed(1)} %)`,
      `${wider} more in wider scopes, about ${estimate.kinds.toFixed(0)} unseen`,
      `${phases.size} (worker, executor) phases`,
    ].join(', ');
    const notes = [
      ...partial,
      ...missing.map((cell) => `not reached: ${cell}`),
      `${lone.size} cells are those of a future that belongs to no executor, too`,
      `the next transition of a random run is a pair that none had with probability ${estimate.next.toExponential(1)}`,
      ...unseen.map((pair) => `reachable, and in no random run: ${pair}`),
    ];
    const isMet = partial.length === 0 && missing.length === 0 && share >= 0.95;
    const data = { cells, all: allCells.length, pairs: pairs.length, unseen, wider, estimate, phases: phases.size };
    return { number, isMet, notes, data: { ...data, phasesExplored } };
  },
};
