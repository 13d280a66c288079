/**
 * What holds after every step, whatever happened: the specification, in the order in which a newcomer would ask.
 *
 * Numbers are those under which CPython's `ProcessPoolExecutor` implies the same (its lifecycle, decoded from 3.9 to 3.16);
 * P-numbers were added from other pools and from our own guarantees. Each is a function over one step and the past: it
 * judges an explored state, a simulated run and a trace recorded in production alike.
 */
import type { CoreState, Effect } from '../machines/index.ts';
import type { Edge } from './edge.ts';

/** One promise. */
export interface Invariant {
  readonly id: string;
  /** What holds, in one sentence. */
  readonly sentence: string;
  /** Where it comes from. */
  readonly source: string;
  /** Why it does not hold at this step, or `undefined`. */
  readonly violation: (edge: Edge) => string | undefined;
}

const is = {
  executor: ({ charts, executor }: CoreState, tag: Parameters<CoreState['charts']['executor']['has']>[1]) =>
    charts.executor.has(executor, tag),
};

const sends = (effects: readonly Effect[]) => effects.filter((effect) => effect.type === 'send');
const topLevel = (core: CoreState, state: number): string => core.charts.executor.name(state).split('.')[0] ?? '';

/** How hard an executor ends, in words and rank: nothing weakens it (I30). */
const RANK: Readonly<Record<string, number>> = {
  running: 0,
  'shuttingDown.draining': 1,
  'shuttingDown.stopping': 2,
  'shuttingDown.terminating': 3,
  'shuttingDown.killing': 4,
  'broken.breaking': 5,
  'broken.reaping': 6,
  'joined.clean': 7,
  'joined.broken': 7,
};

