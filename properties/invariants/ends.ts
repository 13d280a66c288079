/**
 * What is promised of ends: breaks, shutdowns, forced stops.
 */
import { TOLD } from '../history.ts';
import { asksFor, asksToEnd, executorIs, executorName, type Invariant } from './invariant.ts';

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

/** Up to this rank calls are run, and may be open. */
const DRAINING = 1;

/** How hard every worker must have been told to leave, by the state of the executor. */
const LEAST: Readonly<Record<string, number>> = {
  'shuttingDown.stopping': TOLD.stop,
  'shuttingDown.terminating': TOLD.SIGTERM,
  'shuttingDown.killing': TOLD.SIGKILL,
  'broken.reaping': TOLD.SIGTERM,
};

/** The promises. */
export const ofEnds: readonly Invariant[] = [
  {
    id: 'I23',
    sentence: 'The state is set, futures are told, and only then are workers signalled.',
    source: 'CPython process.py:458-507',
    violation: ({ effects }) => {
      let hasSignalled = false;
      for (const effect of effects) {
        if (effect.type === 'end' && effect.how !== 'stop') hasSignalled = true;
        else if (effect.type === 'publish' && hasSignalled) return 'a worker was signalled before a future was told';
      }
      return undefined;
    },
  },
  {
    id: 'I24',
    sentence: 'When it breaks, every unsettled future fails in that step, of that loss; the cancelled stay cancelled.',
    source: 'CPython gh-107219, gh-101267',
    violation: ({ before, event, effects, core }) => {
      const name = executorName(core);
      if (!name.includes('broken')) return undefined;
      if (core.unsettled > 0) return `${core.unsettled} are unsettled`;
      if (core.charts.executor.name(before.executor).includes('broken')) return undefined;
      for (const effect of effects) {
        if (effect.type !== 'publish') continue;
        const { id, outcome } = effect.work;
        const isAnswered = 'work' in event && event.work === id;
        if (outcome?.kind !== 'lost' && !isAnswered) return `call ${id} ended as ${outcome?.kind ?? 'cancelled'}`;
        if (outcome?.kind === 'lost' && outcome.loss !== core.loss) return `call ${id} names another loss`;
      }
      return undefined;
    },
  },
  {
    id: 'I28',
    sentence: 'A loss breaks whoever may still run calls, nothing else does, and broken is left only to be joined.',
    source: 'CPython X-6, O1',
    violation: ({ before, event, core }) => {
      const [was, now] = [core.charts.executor.name(before.executor), executorName(core)];
      if (was.includes('broken') && !now.includes('broken')) return `it recovered from '${was}' to '${now}'`;
      const canBreak = core.charts.executor.has(before.executor, 'dispatches');
      const hasLost = core.counts.lost > before.counts[3];
      if (hasLost && canBreak && !now.includes('broken')) return `a worker was lost in '${was}', which became '${now}'`;
      if (was.includes('broken') || !now.includes('broken')) return undefined;
      return (hasLost && canBreak) || event.type === 'internalFailure'
        ? undefined
        : `'${event.type}' broke it in '${was}'`;
    },
  },
  {
    id: 'I29',
    sentence: 'A loss says what the worker was doing, how its end began, and the reason that it gave.',
    source: 'CPython gh-139462, O19',
    violation: ({ before, event, core, history }) => {
      for (const { id, evidence } of core.workers.values()) {
        const worker = history.workers.get(id);
        if (!worker?.lostWhile) continue;
        if (evidence.activity !== worker.lostWhile)
          return `worker ${id}: ${evidence.activity}, not ${worker.lostWhile}`;
        if (evidence.reason !== worker.lostFor) return `worker ${id}: ${evidence.reason}, not ${worker.lostFor}`;
        if (event.type === 'faulted' && event.worker === id && evidence.cause === undefined)
          return 'its reason is gone';
      }
      const name = core.charts.executor.name(before.executor);
      const hasBroken = !name.includes('broken') && executorName(core).includes('broken');
      if (!hasBroken || !core.loss || !('worker' in event) || !before.worker) return undefined;
      const { activity, reason, exitCode, cause } = core.loss;
      const expected = before.worker.lostWhile ?? 'starting';
      if (activity !== expected) return `the loss says '${activity}', it was '${expected}'`;
      if (event.type === 'spawnFailed' && before.worker.lostWhile === undefined)
        return reason === 'spawnFailed' && cause !== undefined ? undefined : `the loss says '${reason}'`;
      if (event.type === 'exited' && exitCode !== event.code) return `the loss says code ${exitCode}`;
      return undefined;
    },
  },
  {
    id: 'I30',
    sentence: 'Nothing takes back how hard the executor is to end; what is asked for is done at least so hard.',
    source: 'CPython X-6, X-7 (open); loky: shutdown(kill), then shutdown(wait)',
    violation: (edge) => {
      const { before, event, core } = edge;
      const [was, now] = [core.charts.executor.name(before.executor), executorName(core)];
      if ((RANK[now] ?? -1) < (RANK[was] ?? -1)) return `it went from '${was}' to '${now}'`;
      if (!asksToEnd(edge)) return undefined;
      const asked = event.type === 'terminate' ? 3 : event.type === 'kill' || event.type === 'processExit' ? 4 : 1;
      return (RANK[now] ?? -1) >= asked ? undefined : `'${event.type}' left it in '${now}'`;
    },
  },
  {
    id: 'I30b',
    sentence: 'The executor ends only when it is asked to, or when a worker is lost.',
    source: 'node-peers: a pool that closes itself; design: the executor decides',
    violation: (edge) => {
      const { before, event, core } = edge;
      if (core.charts.executor.name(before.executor) !== 'running' || executorName(core) === 'running')
        return undefined;
      const hasLost = core.counts.lost > before.counts[3] || event.type === 'internalFailure';
      if (asksToEnd(edge)) return executorName(core).includes('broken') ? 'it broke' : undefined;
      return hasLost ? undefined : `'${event.type}' ended it`;
    },
  },
  {
    id: 'I31',
    sentence: 'Joined means every future settled and every worker reaped; it is said once, and at once.',
    source: 'CPython bpo-31326, gh-131598 (open)',
    violation: ({ core, effects, history }) => {
      const isJoined = executorIs(core, 'joined');
      if (history.joined !== (isJoined ? 1 : 0))
        return `it was said ${history.joined} times, in '${executorName(core)}'`;
      if (isJoined && (core.unsettled > 0 || core.workers.size > 0 || history.workers.size > 0))
        return `${core.unsettled} futures and ${core.workers.size} workers are left`;
      const end = effects.findIndex(({ type }) => type === 'joined');
      if (end >= 0 && effects.slice(end + 1).some(({ type }) => type !== 'hold')) return 'it was not said last';
      const isOver = core.workers.size === 0 && core.unsettled === 0 && !executorIs(core, 'dispatches');
      return isOver && !isJoined ? `nothing is left in '${executorName(core)}'` : undefined;
    },
  },
  {
    id: 'I32',
    sentence: 'A shutdown without cancelFutures, and an executor that is dropped, take nothing from accepted calls.',
    source: 'CPython bpo-39104, gh-119592',
    on: ['shutdown', 'collected'],
    violation: ({ event, effects }) => {
      const isGentle = (event.type === 'shutdown' && !event.cancelFutures) || event.type === 'collected';
      return isGentle && asksFor(effects, 'publish') ? 'a call ended' : undefined;
    },
  },
  {
    id: 'I33',
    sentence: 'cancelFutures cancels every call that waits, in that step, and no other.',
    source: 'CPython gh-136655, gh-87893, O10',
    on: ['shutdown'],
    violation: ({ event, effects, core }) => {
      if (event.type !== 'shutdown' || !event.cancelFutures) return undefined;
      if (core.queue.size > 0) return `${core.queue.size} calls still wait`;
      for (const effect of effects)
        if (effect.type === 'publish' && !core.charts.future.has(effect.work.state, 'cancelled'))
          return `call ${effect.work.id} ended, and was not waiting`;
      return undefined;
    },
  },
  {
    id: 'I35',
    sentence: 'When the last call is done, an executor that was shut down goes on to its end in that step.',
    source: 'CPython bpo-12364, gh-94440: the check that comes too early',
    violation: ({ core }) =>
      core.unsettled === 0 && executorIs(core, 'drains') ? `no call is open in '${executorName(core)}'` : undefined,
  },
  {
    id: 'I37',
    sentence:
      'Where no calls are handed out, none is open or written; a forced stop has failed each of its own worker.',
    source: 'CPython gh-128041',
    violation: ({ event, effects, core }) => {
      const name = executorName(core);
      if (asksFor(effects, 'send') && !executorIs(core, 'dispatches')) return `a call was written in '${name}'`;
      if (core.unsettled > 0 && (RANK[name] as number) > DRAINING)
        return `${core.unsettled} calls are open in '${name}'`;
      const isForced = event.type === 'terminate' || event.type === 'kill' || event.type === 'processExit';
      if (!isForced) return undefined;
      if (core.unsettled > 0) return `${core.unsettled} calls are open`;
      const reason = event.type === 'terminate' ? 'terminated' : 'killed';
      for (const effect of effects) {
        if (effect.type !== 'publish' || effect.work.outcome === undefined) continue;
        const { id, outcome } = effect.work;
        if (outcome.kind !== 'lost' || outcome.loss.reason !== reason) return `call ${id} was not told '${reason}'`;
        if (outcome.loss.call === undefined) return `call ${id} was not told which call its worker ran`;
      }
      return undefined;
    },
  },
  {
    id: 'I45',
    sentence: 'A defect of our own breaks the pool rather than leave futures open.',
    source: 'CPython gh-109047, O7',
    on: ['internalFailure'],
    violation: ({ before, event, core }) => {
      if (event.type !== 'internalFailure' || core.charts.executor.has(before.executor, 'joined')) return undefined;
      if (core.unsettled > 0) return `${core.unsettled} calls are open`;
      return executorIs(core, 'dispatches') ? `it goes on in '${executorName(core)}'` : undefined;
    },
  },
  {
    id: 'P3',
    sentence: 'The process is kept alive exactly while a future is unsettled or the end is waited for.',
    source: 'Node: an event loop with nothing left exits with code 13 in the middle of an await',
    violation: ({ before, effects, core, history }) => {
      const mustHold = core.unsettled > 0 || history.isAwaited;
      if (core.holds !== mustHold) return `holds is ${core.holds}`;
      let told: boolean | undefined;
      for (const effect of effects) if (effect.type === 'hold') told = effect.on;
      return (told ?? before.holds) === mustHold ? undefined : 'the world was not told';
    },
  },
  {
    id: 'P10',
    sentence: 'In an executor that ends, every worker has been told to leave, as hard as was asked for.',
    source: 'CPython PR 152978: a worker born after "kill all"',
    violation: ({ event, core, history }) => {
      const isKill = event.type === 'kill' || event.type === 'processExit';
      const least = isKill ? TOLD.SIGKILL : LEAST[executorName(core)];
      if (least === undefined) return undefined;
      for (const { id, told, lostWhile, hasExited } of history.workers.values()) {
        const isEnough = told >= least || hasExited || (lostWhile !== undefined && least < TOLD.SIGKILL);
        if (!isEnough) return `worker ${id} was not, in '${executorName(core)}'`;
      }
      return undefined;
    },
  },
];
