/**
 * Which effect of which machine becomes which event of which machine: the only part of the pictures that is written by
 * hand, since it is code of the core (machines/core.ts, dispatch.ts, shutdown.ts, workers.ts) and of no chart.
 *
 * The compiler checks that every name exists and that no cause is missing; `checkWiring` checks against the machines that
 * every event is raised by something and that every effect is really asked for.
 */

import type {
  ExecutorEffect,
  ExecutorEvent,
  FutureEffect,
  FutureEvent,
  WorkerEffect,
  WorkerEvent,
} from '../../machines/alphabet.ts';
import type { Effect } from '../../machines/effects.ts';
import type { Command, Observation } from '../../machines/events.ts';
import type { Drawing } from './walk.ts';

/** What the core counts, and raises events from. */
export type Fact = 'call waits' | 'calls used up' | 'holds no call' | 'none unsettled' | 'no worker left' | 'must stay';

/** Where an event can come from. */
export type Cause =
  | `program.${Command['type']}`
  | `world.${Observation['type']}`
  | `core.${Fact}`
  | `executor.${ExecutorEffect}`
  | `worker.${WorkerEffect}`
  | `future.${FutureEffect}`;

/** Where an effect can lead: to an event, to an effect of the core on the outside, or into the core's own books. */
export type Consequence =
  | `executor.${ExecutorEvent}`
  | `worker.${WorkerEvent}`
  | `future.${FutureEvent}`
  | `program.${Extract<Effect['type'], 'publish' | 'refuse' | 'joined' | 'hold' | 'giveUp'>}`
  | `world.${Extract<Effect['type'], 'spawn' | 'send' | 'end' | 'timer' | 'release'>}`
  | `core.${'queue' | 'count' | 'evidence' | 'prediction'}`;

/** The table. */
export const wiring: Readonly<Record<Cause, readonly Consequence[]>> = {
  'program.submit': ['executor.submit'],
  'program.shutdown': ['executor.shutdown', 'executor.cancelFutures'],
  'program.terminate': ['executor.terminate'],
  'program.kill': ['executor.kill'],
  'program.collected': ['executor.collected'],
  'program.processExit': ['executor.processExit'],
  'program.cancel': ['future.cancel', 'future.setRunningOrNotifyCancel'],
  'program.settle': ['future.setResult', 'future.setException'],

  'executor.accept': ['core.queue'],
  'executor.refuseShutdown': ['program.refuse'],
  'executor.refuseBroken': ['program.refuse'],
  'executor.cancelPending': ['future.cancel', 'future.setRunningOrNotifyCancel'],
  'executor.failTerminated': ['future.setException'],
  'executor.failKilled': ['future.setException'],
  'executor.failUnfinished': ['future.setException'],
  'executor.stopWorkers': ['worker.stop'],
  'executor.terminateWorkers': ['worker.terminate'],
  'executor.killWorkers': ['worker.kill'],
  'executor.announceJoined': ['program.joined'],

  'core.call waits': ['worker.assign', 'future.setRunningOrNotifyCancel'],
  'core.calls used up': ['worker.retire'],
  'core.holds no call': ['worker.lastCallDone'],
  'core.none unsettled': ['executor.drained', 'executor.futuresFailed'],
  'core.no worker left': ['executor.lastWorkerGone'],
  'core.must stay': ['program.hold'],

  'future.publish': ['program.publish', 'core.count'],
  'future.refuse': ['program.refuse', 'core.count'],

  'worker.spawn': ['world.spawn'],
  'worker.sendCall': ['world.send'],
  'worker.sendStop': ['world.end'],
  'worker.sendTerm': ['world.end'],
  'worker.sendKill': ['world.end'],
  'worker.startBootTimer': ['world.timer'],
  'worker.startDrainTimer': ['world.timer'],
  'worker.startGraceTimer': ['world.timer'],
  'worker.startReapTimer': ['world.timer'],
  'worker.stopTimer': ['world.timer'],
  'worker.release': ['world.release', 'core.count'],
  'worker.giveUp': ['program.giveUp'],
  'worker.deliver': ['future.setResult', 'future.setException'],
  'worker.drop': ['core.count'],
  'worker.reportLost': ['executor.workerLost'],
  'worker.noteSpawnFailure': ['core.evidence'],
  'worker.noteBootTimeout': ['core.evidence'],
  'worker.noteCondemned': ['core.evidence'],
  'worker.noteIdle': ['core.evidence'],
  'worker.noteRunning': ['core.evidence'],

  'world.spawned': ['worker.spawned'],
  'world.spawnFailed': ['worker.spawnFailed'],
  'world.ready': ['worker.ready'],
  'world.outcomeReceived': ['worker.outcomeReceived', 'worker.faulted'],
  'world.callRejected': ['worker.outcomeReceived', 'worker.faulted'],
  'world.exited': ['worker.exited'],
  'world.callsEnded': ['worker.callsEnded'],
  'world.channelEnded': ['worker.channelEnded'],
  'world.faulted': ['worker.faulted'],
  'world.timerFired': ['worker.timerFired'],
  'world.internalFailure': ['executor.workerLost'],
  'world.costEstimated': ['core.prediction'],
};

