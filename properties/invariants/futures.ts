/**
 * What is promised of every future.
 */
import { asksFor, executorName, type Invariant } from './invariant.ts';

/** The promises. */
export const ofFutures: readonly Invariant[] = [
  {
    id: 'I1',
    sentence: 'A future becomes done at most once, and stays as it is.',
    source: 'CPython _base.py:319; bpo-33238',
    violation: ({ before, event, effects, core, history }) => {
      for (const effect of effects)
        if (effect.type === 'publish' && !history.open.has(effect.work.id))
          return `call ${effect.work.id} was published, and was over already`;
      for (const { work, published, doneAs } of history.over) {
        if (published > 1) return `call ${work.id} was published ${published} times`;
        if (doneAs !== work.state) return `call ${work.id} changed after it was done`;
      }
      if (event.type !== 'cancel' && event.type !== 'settle') return undefined;
      const wasDone = before.work !== undefined && core.charts.future.has(before.work, 'done');
      return wasDone && event.work.state !== before.work ? `'${event.type}' changed a future that was done` : undefined;
    },
  },
  {
    id: 'I1b',
    sentence: 'To settle a future settles it, and is refused when it is done already.',
    source: 'CPython _base.py:529, InvalidStateError',
    on: ['settle'],
    violation: ({ before, event, effects, core }) => {
      if (event.type !== 'settle' || before.work === undefined) return undefined;
      const wasDone = core.charts.future.has(before.work, 'done');
      if (wasDone !== asksFor(effects, 'refuse')) return wasDone ? 'it was not refused' : 'it was refused';
      if (wasDone) return undefined;
      return event.work.outcome === event.outcome ? undefined : 'its outcome is not the one that was given';
    },
  },
  {
    id: 'I2',
    sentence: 'cancel() changes a future only from PENDING, and then it always does.',
    source: 'CPython _base.py:358',
    on: ['cancel'],
    violation: ({ before, event, core }) => {
      if (event.type !== 'cancel' || before.work === undefined) return undefined;
      const { future } = core.charts;
      const wasPending = future.has(before.work, 'pending');
      if (wasPending) return future.has(event.work.state, 'cancelled') ? undefined : 'a pending call was not cancelled';
      return event.work.state === before.work
        ? undefined
        : `cancel moved call ${event.work.id} from ${future.name(before.work)}`;
    },
  },
  {
    id: 'I3',
    sentence: 'A cancelled call is never written to a worker; a written one is RUNNING until it is done.',
    source: 'CPython docs, Future.cancel',
    looksAtAll: true,
    violation: ({ core, history }) => {
      const { future } = core.charts;
      for (const { work, sent } of history.open.values()) {
        if (sent > 0 && future.has(work.state, 'cancelled')) return `call ${work.id} was cancelled and written`;
        if (sent > 0 && future.has(work.state, 'pending')) return `call ${work.id} was written and is PENDING`;
        if (sent === 0 && future.has(work.state, 'running')) return `call ${work.id} is RUNNING and was never written`;
      }
      return undefined;
    },
  },
  {
    id: 'I5',
    sentence: 'Whoever waits for a future is told in the step in which it becomes done, whatever made it done.',
    source: 'CPython gh-136655, gh-109934 (open)',
    looksAtAll: true,
    violation: ({ core, history }) => {
      for (const { work, published } of history.open.values())
        if (published === 0 && core.charts.future.has(work.state, 'done'))
          return `call ${work.id} is done and nobody was told`;
      return undefined;
    },
  },
  {
    id: 'I5b',
    sentence: 'What is published is done, and a cancelled future is CANCELLED_AND_NOTIFIED at once.',
    source: 'CPython gh-136655: a future left in CANCELLED blocks wait() for ever',
    violation: ({ effects, core: { charts } }) => {
      for (const effect of effects) {
        if (effect.type !== 'publish') continue;
        const { id, state, outcome } = effect.work;
        const name = charts.future.name(state);
        if (name !== 'FINISHED' && name !== 'CANCELLED_AND_NOTIFIED') return `call ${id} was published as ${name}`;
        if ((name === 'FINISHED') !== (outcome !== undefined))
          return `call ${id} is ${name}, outcome: ${outcome?.kind}`;
      }
      return undefined;
    },
  },
  {
    id: 'I7',
    sentence: 'Nothing refers to a call whose future is done but the worker that has yet to answer it.',
    source: 'CPython bpo-16284, bpo-27144, bpo-35715',
    looksAtAll: true,
    violation: ({ core }) => {
      for (const work of core.queue.places)
        if (work && !core.charts.future.has(work.state, 'pending'))
          return `call ${work.id} waits in the queue and is not PENDING`;
      if (core.orphans.length > 0 || core.losses.length > 0) return 'a loss was noted and not told';
      if (!executorName(core).startsWith('broken')) return undefined;
      for (const { id, held, head } of core.workers.values())
        if (held.length > 0) return `all calls failed, and worker ${id} still holds call ${held[head]?.id}`;
      return undefined;
    },
  },
];
