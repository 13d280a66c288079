/**
 * A broken promise for people: which, why, the run in one dense line a step, where to look, the line of code that
 * replays it, and a picture.
 */
import { type Charts, compiledCharts } from '../machines/index.ts';
import { invariants, judge } from './catalogue.ts';
import { coreInWords, dense, effectInWords, eventInWords } from './dense.ts';
import type { Edge } from './edge.ts';
import type { Violation } from './explorer.ts';
import type { Move, Scope } from './moves.ts';
import { World } from './world.ts';

/** One move of a run with what it led to. */
interface Moment {
  readonly move: Move;
  readonly edge: Edge | undefined;
  readonly text: string;
}

/** A violation in words: the promise, the run, where to look, how to see it again. */
export function report(scope: Scope, { invariant, why, run }: Violation, charts?: Charts): string {
  const source = invariants.find(({ id }) => id === invariant.id)?.source;
  const cells: string[] = [];
  const told = moments(scope, run, charts, cells);
  return [
    `${invariant.id} is broken: ${invariant.sentence}`,
    `  ${why}`,
    ...(source ? [`  Source: ${source}`] : []),
    '',
    `The run, ${run.length} ${run.length === 1 ? 'move' : 'moves'}:`,
    '  (what happens: what the core is told -> what it asks for | where everything stands then)',
    ...told.map(({ text }, i) => `  ${String(i + 1).padStart(2)} ${text}`),
    '',
    'The last step took these cells of the charts. Where one is wrong or missing, look at machines/future.ts,',
    'worker.ts or executor.ts, and at who raises it in core.ts, dispatch.ts, shutdown.ts and workers.ts:',
    ...(cells.length === 0 ? ['  none'] : cells.map((cell) => `  ${cell}`)),
    '',
    'To see it again, and to go forward and back in it:',
    "  import { Replay, replayRun } from 'procfutures/properties';",
    `  console.log(replayRun(${JSON.stringify(scope)}, ${JSON.stringify(run)}));`,
  ].join('\n');
}

/** The same charts; every transition is told, as `worker idle/assign -> busy, sendCall`. */
function overheard(charts: Charts, tell: (cell: string) => void): Charts {
  const spy = <K extends keyof Charts>(machine: K): Charts[K] => {
    const chart = charts[machine];
    const transition = (state: number, event: never) => {
      const { next, effects } = chart.transition(state, event);
      tell([`${machine} ${chart.name(state)}/${String(event)} -> ${chart.name(next)}`, ...effects].join(', '));
      return { next, effects };
    };
    return { ...chart, transition } as Charts[K];
  };
  return { future: spy('future'), worker: spy('worker'), executor: spy('executor') };
}

/** A run as a Mermaid sequence diagram: the user, the core, and each worker process. */
export function sequenceDiagram(scope: Scope, run: readonly Move[], charts?: Charts): string {
  const lines: string[] = [];
  const workers = new Set<number>();
  const name = (id: number): string => {
    workers.add(id);
    return `W${id}`;
  };
  for (const { move, edge } of moments(scope, run, charts)) {
    const [verb, id] = move.split(' ');
    if (!edge) {
      lines.push(`note over ${name(Number(id))}: ${verb}`);
      continue;
    }
    const from = 'worker' in edge.event ? name(edge.event.worker) : 'User';
    lines.push(`${from}->>Core: ${eventInWords(edge.event)}`);
    for (const effect of edge.effects) {
      if (effect.type === 'timer') continue;
      const to = 'worker' in effect ? name(effect.worker) : 'User';
      lines.push(`Core-->>${to}: ${effectInWords(effect)}`);
    }
    lines.push(`note right of Core: ${coreInWords(edge.core).split(',')[0]}`);
  }
  const participants = ['User', 'Core', ...[...workers].sort((a, b) => a - b).map((id) => `W${id}`)];
  return ['sequenceDiagram', ...participants.map((it) => `participant ${it}`), ...lines].join('\n  ');
}

/**
 * Replays a run move by move; the words of each moment are taken when it is there, since worlds change in place.
 *
 * @param cells gets the cells of the charts that the last step took
 */
function moments(scope: Scope, run: readonly Move[], charts = compiledCharts, cells: string[] = []): Moment[] {
  const world = new World(
    scope,
    overheard(charts, (cell) => cells.push(cell)),
  );
  const list: Moment[] = [];
  let before: string[] = [];
  for (const move of run) {
    before = cells.splice(0);
    try {
      const edge = world.happen(move);
      if (!edge) cells.push(...before);
      const copy = edge && { ...edge, core: { ...edge.core, workers: new Map(edge.core.workers) } };
      list.push({ move, edge: copy, text: edge ? `${move}: ${dense(edge)}` : `${move}: unseen by the core` });
      if (edge && !judge(edge)) world.settle(edge);
    } catch (error) {
      list.push({ move, edge: undefined, text: `${move}: throws ${String(error)}` });
    }
  }
  return list;
}