/** What the table and the machines disagree about, one sentence each. */
export function checkWiring(drawings: readonly Drawing[]): string[] {
  const raised = new Set<string>(Object.values(wiring).flat());
  const complaints: string[] = [];
  const known = new Set<string>();
  for (const { id, events, arrows, answers, initialEffects } of drawings) {
    const effects = new Set([...initialEffects, ...[...arrows, ...answers].flatMap((it) => it.effects)]);
    for (const event of events) known.add(`${id}.${event}`);
    for (const event of events)
      if (!raised.has(`${id}.${event}`)) complaints.push(`nothing raises '${event}' of the ${id} machine`);
    for (const effect of effects)
      if (!(`${id}.${effect}` in wiring)) complaints.push(`'${effect}' of the ${id} machine leads nowhere`);
    for (const cause of Object.keys(wiring))
      if (cause.startsWith(`${id}.`) && !effects.has(cause.slice(id.length + 1)))
        complaints.push(`no transition of the ${id} machine asks for '${cause.slice(id.length + 1)}'`);
    for (const consequence of raised)
      if (consequence.startsWith(`${id}.`) && !known.has(consequence))
        complaints.push(`the ${id} machine has no event '${consequence.slice(id.length + 1)}'`);
  }
  return complaints;
}

/** One line at an arrow of the overview: these causes lead to these consequences. */
export interface WireLine {
  readonly causes: readonly string[];
  readonly consequences: readonly string[];
}

/** An arrow of the overview: all that leads from one party to another. */
export interface WireEdge {
  readonly from: string;
  readonly to: string;
  readonly lines: readonly WireLine[];
}

/** The table as arrows; causes with the same consequences share a line. */
export function wireEdges(): WireEdge[] {
  const edges = new Map<
    string,
    { from: string; to: string; lines: Map<string, { causes: string[]; consequences: string[] }> }
  >();
  for (const [cause, consequences] of Object.entries(wiring)) {
    const [from, name] = split(cause);
    for (const to of new Set(consequences.map((it) => split(it)[0]))) {
      const there = consequences.filter((it) => split(it)[0] === to).map((it) => split(it)[1]);
      const edge = edges.get(`${from} ${to}`) ?? { from, to, lines: new Map() };
      edges.set(`${from} ${to}`, edge);
      const line = edge.lines.get(there.join()) ?? { causes: [], consequences: there };
      edge.lines.set(there.join(), line);
      line.causes.push(name);
    }
  }
  return [...edges.values()].map(({ from, to, lines }) => ({ from, to, lines: [...lines.values()] }));
}

/** `executor.drained` as ['executor', 'drained']. */
function split(name: string): [string, string] {
  const dot = name.indexOf('.');
  return [name.slice(0, dot), name.slice(dot + 1)];
}
