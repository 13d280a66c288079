/**
 * `sometimes`: the interesting things did happen. An exploration or a simulation that lacks one of these shows nothing.
 */
import type { Edge } from './edge.ts';

/** One thing that must have been seen. */
export interface Witness {
  readonly name: string;
  readonly seen: (edge: Edge) => boolean;
}

const entered = (edge: Edge, state: string): boolean =>
  edge.core.charts.executor.name(edge.core.executor) === state &&
  edge.core.charts.executor.name(edge.before.executor) !== state;

const workerIs = (edge: Edge, id: number, state: string): boolean => {
  const worker = edge.core.workers.get(id);
  return worker !== undefined && edge.core.charts.worker.name(worker.state) === state;
};

/** The catalogue. */
export const witnesses: readonly Witness[] = [
  { name: 'a result was delivered', seen: ({ before, core }) => core.counts.succeeded > before.counts[0] },
  { name: 'a call was cancelled', seen: ({ before, core }) => core.counts.cancelled > before.counts[2] },
  {
    name: 'a late outcome was dropped',
    seen: ({ before, event, core }) => event.type === 'outcomeReceived' && core.counts.dropped > before.counts[4],
  },
  { name: 'the executor broke', seen: (edge) => entered(edge, 'broken.reaping') || entered(edge, 'joined.broken') },
  { name: 'the executor joined cleanly', seen: (edge) => entered(edge, 'joined.clean') },
  { name: 'the executor joined broken', seen: (edge) => entered(edge, 'joined.broken') },
  {
    name: 'a drain waited for a call',
    seen: (edge) => entered(edge, 'shuttingDown.draining') && edge.core.unsettled > 0,
  },
  {
    name: 'a worker was replaced after its last call',
    seen: ({ event, effects }) => event.type === 'exited' && effects.some(({ type }) => type === 'spawn'),
  },
  {
    name: 'a result was read after the exit of its worker',
    seen: (edge) =>
      edge.event.type === 'outcomeReceived' &&
      workerIs(edge, edge.event.worker, 'lost.exited') &&
      edge.effects.some(({ type }) => type === 'publish'),
  },
  {
    name: 'the results ended before the exit',
    seen: (edge) => edge.event.type === 'channelEnded' && workerIs(edge, edge.event.worker, 'lost.severed'),
  },
  {
    name: 'a worker that had closed its calls was still read',
    seen: (edge) => edge.event.type === 'outcomeReceived' && workerIs(edge, edge.event.worker, 'lost.deaf'),
  },
  {
    name: 'a call was sent ahead of another',
    seen: ({ core, effects }) =>
      effects.some((effect) => effect.type === 'send' && (core.workers.get(effect.worker)?.held.length ?? 0) > 1),
  },
  {
    name: 'SIGTERM was not enough',
    seen: ({ effects, event }) =>
      event.type === 'timerFired' && effects.some((it) => it.type === 'end' && it.how === 'SIGKILL'),
  },
  { name: 'a process was given up', seen: ({ effects }) => effects.some(({ type }) => type === 'giveUp') },
  {
    name: 'a submit was refused because the executor was shut down',
    seen: ({ effects }) => effects.some((it) => it.type === 'refuse' && it.reason === 'shutdown'),
  },
  {
    name: 'a submit was refused because the executor was broken',
    seen: ({ effects }) => effects.some((it) => it.type === 'refuse' && it.reason === 'broken'),
  },
];
