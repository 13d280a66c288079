/**
 * The world around one core, small enough to be explored whole: a user with a few wishes, and processes that may do
 * what processes do, in any order.
 *
 * It drives the production `step`; there is no second model of the executor here, only of the operating system, and
 * that one is wider than what we observe: exit and results in either order, frames cut short, signals ignored,
 * deadlines at any time.
 */
import {
  type Charts,
  type CoreEvent,
  type CoreState,
  compiledCharts,
  createCore,
  createWork,
  type Effect,
  type Outcome,
  stepFuture,
  UNKNOWN_COST,
  type WorkItem,
} from '../machines/index.ts';
import { type Edge, takeStep } from './edge.ts';
import { enabledMoves } from './enabled.ts';
import { createHistory, forget, type History } from './history.ts';
import {
  fromWords,
  idOf,
  inWords,
  type Move,
  type MoveCode,
  type Scope,
  type Verb,
  verbNumber,
  verbOf,
} from './moves.ts';
import { actAlone, createProcess, FAULT, GARBAGE, type Proc, READY } from './process.ts';
import { type Prices, type Purse, pay, pricesOf } from './purse.ts';

/** The predicted costs of task 0, 1 and 2, as buckets: unknown, 8 µs, 1 s. */
export const COSTS = [UNKNOWN_COST, 3, 20] as const;

const TASKS = { unknown: 0, short: 1, long: 2 } as const;
const RETURNED: Outcome = { kind: 'result', value: undefined };
const THREW: Outcome = { kind: 'exception', error: undefined };
const CAUSE = 'cause';

/** A core and all that can happen to it. */
export class World {
  readonly scope: Scope;
  readonly charts: Charts;
  core: CoreState;
  history: History = createHistory();
  procs: Proc[] = [];
  readonly prices: Prices;
  purse: Purse;
  /** How a call will end that a process has run, where that is not by returning. */
  readonly throwing = new Set<number>();
  /** A call that was cancelled, for those who cancel or settle it again. */
  cancelled: WorkItem | undefined;

  /** @param charts by default the compiled tables */
  constructor(scope: Scope, charts: Charts = compiledCharts) {
    this.scope = scope;
    this.charts = charts;
    const { workers: maxWorkers, maxTasksPerChild = Number.POSITIVE_INFINITY } = scope;
    this.core = createCore({ maxWorkers, maxTasksPerChild, prefetchHorizon: 1000 }, charts);
    this.core.costs.push(...COSTS);
    this.prices = pricesOf(scope);
    this.purse = [...this.prices.full];
  }

  /** Everything that may happen next, mild things first, in a fixed order. */
  moves(): Move[] {
    return this.codes().map(inWords);
  }

  /** {@link World.moves} as numbers. */
  codes(): MoveCode[] {
    return enabledMoves(this);
  }

  /**
   * Lets one thing happen.
   *
   * @returns the step, where the core was told of it; give it to {@link World.settle} when it was judged
   */
  happen(move: Move | MoveCode): Edge | undefined {
    const code = typeof move === 'number' ? move : fromWords(move);
    const [verb, id] = [verbOf(code), idOf(code)];
    pay(this.prices, this.purse, verbNumber(code));
    const proc = this.#processOf(id);
    return proc && verb !== 'cancel' && verb !== 'settle' ? this.#process(proc, verb) : this.#user(verb, id);
  }

