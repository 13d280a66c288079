/**
 * What is promised of numbers: each equals what it counts.
 */
import { UNKNOWN_COST, type WorkerTag } from '../../machines/index.ts';
import type { Invariant } from './invariant.ts';

/** How `stats()` sorts workers. */
const PHASES = [
  'spawning',
  'booting',
  'idle',
  'busy',
  'retiring',
  'terminating',
] as const satisfies readonly WorkerTag[];

/** The promises. */
export const ofCounts: readonly Invariant[] = [
  {
    id: 'P4',
    sentence: 'The counts agree with what was told: every end of a future is counted once, for what it was.',
    source: 'dask: counters must equal their recomputation',
    violation: ({ before, effects, core }) => {
      let [succeeded, failed, cancelled] = before.counts;
      for (const effect of effects) {
        if (effect.type !== 'publish') continue;
        const kind = effect.work.outcome?.kind;
        if (kind === undefined) cancelled++;
        else if (kind === 'result') succeeded++;
        else failed++;
      }
      const { counts } = core;
      if (counts.succeeded !== succeeded) return `${counts.succeeded} succeeded, not ${succeeded}`;
      if (counts.failed !== failed) return `${counts.failed} failed, not ${failed}`;
      return counts.cancelled === cancelled ? undefined : `${counts.cancelled} were cancelled, not ${cancelled}`;
    },
  },
  {
    id: 'P4b',
    sentence: 'What is predicted of a worker is the sum over the calls that it holds.',
    source: 'CPython bpo-33078: a slot that is never given back',
    violation: ({ core }) => {
      for (const { id, held, head, predicted, load, unpredicted } of core.workers.values()) {
        if (held.length !== predicted.length)
          return `worker ${id} holds ${held.length} calls, predicted ${predicted.length}`;
        let [sum, unknown] = [0, 0];
        for (let i = head; i < predicted.length; i++) {
          const cost = predicted[i] as number;
          if (cost === UNKNOWN_COST) unknown++;
          else sum += 2 ** cost;
        }
        if (sum !== load || unknown !== unpredicted) return `worker ${id}: ${load} µs, ${unpredicted} unknown`;
      }
      return undefined;
    },
  },
  {
    id: 'P14',
    sentence: 'Every worker is counted in exactly one phase, and that is what it does.',
    source: 'stats() adds up',
    violation: ({ core, history }) => {
      const { worker: chart } = core.charts;
      for (const { id, state, held, head } of core.workers.values()) {
        let phases = 0;
        for (const phase of PHASES) if (chart.has(state, phase)) phases++;
        if (phases !== 1) return `worker ${id} in '${chart.name(state)}' is counted ${phases} times`;
        const isAtWork = chart.has(state, 'busy') || chart.has(state, 'retiring');
        if (isAtWork !== held.length > 0 && !chart.has(state, 'terminating'))
          return `worker ${id} in '${chart.name(state)}' holds ${held.length - head} calls`;
        const sent = history.workers.get(id)?.sent ?? 0;
        const most = core.options.maxTasksPerChild;
        if (isAtWork && sent >= most !== chart.has(state, 'retiring'))
          return `worker ${id} is in '${chart.name(state)}' and was given ${sent} of at most ${most} calls`;
      }
      return undefined;
    },
  },
];