/** The catalogue. */
export const invariants: readonly Invariant[] = [
  {
    id: 'I1',
    sentence: 'A future becomes done at most once, and stays as it is.',
    source: 'CPython _base.py:319; bpo-33238',
    violation: ({ core, history }) => {
      for (const { work, published, doneAs } of history.calls) {
        if (published > 1) return `call ${work.id} was published ${published} times`;
        if (doneAs !== undefined && !core.charts.future.has(work.state, 'done'))
          return `call ${work.id} came back to life`;
        if (doneAs !== undefined && doneAs !== work.state) return `call ${work.id} changed after it was done`;
      }
      return undefined;
    },
  },
  {
    id: 'I2',
    sentence: 'cancel() changes a future only from PENDING.',
    source: 'CPython _base.py:358',
    violation: ({ before, event, core, history }) => {
      if (event.type !== 'cancel') return undefined;
      const { id, state } = event.work;
      const was = before.futures[id] ?? state;
      if (state === was || core.charts.future.has(was, 'pending')) return undefined;
      return `cancel moved call ${id} from ${core.charts.future.name(was)} (${history.calls.length} calls)`;
    },
  },
  {
    id: 'I3',
    sentence: 'A cancelled call is never written to a worker.',
    source: 'CPython docs, Future.cancel',
    violation: ({ core, history }) =>
      history.calls
        .filter(({ work, sent }) => sent > 0 && core.charts.future.has(work.state, 'cancelled'))
        .map(({ work }) => `call ${work.id} was cancelled and written`)[0],
  },
  {
    id: 'I5',
    sentence: 'Whoever waits for a future is told in the step in which it becomes done, whatever made it done.',
    source: 'CPython gh-136655, gh-109934 (open)',
    violation: ({ core, history }) =>
      history.calls
        .filter(({ work, published }) => published === 0 && core.charts.future.has(work.state, 'done'))
        .map(({ work }) => `call ${work.id} is done and nobody was told`)[0],
  },
  {
    id: 'I7',
    sentence: 'A call whose future is done does not wait in the queue any more.',
    source: 'CPython bpo-16284 and others',
    violation: ({ core }) =>
      core.queue.places
        .filter((work) => work && !core.charts.future.has(work.state, 'pending'))
        .map((work) => `call ${work?.id} waits in the queue and is not PENDING`)[0],
  },
  {
    id: 'I8',
    sentence: 'Calls are written in the order of submit.',
    source: 'CPython process.py:382',
    violation: ({ effects, history }) => {
      let last = history.lastSent;
      for (const { work } of sends(effects)) {
        if (work.id <= last) return `call ${work.id} was written after call ${last}`;
        last = work.id;
      }
      return undefined;
    },
  },
  {
    id: 'I9',
    sentence: 'A call is written to at most one worker, at most once.',
    source: 'CPython process.py:382; no silent retry',
    violation: ({ history }) =>
      history.calls
        .filter(({ sent }) => sent > 1)
        .map(({ work, sent }) => `call ${work.id} was written ${sent} times`)[0],
  },
  {
    id: 'I10',
    sentence: 'A refused submit leaves no trace.',
    source: 'CPython gh-124706 (open)',
    violation: ({ before, event, effects, core }) => {
      if (event.type !== 'submit' || !effects.some((effect) => effect.type === 'refuse')) return undefined;
      return event.work.id >= 0 || core.unsettled !== before.unsettled || effects.length > 1
        ? 'it left one'
        : undefined;
    },
  },
  {
    id: 'I11',
    sentence: 'A submit is accepted while running and refused otherwise; broken is said before shut down.',
    source: 'CPython process.py:796',
    violation: ({ before, event, effects, core }) => {
      if (event.type !== 'submit') return undefined;
      const refusal = effects.find((effect) => effect.type === 'refuse');
      const name = core.charts.executor.name(before.executor);
      const expected = name === 'running' ? undefined : name.includes('broken') ? 'broken' : 'shutdown';
      return refusal?.reason === expected ? undefined : `in '${name}' the answer was ${refusal?.reason ?? 'yes'}`;
    },
  },
  {
    id: 'I12',
    sentence: 'A call is sent ahead only while all that its worker holds is predicted, and below the horizon.',
    source: 'Differs from CPython, whose window is 2N+1 calls (EXTRA_QUEUED_CALLS)',
    violation: ({ effects, core }) => {
      for (const { worker: id, work } of sends(effects)) {
        const worker = core.workers.get(id);
        const place = worker?.held.indexOf(work) ?? -1;
        const ahead = worker?.predicted.slice(0, Math.max(place, 0)) ?? [];
        const micros = ahead.reduce((sum, cost) => sum + (cost === 255 ? Number.POSITIVE_INFINITY : 2 ** cost), 0);
        if (place > 0 && micros >= core.options.prefetchHorizon) return `call ${work.id} was sent behind ${micros} µs`;
      }
      return undefined;
    },
  },
  {
    id: 'I13',
    sentence: 'Every unsettled call either waits or is held by exactly one worker.',
    source: 'CPython bpo-33078; conservation',
    violation: ({ core, history }) => {
      const places = new Map<number, number>();
      const seen = (id: number) => places.set(id, (places.get(id) ?? 0) + 1);
      for (const work of core.queue.places) if (work) seen(work.id);
      for (const { held } of core.workers.values()) for (const work of held) seen(work.id);
      let unsettled = 0;
      for (const { work } of history.calls) {
        if (core.charts.future.has(work.state, 'done')) continue;
        unsettled++;
        if (places.get(work.id) !== 1) return `unsettled call ${work.id} is in ${places.get(work.id) ?? 0} places`;
      }
      return unsettled === core.unsettled
        ? undefined
        : `${unsettled} calls are unsettled, the count says ${core.unsettled}`;
    },
  },
  {
    id: 'I14',
    sentence: 'While a call waits and may run, a worker is starting for it, or all that are allowed are at work.',
    source: 'CPython gh-115634, gh-94440; progress',
    violation: ({ core }) => {
      if (core.queue.size === 0 || !is.executor(core, 'dispatches')) return undefined;
      const workers = [...core.workers.values()];
      const has = (tag: 'idle' | 'starting') => workers.some(({ state }) => core.charts.worker.has(state, tag));
      if (has('idle')) return `${core.queue.size} calls wait and a worker is idle`;
      return has('starting') || workers.length >= core.options.maxWorkers
        ? undefined
        : `${core.queue.size} calls wait, no worker starts, and ${workers.length} of ${core.options.maxWorkers} exist`;
    },
  },
  {
    id: 'I15',
    sentence:
      'There are never more workers than allowed, those not reaped yet included; none is born once the end began.',
    source: 'CPython gh-152967',
    violation: ({ core, effects }) => {
      if (core.workers.size > core.options.maxWorkers) return `${core.workers.size} workers`;
      const born = effects.some((effect) => effect.type === 'spawn');
      return born && !is.executor(core, 'dispatches') ? 'a worker was spawned' : undefined;
    },
  },
  {
    id: 'I16',
    sentence: 'No worker is spawned while one is idle.',
    source: 'CPython bpo-39207, gh-115634',
    violation: ({ core, effects }) =>
      effects.some((effect) => effect.type === 'spawn') &&
      [...core.workers.values()].some(({ state }) => core.charts.worker.has(state, 'idle'))
        ? 'one is idle'
        : undefined,
  },
  {
    id: 'I17',
    sentence: 'A worker gets no call before it has reported ready.',
    source: 'CPython bpo-21423 (initializer)',
    violation: ({ effects, history }) =>
      sends(effects)
        .filter(({ worker }) => !history.workers.get(worker)?.isReady)
        .map(({ worker, work }) => `call ${work.id} went to worker ${worker}, which is not ready`)[0],
  },
  {
    id: 'I18',
    sentence: 'A worker is given at most maxTasksPerChild calls.',
    source: 'CPython bpo-44733',
    violation: ({ core, history }) =>
      [...history.workers]
        .filter(([, { sent }]) => sent > core.options.maxTasksPerChild)
        .map(([id, { sent }]) => `worker ${id} was given ${sent}`)[0],
  },
  {
    id: 'I23',
    sentence: 'The state is set, futures are told, and only then are workers signalled.',
    source: 'CPython process.py:458-507',
    violation: ({ effects }) => {
      const lastPublish = effects.findLastIndex((effect) => effect.type === 'publish');
      const firstSignal = effects.findIndex((effect) => effect.type === 'end' && effect.how !== 'stop');
      return firstSignal >= 0 && firstSignal < lastPublish
        ? 'a worker was signalled before a future was told'
        : undefined;
    },
  },
  {
    id: 'I24',
    sentence: 'Broken, and no future is left unsettled.',
    source: 'CPython gh-107219, gh-101267',
    violation: ({ core }) =>
      topLevel(core, core.executor) === 'broken' && core.unsettled > 0 ? `${core.unsettled} are` : undefined,
  },
  {
    id: 'I26',
    sentence: 'What cannot be copied fails its own call and no other.',
    source: 'CPython gh-80041 (open)',
    violation: ({ before, event, core, history }) =>
      event.type !== 'callRejected'
        ? undefined
        : history.calls
            .filter(
              ({ work }) =>
                work.id !== event.work &&
                core.charts.future.has(work.state, 'done') &&
                !core.charts.future.has(before.futures[work.id] ?? work.state, 'done'),
            )
            .map(({ work }) => `call ${work.id} ended because call ${event.work} could not be copied`)[0],
  },
  {
    id: 'I30',
    sentence: 'Nothing takes back how hard the executor is to end, and broken is never left but to be joined.',
    source: 'CPython X-6, X-7 (open)',
    violation: ({ before, core }) => {
      const [was, now] = [core.charts.executor.name(before.executor), core.charts.executor.name(core.executor)];
      if ((RANK[now] ?? -1) < (RANK[was] ?? -1)) return `it went from '${was}' to '${now}'`;
      return was.includes('broken') && !now.includes('broken') ? `it recovered from '${was}' to '${now}'` : undefined;
    },
  },
  {
    id: 'I31',
    sentence: 'Joined means that every future is settled and every worker reaped.',
    source: 'CPython bpo-31326, gh-131598 (open)',
    violation: ({ core, history }) =>
      is.executor(core, 'joined') && (core.unsettled > 0 || core.workers.size > 0 || history.workers.size > 0)
        ? `${core.unsettled} futures and ${core.workers.size} workers are left`
        : undefined,
  },
  {
    id: 'I37',
    sentence: 'Once the executor is broken or stopped by force, no call is written any more.',
    source: 'CPython gh-128041',
    violation: ({ core, effects }) =>
      sends(effects).length > 0 && !is.executor(core, 'dispatches')
        ? `a call was written in '${core.charts.executor.name(core.executor)}'`
        : undefined,
  },
  {
    id: 'P1',
    sentence: 'No worker is told to leave or signalled without a recorded intent.',
    source: 'PHP-FPM fpm_process_ctl.c; celery #3085; loky #641',
    violation: ({ core, effects }) => {
      for (const effect of effects) {
        if (effect.type !== 'end') continue;
        const worker = core.workers.get(effect.worker);
        if (worker && !core.charts.worker.has(worker.state, 'terminating')) return `worker ${worker.id} has none`;
      }
      return undefined;
    },
  },
  {
    id: 'P2',
    sentence: 'Every worker that is waited for has a deadline, unless it runs user code or is idle.',
    source: 'gunicorn #2454; every non-terminal state has a bounded exit',
    violation: ({ core, history }) => {
      for (const { id, state } of core.workers.values()) {
        const { worker: chart } = core.charts;
        const isFree = chart.has(state, 'idle') || chart.has(state, 'answers');
        const timer = history.workers.get(id)?.timer ?? null;
        if (!isFree && timer === null) return `worker ${id} in '${chart.name(state)}' has none`;
        if (isFree && timer !== null) return `worker ${id} in '${chart.name(state)}' still has '${timer}'`;
      }
      return undefined;
    },
  },
  {
    id: 'P3',
    sentence: 'The process is kept alive exactly while a future is unsettled or the end is waited for.',
    source: 'Node: an event loop with nothing left exits with code 13 in the middle of an await',
    violation: ({ core }) =>
      core.holds === (core.unsettled > 0 || core.waits > 0) ? undefined : `holds is ${core.holds}`,
  },
  {
    id: 'P4',
    sentence: 'The counts agree with the futures.',
    source: 'dask: counters must equal their recomputation',
    violation: ({ core, history }) => {
      const done = history.calls.filter(({ published }) => published > 0).length;
      const { succeeded, failed, cancelled } = core.counts;
      return done === succeeded + failed + cancelled
        ? undefined
        : `${done} are done, the counts say ${succeeded} + ${failed} + ${cancelled}`;
    },
  },
];

/** The first promise that a step breaks. */
export function judge(edge: Edge): { readonly invariant: Invariant; readonly why: string } | undefined {
  for (const invariant of invariants) {
    const why = invariant.violation(edge);
    if (why !== undefined) return { invariant, why };
  }
  return undefined;
}
