/**
 * A broken promise for people: which, why, the run in one dense line a step, the line of code that replays it, and a
 * picture.
 */
import type { Charts } from '../machines/index.ts';
import { judge } from './catalogue.ts';
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

/** A violation in words: the promise, the run, how to see it again. */
export function report(scope: Scope, { invariant, why, run }: Violation, charts?: Charts): string {
  return [
    `${invariant.id} is broken: ${invariant.sentence}`,
    `  ${why}`,
    '',
    `The run, ${run.length} moves:`,
    ...moments(scope, run, charts).map(({ text }, i) => `  ${String(i + 1).padStart(2)} ${text}`),
    '',
    'To see it again:',
    `  replayRun(${JSON.stringify(scope)}, ${JSON.stringify(run)})`,
  ].join('\n');
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

/** Replays a run move by move; the words of each moment are taken when it is there, since worlds change in place. */
function moments(scope: Scope, run: readonly Move[], charts: Charts | undefined): Moment[] {
  const world = new World(scope, charts);
  const list: Moment[] = [];
  for (const move of run) {
    try {
      const edge = world.happen(move);
      const copy = edge && { ...edge, core: { ...edge.core, workers: new Map(edge.core.workers) } };
      list.push({ move, edge: copy, text: edge ? `${move}: ${dense(edge)}` : `${move}: unseen by the core` });
      if (edge && !judge(edge)) world.settle(edge);
    } catch (error) {
      list.push({ move, edge: undefined, text: `${move}: throws ${String(error)}` });
    }
  }
  return list;
}
