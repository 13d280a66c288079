/**
 * L13, the other half: whether the promises are inductive. Exploration shows that they hold wherever a run of so many
 * calls, crashes, wishes and faults can lead. This asks for more: from every state that keeps them all, reachable or
 * not, does whatever can happen lead to a state that keeps them again? Then they hold after any number of steps.
 *
 * The states are all combinations of parts that are reachable, each by itself: an executor, calls that wait, workers.
 * What can be told of a worker is what it is ever told in a run, since it depends on that worker's process alone; what
 * a user can want, and news of who is gone, comes at any time.
 */
import { type Charts, compiledCharts } from '../../machines/index.ts';
import { type Breach, invariants } from '../catalogue.ts';
import { attemptTo, type Cores } from '../cores.ts';
import { exploreAndKeep } from '../explorer.ts';
import { type Inside, tell } from '../inside.ts';
import type { Invariant } from '../invariants/invariant.ts';
import type { Scope } from '../moves.ts';
import { unpackInside } from '../pack-inside.ts';
import { callsOf, joined, type Parts, partsOf } from '../parts.ts';
import { GHOST_ID, TIDINGS, type Tiding, TOLD_OF, tiding, toldBy } from '../tidings.ts';
import { scopeInWords } from './exploration.ts';
import { chartsOf, grouped, type Rung } from './rung.ts';

/** What came of it. */
export interface Induction {
  readonly scope: Scope;
  /** How many of the combinations a run can lead to. */
  readonly reached: number;
  /** How many combinations there are, and how many keep every promise. */
  readonly combined: number;
  readonly kept: number;
  /** What was told to those. */
  readonly steps: number;
  /** Promises that such a step has broken, with the first state and what it was told. */
  readonly broken: ReadonlyMap<string, string>;
}

/** A worker by itself, and what can be told of it: kinds with the place of the call among those that it holds. */
interface WorkerPart {
  readonly bytes: Uint8Array;
  readonly told: Map<string, { readonly kind: number; readonly place: number; readonly isMarked: boolean }>;
}

/** The flags of an executor's part that say that a call was cancelled and a worker is gone. */
const PAST = 4 | 8;
const FLAGS = 2;

/** Tries every combination of what is reachable in a scope by parts. */
export function induce(
  scope: Scope,
  { charts = compiledCharts, promises = invariants }: { charts?: Charts; promises?: readonly Invariant[] } = {},
): Induction {
  const { cores, exploration } = exploreAndKeep(scope, { charts, invariants: promises });
  if (exploration.violation) throw new Error(`${exploration.violation.invariant.id}: ${exploration.violation.why}`);
  const { executors, queues, workers, reached } = partsIn(cores);
  const broken = new Map<string, string>();
  let [combined, kept, steps] = [0, 0, 0];
  for (const those of choices(workers, scope.workers))
    for (const executor of executors)
      for (const queue of queues) {
        combined++;
        const row = joined({ executor, queue, workers: those.map(({ bytes }) => bytes) });
        const fresh = (): Inside => unpackInside(row, scope, charts);
        if (attempted(fresh(), tiding(TOLD_OF.lateReady), promises)) continue;
        kept++;
        for (const told of tidingsFor(fresh(), those)) {
          steps++;
          const breach = attempted(fresh(), told, promises);
          if (breach && !broken.has(breach.invariant.id))
            broken.set(breach.invariant.id, `${breach.why}, after '${toldBy(told).kind}' in ${inWords(fresh())}`);
        }
      }
  return { scope, reached, combined, kept, steps, broken };
}

function attempted(inside: Inside, told: Tiding, promises: readonly Invariant[]): Breach | undefined {
  const edge = attemptTo(() => tell(inside, told), promises);
  return 'invariant' in edge ? edge : undefined;
}

/** What the combinations are made of. */
interface Pieces {
  readonly executors: readonly Uint8Array[];
  readonly queues: readonly Uint8Array[];
  readonly workers: readonly WorkerPart[];
  /** How many combinations were met. */
  readonly reached: number;
}

/** Every different part of every inside. Each executor has something in its past: that lets more be told. */
function partsIn(cores: Cores): Pieces {
  const executors = new Map<string, Uint8Array>();
  const queues = new Map<string, Uint8Array>();
  const workers = new Map<string, WorkerPart>();
  const met = new Set<string>();
  for (let id = 0; id < cores.size; id++) {
    const parts = partsOf(cores.rowOf(id));
    parts.executor[FLAGS] = (parts.executor[FLAGS] as number) | PAST;
    met.add(String(joined(parts)));
    executors.set(String(parts.executor), parts.executor);
    queues.set(String(parts.queue), parts.queue);
    const own = parts.workers.map((bytes) => {
      const known = workers.get(String(bytes)) ?? { bytes, told: new Map() };
      workers.set(String(bytes), known);
      return known;
    });
    for (const told of cores.at(id).told) {
      const { kind, worker, call, isMarked } = toldBy(told);
      const number = TIDINGS.indexOf(kind);
      if (number < TOLD_OF.spawned || number > TOLD_OF.timerFired) continue;
      const place = call === GHOST_ID ? GHOST_ID : call - firstCall(parts, worker);
      own[worker]?.told.set(`${kind} ${place} ${isMarked}`, { kind: number, place, isMarked });
    }
  }
  return {
    executors: [...executors.values()],
    queues: [...queues.values()],
    workers: [...workers.values()],
    reached: met.size,
  };
}

