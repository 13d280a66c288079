/**
 * L3 and L10: the composition explored whole, and how much of the charts that reaches.
 */

import { executorTable } from '../../machines/compiled/executor.ts';
import { futureTable } from '../../machines/compiled/future.ts';
import { workerTable } from '../../machines/compiled/worker.ts';
import { type Charts, compiledCharts } from '../../machines/index.ts';
import { type Exploration, explore } from '../explorer.ts';
import { type Scope, VERBS } from '../moves.ts';
import { report } from '../report.ts';
import { playTape, tapeOf } from '../tape.ts';
import { witnesses } from '../witnesses.ts';
import { grouped, type Rung } from './rung.ts';

/** What is explored, from small to wide; every kind of move is possible in some of them. */
export const QUICK: readonly Scope[] = [
  { workers: 1, tasks: 1, kills: 1, wishes: 1, faults: 1 },
  { workers: 1, tasks: 1, kills: 0, wishes: 2, faults: 2 },
  { workers: 1, tasks: 2, kills: 1, wishes: 1, faults: 1, maxTasksPerChild: 1 },
  { workers: 1, tasks: 1, kills: 0, wishes: 1, faults: 2, maxTasksPerChild: 1 },
  { workers: 1, tasks: 1, kills: 0, wishes: 2, faults: 1, maxTasksPerChild: 1 },
  { workers: 1, tasks: 2, kills: 0, wishes: 2, faults: 1, costs: ['short', 'short'] },
  { workers: 2, tasks: 2, kills: 1, wishes: 1, faults: 1 },
  { workers: 2, tasks: 3, kills: 1, wishes: 1 },
  { workers: 3, tasks: 3, kills: 1, budgets: { cancel: 1, shutdown: 1 } },
];

/** Wider ones. */
export const DEEP: readonly Scope[] = [
  ...QUICK,
  { workers: 2, tasks: 3, kills: 1, wishes: 1, faults: 1 },
  { workers: 3, tasks: 3, kills: 1, wishes: 1, faults: 1 },
  { workers: 2, tasks: 2, kills: 1, wishes: 2, faults: 2 },
  { workers: 3, tasks: 4, kills: 2, wishes: 1 },
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
  climb: ({ isDeep, progress }) => {
    const notes: string[] = [];
    const results: (Omit<Exploration, 'moves' | 'witnesses' | 'violation'> & { scope: string })[] = [];
    const seen = new Set<string>();
    const made = new Set<string>();
    for (const scope of isDeep ? DEEP : QUICK) {
      const onProgress = (states: number) => progress(`${scopeInWords(scope)}: ${grouped(states)} states`);
      const { moves, witnesses: shown, violation, ...numbers } = explore(scope, { onProgress });
      results.push({ scope: scopeInWords(scope), ...numbers });
      for (const name of shown) seen.add(name);
      for (const [verb, count] of moves) if (count > 0) made.add(verb);
      if (violation) notes.push(report(scope, violation));
      if (violation) break;
    }
    const sum = (of: 'states' | 'edges' | 'interleavings' | 'milliseconds') =>
      results.reduce((total, result) => total + result[of], 0);
    for (const verb of VERBS) if (!made.has(verb)) notes.push(`no run has made the move '${verb}'`);
    for (const { name } of witnesses) if (!seen.has(name)) notes.push(`never seen: ${name}`);
    const speed = (sum('states') / sum('milliseconds')) * 1000;
    const counted = (['states', 'edges', 'interleavings'] as const).map((of) => `${grouped(sum(of))} ${of}`);
    const number = `${counted.join(', ')}, ${grouped(speed)} states/s`;
    const data = { results, peakMemory: process.memoryUsage().rss, witnesses: seen.size, moves: made.size };
    return { number, isMet: notes.length === 0 && sum('interleavings') > 1e9, notes, data };
  },
};

/** L10, with the composed half of L1. */
export const coverage: Rung = {
  id: 'L10',
  what: 'how many cells, pairs of cells and (worker, executor) phases the runs of the composition go through',
  floor: 'cells >= 92 %',
  doesNotShow:
    'that a cell not reached cannot be: each is listed; which pairs are reachable at all, so pairs have no floor yet',
  climb: ({ isDeep, progress }) => {
    const seen = new Set<string>();
    const pairs = new Set<string>();
    const phases = new Set<string>();
    let unseenOnce = 0;
    const counts = new Map<string, number>();
    const charts = recording(compiledCharts, (cell) => {
      seen.add(cell);
      counts.set(cell, (counts.get(cell) ?? 0) + 1);
    });
    for (const scope of QUICK.filter(({ workers }) => workers === 1)) {
      progress(`cells of ${scopeInWords(scope)}`);
      explore(scope, {
        charts,
        onEdge: ({ core }) => {
          for (const { state } of core.workers.values())
            phases.add(`${core.charts.worker.name(state)} x ${core.charts.executor.name(core.executor)}`);
        },
      });
    }
    const runs = isDeep ? 100_000 : 10_000;
    const scope: Scope = { workers: 2, tasks: 5, kills: 1, wishes: 3, faults: 3 };
    for (let run = 0; run < runs; run++) {
      const last = new Map<number, string>();
      if (run % 1000 === 0) progress(`pairs: ${run} of ${runs} runs`);
      playTape(run % 3 === 0 ? { ...scope, maxTasksPerChild: 1 } : scope, tapeOf(run, 60), {
        onEdge: ({ event, core }) => {
          if (!('worker' in event)) return;
          const state = core.workers.get(event.worker)?.state;
          const cell = `${event.type}:${state}`;
          pairs.add(`${last.get(event.worker)} ${cell}`);
          last.set(event.worker, cell);
        },
      });
    }
    for (const count of counts.values()) if (count === 1) unseenOnce++;
    const all = [...cellsOf(executorTable), ...cellsOf(workerTable), ...cellsOf(futureTable)];
    const missing = all.filter((cell) => !seen.has(cell));
    const number = `${seen.size} of ${all.length} cells, ${pairs.size} pairs of news, ${phases.size} phases`;
    const notes = missing.map((cell) => `not reached: ${cell}`);
    const data = { cells: seen.size, all: all.length, pairs: pairs.size, phases: phases.size, missing, unseenOnce };
    return { number, isMet: seen.size / all.length >= 0.92, notes, data };
  },
};

function cellsOf(table: {
  readonly machine: string;
  readonly states: readonly string[];
  readonly cells: readonly Readonly<Record<string, unknown>>[];
}): string[] {
  return table.cells.flatMap((row, state) =>
    Object.keys(row)
      .filter((event) => row[event] !== null)
      .map((event) => `${table.machine} ${table.states[state]}/${event}`),
  );
}

/** The same charts; every transition is told. */
function recording(charts: Charts, tell: (cell: string) => void): Charts {
  const spy = <K extends keyof Charts>(machine: K): Charts[K] => {
    const chart = charts[machine];
    const transition = (state: number, event: never) => {
      tell(`${machine} ${chart.name(state)}/${event}`);
      return chart.transition(state, event);
    };
    return { ...chart, transition } as Charts[K];
  };
  return { future: spy('future'), worker: spy('worker'), executor: spy('executor') };
}
