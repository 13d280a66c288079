/**
 * The world around one core, small enough to be explored whole: a user with a few wishes, and processes that may do what
 * processes do, in any order.
 *
 * It drives the production `step`; there is no second model of the executor here, only of the operating system, and that one
 * is wider than what we observe: exit and results in either order, frames cut short, signals ignored, deadlines at any time.
 * Every move consumes something, so that every run ends and liveness is a question about its end.
 */
import {
  type Charts,
  type CoreEvent,
  type CoreOptions,
  type CoreState,
  cloneCore,
  compiledCharts,
  createCore,
  createWork,
  type Effect,
  type Outcome,
  step,
  type WorkerId,
  type WorkItem,
} from '../machines/index.ts';
import { type Before, beforeStep, createHistory, type Edge, type History, remember, rememberSends } from './edge.ts';

/** How much of everything may happen in one run. */
export interface Scope {
  readonly workers: number;
  readonly tasks: number;
  /** Crashes of worker processes. */
  readonly kills: number;
  /** What else may happen, how often each; a missing one never does. */
  readonly budgets: Readonly<Partial<Record<Budget, number>>>;
  readonly maxTasksPerChild?: number;
  /** The predicted cost of each call in turn: unknown, short or long. */
  readonly costs?: readonly ('unknown' | 'short' | 'long')[];
}

/** Kinds of events that are limited in number. */
export type Budget =
  | 'cancel'
  | 'settle'
  | 'shutdown'
  | 'shutdownCancel'
  | 'terminate'
  | 'kill'
  | 'collected'
  | 'spawnFailure'
  | 'initializerFailure'
  | 'argumentUncopyable'
  | 'resultUncopyable'
  | 'throws'
  | 'garbage'
  | 'deafness'
  | 'cut'
  | 'ignoredSignal'
  | 'bootTimeout'
  | 'impatience';

/** One thing that can happen next, in words that replay: `kill 0`, `submit`, `read 1`. */
export type Move = string;

interface Proc {
  readonly id: WorkerId;
  phase: 'asked' | 'booting' | 'ready' | 'gone' | 'failed';
  /** Calls written and not finished, oldest first. */
  calls: number[];
  /** Written by the worker and not read yet. */
  unread: (number | 'ready' | 'fault' | 'garbage')[];
  stop: boolean;
  signal: 'none' | 'term' | 'kill';
  exitTold: boolean;
  callsTold: boolean;
  endTold: boolean;
  /** It closed its end of the calls. */
  deaf: boolean;
  /** It sent garbage: the host reads no further. */
  mute: boolean;
  timer: string | null;
}

const OK: Outcome = { kind: 'result', value: undefined };
const THREW: Outcome = { kind: 'exception', error: undefined };
const CAUSE = 'cause';

/** A core and all that can happen to it. */
export class World {
  readonly scope: Scope;
  readonly core: CoreState;
  readonly history: History;
  readonly procs: Proc[];
  readonly left: Map<Budget | 'submit' | 'crash', number>;
  /** How each call will end when it is run; decided when it is finished. */
  readonly outcomes: Map<number, Outcome>;
  joined: boolean;

  constructor(scope: Scope, charts: Charts = compiledCharts, from?: World) {
    this.scope = scope;
    if (from) {
      const copies = from.history.calls.map((call) => ({ ...call, work: { ...call.work } }));
      const copyOf = (work: WorkItem): WorkItem => copies[work.id]?.work ?? work;
      this.core = cloneCore(from.core, copyOf);
      this.history = {
        calls: copies,
        workers: new Map([...from.history.workers].map(([id, worker]) => [id, { ...worker }])),
        lastSent: from.history.lastSent,
      };
      this.procs = from.procs.map((proc) => ({ ...proc, calls: [...proc.calls], unread: [...proc.unread] }));
      this.left = new Map(from.left);
      this.outcomes = new Map(from.outcomes);
      this.joined = from.joined;
      return;
    }
    const options: CoreOptions = {
      maxWorkers: scope.workers,
      maxTasksPerChild: scope.maxTasksPerChild ?? Number.POSITIVE_INFINITY,
      prefetchHorizon: 1000,
    };
    this.core = createCore(options, charts);
    this.core.costs.push(255, 3, 20);
    this.history = createHistory();
    this.procs = [];
    this.left = new Map([...(Object.entries(scope.budgets) as [Budget, number][])]);
    this.left.set('submit', scope.tasks).set('crash', scope.kills);
    this.outcomes = new Map();
    this.joined = false;
  }

  clone(): World {
    return new World(this.scope, this.core.charts, this);
  }