  #user(verb: Verb, id: number): Edge | undefined {
    switch (verb) {
      case 'submit': {
        const index = this.scope.tasks - (this.purse[0] as number) - 1;
        const task = TASKS[this.scope.costs?.[index] ?? 'unknown'];
        return this.#tell({ type: 'submit', work: createWork(this.charts, task, undefined) });
      }
      case 'cancel':
        return this.#tell({ type: 'cancel', work: this.#workOf(id) });
      case 'cancelAgain':
        return this.#tell({ type: 'cancel', work: this.cancelled as WorkItem });
      case 'settle':
        return this.#tell({ type: 'settle', work: this.#workOf(id), outcome: RETURNED });
      case 'shutdown':
        return this.#tell({ type: 'shutdown', wait: true, cancelFutures: false });
      case 'shutdownCancel':
        return this.#tell({ type: 'shutdown', wait: false, cancelFutures: true });
      case 'terminate':
      case 'kill':
      case 'collected':
      case 'processExit':
        return this.#tell({ type: verb });
      case 'internalFailure':
        return this.#tell({ type: verb, cause: CAUSE });
      case 'estimate':
        return this.#tell({ type: 'costEstimated', task: 0, cost: COSTS[1] });
      default:
        throw new RangeError(`There is no process ${id} to '${verb}'.`);
    }
  }

  #process(proc: Proc, verb: Verb): Edge | undefined {
    const worker = proc.id;
    switch (verb) {
      case 'spawned':
        proc.spawnTold = true;
        if (proc.phase === 'asked') proc.phase = 'booting';
        return this.#tell({ type: 'spawned', worker, pid: worker + 1 });
      case 'spawnFailed':
        proc.phase = 'gone';
        // No exit will follow, nor any end.
        proc.spawnTold = proc.exitTold = proc.callsTold = proc.endTold = true;
        return this.#tell({ type: 'spawnFailed', worker, cause: CAUSE });
      case 'reject':
        return this.#tell({ type: 'callRejected', worker, work: proc.calls.pop() as number, outcome: THREW });
      case 'throw':
      case 'misreadArgument':
      case 'failToCopyResult':
        this.throwing.add(proc.calls[0] as number);
        proc.unread.push(proc.calls.shift() as number);
        return undefined;
      case 'read':
      case 'misread':
        return this.#read(proc, verb === 'misread');
      case 'tellExit':
        proc.exitTold = true;
        return this.#tell({ type: 'exited', worker, code: 1, signal: null, stderr: '' });
      case 'tellCallsEnd':
        proc.callsTold = true;
        return this.#tell({ type: 'callsEnded', worker });
      case 'tellEnd':
        proc.endTold = true;
        return this.#tell({ type: 'channelEnded', worker });
      case 'timer':
      case 'hurryTimer':
      case 'bootTimer':
        return this.#tell({ type: 'timerFired', worker });
      default:
        return actAlone(proc, verb);
    }
  }

  #read(proc: Proc, isUnreadable: boolean): Edge {
    const worker = proc.id;
    const first = proc.unread.shift() as number;
    if (first === READY) return this.#tell({ type: 'ready', worker });
    if (first === FAULT || first === GARBAGE) {
      // A host does not parse what follows garbage.
      if (first === GARBAGE) proc.isMute = true;
      return this.#tell({ type: 'faulted', worker, cause: CAUSE });
    }
    const outcome = isUnreadable || this.throwing.delete(first) ? THREW : RETURNED;
    return this.#tell({ type: 'outcomeReceived', worker, work: first, outcome, micros: 1 });
  }

  #tell(event: CoreEvent): Edge {
    const edge = takeStep(this.core, this.history, event);
    if (event.type === 'cancel' && this.charts.future.has(event.work.state, 'cancelled')) this.cancelled = event.work;
    for (const effect of edge.effects) this.#perform(effect);
    return edge;
  }

  #perform(effect: Effect): void {
    switch (effect.type) {
      case 'publish':
        if (this.charts.future.has(effect.work.state, 'cancelled')) this.cancelled = effect.work;
        return;
      case 'spawn':
        this.procs.push(createProcess(effect.worker));
        return;
      case 'send': {
        const proc = this.#processOf(effect.worker);
        // Nobody reads what is written to a process that is gone or deaf.
        if (proc && !proc.isDeaf && proc.phase !== 'gone') proc.calls.push(effect.work.id);
        return;
      }
      case 'end': {
        const proc = this.#processOf(effect.worker);
        if (!proc) return;
        if (effect.how === 'stop') proc.isStopped = true;
        else if (proc.signal !== 'SIGKILL') proc.signal = effect.how;
        return;
      }
      case 'release':
        this.procs = this.procs.filter(({ id }) => id !== effect.worker);
    }
  }

  /** Makes a move of which the core is not told, and returns how to take it back. */
  rehearse(code: MoveCode): () => void {
    const place = this.procs.findIndex(({ id }) => id === idOf(code));
    const proc = this.procs[place] as Proc;
    const purse = this.purse;
    const [call = -1] = proc.calls;
    this.purse = [...purse];
    this.procs[place] = { ...proc, calls: [...proc.calls], unread: [...proc.unread] };
    this.happen(code);
    return () => {
      this.procs[place] = proc;
      this.purse = purse;
      this.throwing.delete(call);
    };
  }

  /** Called when an edge was judged: what is over by then is forgotten. */
  settle(edge: Edge): void {
    forget(edge.history, edge.core);
  }

  #processOf(id: number): Proc | undefined {
    for (const proc of this.procs) if (proc.id === id) return proc;
    return undefined;
  }

  #workOf(id: number): WorkItem {
    const call = this.history.open.get(id);
    if (!call) throw new RangeError(`There is no open call ${id}.`);
    return call.work;
  }
}

/** A call that was cancelled and that nobody knows any more. */
export function cancelledWork(charts: Charts): WorkItem {
  const work = createWork(charts, 0, undefined);
  stepFuture(charts, work, 'cancel', undefined);
  stepFuture(charts, work, 'setRunningOrNotifyCancel', undefined);
  return work;
}
