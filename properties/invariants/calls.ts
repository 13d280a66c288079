/**
 * What is promised of calls on their way: accepted or refused, queued, written once.
 */
import { type CoreState, heldBy, UNKNOWN_COST, type WorkItem } from '../../machines/index.ts';
import { asksFor, countWorkers, executorIs, executorName, type Invariant } from './invariant.ts';

/** The promises. */
export const ofCalls: readonly Invariant[] = [
  {
    id: 'I8',
    sentence: 'Calls are written in the order of submit: none overtakes one that waits.',
    source: 'CPython process.py:382',
    violation: ({ effects, core: { queue } }) => {
      let last = -1;
      for (const effect of effects) {
        if (effect.type !== 'send') continue;
        if (effect.work.id <= last) return `call ${effect.work.id} was written after call ${last}`;
        last = effect.work.id;
      }
      if (last < 0 || queue.size === 0) return undefined;
      const first = firstWaiting(queue);
      return first && first.id < last ? `call ${last} was written and call ${first.id} still waits` : undefined;
    },
  },
  {
    id: 'I9',
    sentence: 'A call is written to at most one worker, at most once.',
    source: 'CPython process.py:382; no silent retry',
    violation: ({ effects, history }) => {
      for (const effect of effects) {
        if (effect.type !== 'send') continue;
        const sent = history.open.get(effect.work.id)?.sent;
        if (sent === undefined) return `call ${effect.work.id} was written and is over`;
        if (sent > 1) return `call ${effect.work.id} was written ${sent} times`;
      }
      return undefined;
    },
  },
  {
    id: 'I10',
    sentence: 'A refused submit leaves no trace, an accepted one is open.',
    source: 'CPython gh-124706 (open)',
    on: ['submit'],
    violation: ({ before, event, effects, core, history }) => {
      if (event.type !== 'submit') return undefined;
      const { id } = event.work;
      if (!asksFor(effects, 'refuse'))
        return history.open.get(id)?.work === event.work ? undefined : 'it was accepted and is nowhere';
      return id >= 0 || core.unsettled !== before.unsettled || effects.length > 1 ? 'it left one' : undefined;
    },
  },
  {
    id: 'I11',
    sentence: 'A submit is accepted while running and refused otherwise; broken is said before shut down.',
    source: 'CPython process.py:796',
    on: ['submit'],
    violation: ({ before, event, effects, core }) => {
      if (event.type !== 'submit') return undefined;
      const refusal = effects.find((effect) => effect.type === 'refuse');
      const name = core.charts.executor.name(before.executor);
      const expected = name === 'running' ? undefined : name.includes('broken') ? 'broken' : 'shutdown';
      if (refusal?.reason !== expected) return `in '${name}' the answer was ${refusal?.reason ?? 'yes'}`;
      return expected === 'broken' && !refusal?.loss ? 'it does not say what broke the executor' : undefined;
    },
  },
  {
    id: 'I12',
    sentence: 'A call is sent ahead only while all that its worker holds is predicted, and below the horizon.',
    source: 'Differs from CPython, whose window is 2N+1 calls (EXTRA_QUEUED_CALLS, O28)',
    violation: ({ effects, core }) => {
      for (const effect of effects) {
        if (effect.type !== 'send') continue;
        const worker = core.workers.get(effect.worker);
        if (!worker) continue;
        const place = worker.held.indexOf(effect.work);
        let micros = 0;
        for (let i = worker.head; i < place; i++) {
          const cost = worker.predicted[i] as number;
          micros += cost === UNKNOWN_COST ? Number.POSITIVE_INFINITY : 2 ** cost;
        }
        if (place > worker.head && micros >= core.options.prefetchHorizon)
          return `call ${effect.work.id} was sent behind ${micros} µs`;
      }
      return undefined;
    },
  },
  {
    id: 'I13',
    sentence: 'Every unsettled call either waits or is held by exactly one worker, and the counts say so.',
    source: 'CPython bpo-33078; conservation',
    looksAtAll: true,
    violation: ({ core, history }) => {
      const { queue } = core;
      let [unsettled, waiting] = [0, 0];
      for (const { work } of history.open.values()) {
        if (core.charts.future.has(work.state, 'done')) continue;
        unsettled++;
        let places = queue.places[work.id - queue.base] === work ? 1 : 0;
        waiting += places;
        for (const { held } of core.workers.values()) if (held.includes(work)) places++;
        if (places !== 1) return `unsettled call ${work.id} is in ${places} places`;
      }
      if (unsettled !== core.unsettled) return `${unsettled} calls are unsettled, the count says ${core.unsettled}`;
      return waiting === queue.size ? undefined : `${waiting} calls wait, the count says ${queue.size}`;
    },
  },
  {
    id: 'I14',
    sentence:
      'While a call waits and may run, workers are starting for as many as wait, or all that are allowed exist.',
    source: 'CPython gh-115634, gh-94440; progress',
    violation: ({ core, history }) => {
      if (core.queue.size === 0 || !executorIs(core, 'dispatches')) return undefined;
      const { starting, idle } = countWorkers(core, history);
      if (idle > 0) return `${core.queue.size} calls wait and a worker is idle`;
      return starting >= core.queue.size || core.workers.size >= core.options.maxWorkers
        ? undefined
        : `${core.queue.size} calls wait, ${starting} of ${core.workers.size} workers start`;
    },
  },
  {
    id: 'I14b',
    sentence: 'While a call waits, nobody is left without it who is ready and will be free within the horizon.',
    source: 'performance: tiny calls travel ahead, hundreds to a frame',
    violation: ({ core, history }) => {
      if (core.queue.size === 0 || !executorIs(core, 'dispatches')) return undefined;
      for (const { id, isReady, told, lostWhile, sent } of history.workers.values()) {
        if (!isReady || told > 0 || lostWhile !== undefined || sent >= core.options.maxTasksPerChild) continue;
        let micros = 0;
        const worker = core.workers.get(id);
        for (const cost of worker?.predicted.slice(worker.head) ?? [])
          micros += cost === UNKNOWN_COST ? Number.POSITIVE_INFINITY : 2 ** cost;
        if (micros < core.options.prefetchHorizon) return `worker ${id} will be free in ${micros} µs`;
      }
      return undefined;
    },
  },
  {
    id: 'I25',
    sentence: 'An answer that was read settles its call with just that outcome, also when its worker is dead by then.',
    source: 'CPython drains before it breaks; celery #5120; a readable result wins over the death',
    on: ['outcomeReceived', 'callRejected'],
    violation: ({ before, event, effects, core, history }) => {
      if (event.type !== 'outcomeReceived' && event.type !== 'callRejected') return undefined;
      const isDropped = core.counts.dropped > before.counts[4];
      const call = history.open.get(event.work);
      for (const effect of effects)
        if (effect.type === 'publish' && effect.work === call?.work)
          return call.work.outcome === event.outcome ? undefined : `call ${event.work} got another outcome`;
      const isExpected = event.type === 'callRejected' || before.head === event.work;
      const isTrusted = before.worker !== undefined && !before.worker.isSilent;
      if (isExpected && isTrusted && call?.published === 0) return `call ${event.work} was answered and is not done`;
      const isCaught = isTrusted && before.worker?.told === 0 && before.worker.lostWhile === undefined && !isExpected;
      return isDropped || isCaught ? undefined : `the answer to call ${event.work} was dropped and not counted`;
    },
  },
  {
    id: 'I26',
    sentence: 'What cannot be copied fails its own call and no other.',
    source: 'CPython gh-80041 (open)',
    on: ['callRejected'],
    violation: ({ event, effects }) => {
      if (event.type !== 'callRejected') return undefined;
      for (const effect of effects)
        if (effect.type === 'publish' && effect.work.id !== event.work)
          return `call ${effect.work.id} ended because call ${event.work} could not be copied`;
      return undefined;
    },
  },
  {
    id: 'I34',
    sentence: 'A worker is asked to leave by message only when it was given its last call or no call is open any more.',
    source: 'CPython process.py:509: stop tokens are sent only when nothing is pending',
    violation: ({ effects, core, history }) => {
      for (const effect of effects) {
        if (effect.type !== 'end' || effect.how !== 'stop' || core.unsettled === 0) continue;
        const worker = core.workers.get(effect.worker);
        if (worker?.held.length) return `worker ${effect.worker} holds ${heldBy(worker).length} calls`;
        if ((history.workers.get(effect.worker)?.sent ?? 0) < core.options.maxTasksPerChild)
          return `worker ${effect.worker} may take more, and ${core.unsettled} are open in '${executorName(core)}'`;
      }
      return undefined;
    },
  },
];

/** The call that waits at the head; places before it have been passed. */
function firstWaiting({ places, head }: CoreState['queue']): WorkItem | undefined {
  for (let place = head; place < places.length; place++) if (places[place]) return places[place];
  return undefined;
}