  /** Everything that may happen next, mild things first, in a fixed order. */
  moves(): Move[] {
    const moves: Move[] = [];
    const may = (what: Budget | 'submit' | 'crash'): boolean => (this.left.get(what) ?? 0) > 0;
    if (may('submit')) moves.push('submit');
    for (const proc of this.procs) this.#movesOf(proc, moves, may);
    for (const { work } of this.history.calls) {
      if (this.core.charts.future.has(work.state, 'done')) continue;
      if (may('cancel')) moves.push(`cancel ${work.id}`);
      if (may('settle')) moves.push(`settle ${work.id}`);
    }
    for (const what of ['shutdown', 'shutdownCancel', 'terminate', 'kill', 'collected'] as const)
      if (may(what)) moves.push(what);
    return moves;
  }

  #movesOf(proc: Proc, moves: Move[], may: (what: Budget | 'crash') => boolean): void {
    const { id, phase, unread, timer } = proc;
    const alive = phase === 'booting' || phase === 'ready';
    if (phase === 'asked') moves.push(`spawned ${id}`);
    if (phase === 'asked' && may('spawnFailure')) moves.push(`spawnFailed ${id}`);
    if (phase === 'booting') moves.push(`boot ${id}`);
    if (phase === 'ready' && proc.calls.length > 0) {
      moves.push(`finish ${id}`);
      if (may('throws')) moves.push(`throw ${id}`);
      if (may('resultUncopyable')) moves.push(`uncopyableResult ${id}`);
    }
    if (phase === 'ready' && proc.calls.length === 0 && proc.stop) moves.push(`leave ${id}`);
    if (alive && proc.signal !== 'none') moves.push(`die ${id}`);
    if (unread.length > 0 && !proc.endTold && !proc.mute) moves.push(`read ${id}`);
    if (phase === 'gone') {
      if (!proc.exitTold) moves.push(`tellExit ${id}`);
      if (!proc.callsTold) moves.push(`tellCallsEnd ${id}`);
      if (!proc.endTold && (unread.length === 0 || proc.mute)) moves.push(`tellEnd ${id}`);
      if (!proc.endTold && unread.length > 0 && !proc.mute && may('cut')) moves.push(`cut ${id}`);
    }
    if (proc.deaf && !proc.callsTold && alive) moves.push(`tellCallsEnd ${id}`);
    if (timer !== null && this.#isDue(proc, timer, may)) moves.push(`timer ${id}`);
    if (!alive) return;
    if (phase === 'booting' && may('initializerFailure')) moves.push(`initializerFails ${id}`);
    if (phase === 'ready' && proc.calls.length > 0 && may('argumentUncopyable')) moves.push(`reject ${id}`);
    if (proc.signal === 'term' && may('ignoredSignal')) moves.push(`ignore ${id}`);
    if (may('garbage') && !proc.mute && !unread.includes('garbage')) moves.push(`garbage ${id}`);
    if (may('deafness') && !proc.deaf) moves.push(`deafen ${id}`);
    if (may('crash')) moves.push(`crash ${id}`);
  }

