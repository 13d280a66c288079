/**
 * What the executor chart asks for: accepting no more, cancelling, failing, and ending every worker.
 *
 * Order within one step (I23): the executor's state is set, futures are settled and published, workers are signalled.
 * Workers are signalled through their own charts, each of which records the intent first.
 */
import type { ExecutorEffect, WorkerEvent } from './alphabet.ts';
import { dequeue } from './queue.ts';
import { type CoreState, cancel, emit, raiseFuture } from './state.ts';
import type { Loss } from './vocabulary.ts';
import { forcedLoss, raiseWorker, takeAll } from './workers.ts';

/** Does what a transition of the executor asks for; `loss` is what made it happen, where it was a loss. */
export function executorAsks(state: CoreState, effect: ExecutorEffect, loss: Loss | undefined): void {
  switch (effect) {
    case 'cancelPending':
      return cancelPending(state);
    case 'failUnfinished':
      state.loss ??= loss;
      return failUnfinished(state, loss);
    case 'failTerminated':
      return failRunning(state, 'terminated');
    case 'failKilled':
      return failRunning(state, 'killed');
    case 'stopWorkers':
      return tellWorkers(state, 'stop');
    case 'terminateWorkers':
      return tellWorkers(state, 'terminate');
    case 'killWorkers':
      return tellWorkers(state, 'kill');
    case 'announceJoined':
      return emit(state, { type: 'joined' });
    case 'accept':
    case 'refuseShutdown':
    case 'refuseBroken':
      throw new Error(`'${effect}' answers a submit and nothing else`);
  }
}

function cancelPending(state: CoreState): void {
  for (const work of state.queue.places) if (work) cancel(state, work);
}

/**
 * The calls of the lost workers first, then what others hold, then what waits. Those that are done stay as they are.
 */
function failUnfinished(state: CoreState, loss: Loss | undefined): void {
  if (!loss) throw new Error('an executor breaks only of a loss');
  const outcome = { kind: 'lost', loss } as const;
  const held = [...state.orphans];
  for (const worker of state.workers.values()) held.push(...takeAll(worker));
  for (const work of held) raiseFuture(state, work, 'setException', outcome);
  for (let work = dequeue(state.queue); work; work = dequeue(state.queue))
    raiseFuture(state, work, 'setException', outcome);
}

/** A forced stop: each call is told of its own worker. */
function failRunning(state: CoreState, reason: 'terminated' | 'killed'): void {
  for (const worker of state.workers.values()) {
    if (worker.held.length === 0) continue;
    const outcome = { kind: 'lost', loss: forcedLoss(worker, reason) } as const;
    for (const work of takeAll(worker)) raiseFuture(state, work, 'setException', outcome);
  }
}

function tellWorkers(state: CoreState, event: WorkerEvent): void {
  for (const worker of [...state.workers.values()]) raiseWorker(state, worker, event);
}