/** Calls are numbered in the order of the workers that hold them. */
function firstCall({ workers }: Pick<Parts, 'workers'>, rank: number): number {
  return workers.slice(0, rank).reduce((sum, worker) => sum + callsOf(worker), 0);
}

/** Up to so many of them, in any combination. */
function* choices(workers: readonly WorkerPart[], most: number, from = 0): Generator<readonly WorkerPart[]> {
  yield [];
  if (most === 0) return;
  for (let i = from; i < workers.length; i++)
    for (const others of choices(workers, most - 1, i)) yield [workers[i] as WorkerPart, ...others];
}

/** Whatever can be told in such a state. */
function* tidingsFor(inside: Inside, workers: readonly WorkerPart[]): Generator<Tiding> {
  if (!inside.isClosed) for (const isLast of [false, true]) yield tiding(TOLD_OF.submit, 0, 0, isLast);
  for (const kind of ['cancelAgain', 'settleAgain', 'shutdown', 'shutdownCancel', 'terminate', 'kill'] as const)
    yield tiding(TOLD_OF[kind]);
  for (const kind of ['collected', 'processExit', 'internalFailure', 'estimate'] as const) yield tiding(TOLD_OF[kind]);
  for (const kind of ['lateOutcome', 'lateExit', 'lateEnd'] as const) yield tiding(TOLD_OF[kind]);
  for (const call of inside.history.open.keys())
    for (const kind of ['cancel', 'settle'] as const) yield tiding(TOLD_OF[kind], 0, call);
  const bytes = workers.map((worker) => worker.bytes);
  for (const [rank, { told }] of workers.entries())
    for (const { kind, place, isMarked } of told.values())
      yield tiding(kind, rank, place === GHOST_ID ? GHOST_ID : place + firstCall({ workers: bytes }, rank), isMarked);
}

function inWords({ core, history }: Inside): string {
  const { executor, worker, future } = core.charts;
  const calls = [...history.open.values()].map(({ work }) => future.name(work.state)).join(', ');
  const workers = [...core.workers.values()].map(
    ({ state, held }) => `${worker.name(state)} with ${held.length} calls`,
  );
  const name = executor.name(core.executor);
  return `'${name}', ${core.queue.size} waiting, workers: ${workers.join('; ')}; calls: ${calls}`;
}

const QUICK: readonly Scope[] = [
  { workers: 1, tasks: 2, kills: 1, wishes: 2, faults: 2 },
  { workers: 2, tasks: 2, kills: 1, wishes: 1 },
];
/** With every kind of fault for two workers, too. */
const FLOOR: readonly Scope[] = [...QUICK, { workers: 2, tasks: 2, kills: 1, wishes: 1, faults: 1 }];

/** The second half of L13. */
export const inductive: Rung = {
  id: 'L13i',
  what:
    'whether the promises are inductive: all reachable executors, queues and workers in every combination, reachable ' +
    'or not; from those that keep every promise, whatever can happen must lead to one that does',
  floor: '0 promises broken',
  doesNotShow:
    'combinations of parts that no small scope has; liveness; ' +
    'that a process tells no more of itself than it does in the explored world',
  climb: (setting) => {
    const { isDeep, isFloor, progress } = setting;
    const charts = chartsOf(setting);
    const results = (isDeep || isFloor ? FLOOR : QUICK).map((scope) => {
      progress(`combinations of ${scopeInWords(scope)}`);
      return induce(scope, charts ? { charts } : {});
    });
    const sum = (of: 'reached' | 'combined' | 'kept' | 'steps'): string =>
      grouped(results.reduce((total, result) => total + result[of], 0));
    const notes = results.flatMap(({ scope, broken }) =>
      [...broken].map(([id, why]) => `${id} is not inductive in ${scopeInWords(scope)}: ${why}`),
    );
    const number =
      `${sum('combined')} combinations, ${sum('kept')} keep every promise (${sum('reached')} reachable), ` +
      `${sum('steps')} steps from these, ${notes.length} promises broken`;
    const isMet = notes.length === 0 && results.every(({ kept, reached }) => kept > reached);
    return {
      number,
      isMet,
      notes,
      data: { results: results.map(({ broken, ...rest }) => ({ ...rest, broken: [...broken] })) },
    };
  },
};