  /** Deadlines come when nothing else can end the wait, or at any time as far as the budget for impatience goes. */
  #isDue(proc: Proc, timer: string, may: (what: Budget) => boolean): boolean {
    if (timer === 'boot') return may('bootTimeout');
    const alive = proc.phase === 'booting' || proc.phase === 'ready';
    if (timer === 'drain') return may('impatience') || (alive && proc.endTold) || (alive && proc.deaf) || alive;
    if (timer === 'grace') return may('impatience') || (alive && proc.signal === 'none');
    return may('impatience');
  }

  /** Lets one thing happen. */
  happen(move: Move): Edge | undefined {
    const [verb = '', which = ''] = move.split(' ');
    const id = Number(which);
    const proc = this.procs.find((it) => it.id === id);
    switch (verb) {
      case 'submit': {
        const index = this.history.calls.length;
        const cost = { unknown: 0, short: 1, long: 2 }[this.scope.costs?.[index] ?? 'unknown'];
        this.#spend('submit');
        return this.#tell({ type: 'submit', work: createWork(this.core.charts, cost, undefined) });
      }
      case 'cancel':
        this.#spend('cancel');
        return this.#tell({ type: 'cancel', work: this.#call(id) });
      case 'settle':
        this.#spend('settle');
        return this.#tell({ type: 'settle', work: this.#call(id), outcome: OK });
      case 'shutdown':
      case 'shutdownCancel':
        this.#spend(verb);
        return this.#tell({ type: 'shutdown', wait: true, cancelFutures: verb === 'shutdownCancel' });
      case 'terminate':
      case 'kill':
      case 'collected':
        this.#spend(verb);
        return this.#tell({ type: verb });
      default:
        return proc && this.#processMove(proc, verb);
    }
  }

  #processMove(proc: Proc, verb: string): Edge | undefined {
    const worker = proc.id;
    switch (verb) {
      case 'spawned':
        proc.phase = 'booting';
        return this.#tell({ type: 'spawned', worker, pid: worker });
      case 'spawnFailed':
        this.#spend('spawnFailure');
        proc.phase = 'failed';
        return this.#tell({ type: 'spawnFailed', worker, cause: CAUSE });
      case 'boot':
        proc.phase = 'ready';
        proc.unread.push('ready');
        return undefined;
      case 'initializerFails':
        this.#spend('initializerFailure');
        proc.unread.push('fault');
        proc.phase = 'gone';
        return undefined;
      case 'finish':
        return this.#finish(proc, OK);
      case 'throw':
        this.#spend('throws');
        return this.#finish(proc, THREW);
      case 'uncopyableResult':
        this.#spend('resultUncopyable');
        return this.#finish(proc, THREW);
      case 'reject': {
        this.#spend('argumentUncopyable');
        const work = proc.calls.pop() as number;
        return this.#tell({ type: 'callRejected', worker, work, outcome: THREW });
      }
      case 'leave':
      case 'die':
        proc.phase = 'gone';
        return undefined;
      case 'crash':
        this.#spend('crash');
        proc.phase = 'gone';
        return undefined;
      case 'ignore':
        this.#spend('ignoredSignal');
        proc.signal = 'none';
        return undefined;
      case 'garbage':
        this.#spend('garbage');
        proc.unread.push('garbage');
        return undefined;
      case 'deafen':
        this.#spend('deafness');
        proc.deaf = true;
        return undefined;
      case 'cut':
        this.#spend('cut');
        proc.unread = [];
        return undefined;
      case 'read':
        return this.#read(proc);
      case 'tellExit':
        proc.exitTold = true;
        return this.#tell({ type: 'exited', worker, code: 1, signal: null, stderr: '' });
      case 'tellCallsEnd':
        proc.callsTold = true;
        return this.#tell({ type: 'callsEnded', worker });
      case 'tellEnd':
        proc.endTold = true;
        return this.#tell({ type: 'channelEnded', worker });
      case 'timer': {
        const alive = proc.phase === 'booting' || proc.phase === 'ready';
        const expected =
          (proc.timer === 'drain' && alive) || (proc.timer === 'grace' && alive && proc.signal === 'none');
        if (proc.timer === 'boot') this.#spend('bootTimeout');
        else if (!expected) this.#spend('impatience');
        proc.timer = null;
        return this.#tell({ type: 'timerFired', worker });
      }
      default:
        throw new Error(`There is no move '${verb}'.`);
    }
  }

  #finish(proc: Proc, outcome: Outcome): undefined {
    const work = proc.calls.shift() as number;
    this.outcomes.set(work, outcome);
    proc.unread.push(work);
    return undefined;
  }

  #read(proc: Proc): Edge {
    const worker = proc.id;
    const first = proc.unread.shift();
    if (first === 'ready') return this.#tell({ type: 'ready', worker });
    if (first === 'fault' || first === 'garbage') {
      // A host does not parse what follows garbage.
      if (first === 'garbage') proc.mute = true;
      return this.#tell({ type: 'faulted', worker, cause: CAUSE });
    }
    const work = first as number;
    return this.#tell({ type: 'outcomeReceived', worker, work, outcome: this.outcomes.get(work) ?? OK, micros: 1 });
  }

  #tell(event: CoreEvent): Edge {
    const before: Before = beforeStep(this.core, this.history);
    const effects = step(this.core, event);
    remember(this.history, event, effects);
    const edge: Edge = { before, event, effects, core: this.core, history: this.history };
    for (const effect of effects) this.#perform(effect);
    return edge;
  }

  /** Called when an edge was judged: from here on its sends are the past. */
  commit(edge: Edge): void {
    rememberSends(this.history, edge.effects);
  }

  #perform(effect: Effect): void {
    const proc = 'worker' in effect ? this.procs.find(({ id }) => id === effect.worker) : undefined;
    switch (effect.type) {
      case 'spawn':
        this.procs.push({
          id: effect.worker,
          phase: 'asked',
          calls: [],
          unread: [],
          stop: false,
          signal: 'none',
          exitTold: false,
          callsTold: false,
          endTold: false,
          deaf: false,
          mute: false,
          timer: null,
        });
        return;
      case 'send':
        // Nobody reads what is written to a process that is gone or deaf.
        if (proc && !proc.deaf) proc.calls.push(effect.work.id);
        return;
      case 'end':
        if (!proc) return;
        if (effect.how === 'stop') proc.stop = true;
        else if (effect.how === 'SIGTERM') proc.signal = proc.signal === 'kill' ? 'kill' : 'term';
        else proc.signal = 'kill';
        return;
      case 'timer':
        if (proc) proc.timer = effect.timer;
        return;
      case 'release':
        this.procs.splice(this.procs.indexOf(proc as Proc), 1);
        return;
      case 'joined':
        this.joined = true;
    }
  }

  #spend(what: Budget | 'submit' | 'crash'): void {
    this.left.set(what, (this.left.get(what) ?? 0) - 1);
  }

  #call(id: number): WorkItem {
    const call = this.history.calls[id];
    if (!call) throw new Error(`There is no call ${id}.`);
    return call.work;
  }
}
