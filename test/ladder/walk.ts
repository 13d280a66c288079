/**
 * One walk through the graph on the real runtime: a fresh pool, public calls, processes that move as the explorer has
 * it; after each move both cores must be the same, to the byte, and every future must say what its call is.
 */
import { type Charts, plain } from '../../machines/index.ts';
import type { Edge } from '../../properties/edge.ts';
import type { Inside } from '../../properties/inside.ts';
import { idOf, inWords, type MoveCode, type Scope, verbOf } from '../../properties/moves.ts';
import { packInside } from '../../properties/pack-inside.ts';
import { World } from '../../properties/world.ts';
import { BrokenProcessPool, ExecutorShutdownError, InvalidStateError } from '../../runtime/errors.ts';
import type { Future } from '../../runtime/future.ts';
import { tasksFrom } from '../../runtime/task.ts';
import { OpenPool } from './looking-on.ts';
import type { Stage } from './stage.ts';

const { call } = tasksFrom<{ call(): void }>('/simulated.js');

/** A submitted call on both sides. */
interface Pair {
  readonly future: Future<unknown>;
  readonly work: { readonly state: number };
  called: number;
}

/** A pool and the explorer's world, move by move. */
export class Walk {
  /** What the explorer makes of the moves. */
  readonly world: World;
  readonly #open: OpenPool;
  readonly #stage: Stage;
  readonly #pairs = new Map<number, Pair>();
  readonly #moves: string[] = [];
  #told: Edge[] = [];

  /** @param charts of the runtime alone: a bug planted there must show */
  constructor(scope: Scope, stage: Stage, charts?: Charts) {
    this.world = new World(scope);
    this.#stage = stage;
    const { workers: maxWorkers, maxTasksPerChild } = scope;
    const options = { maxWorkers, ...(maxTasksPerChild === undefined ? {} : { maxTasksPerChild }) };
    const onStep = (edge: Edge) => void this.#told.push({ ...edge, effects: [...edge.effects] });
    this.#open = new OpenPool(options, stage.host, { onStep, judges: false }, charts);
  }

  /** Makes a move on both sides. @returns how they differ afterwards, if they do */
  make(code: MoveCode): string | undefined {
    const { world } = this;
    const [verb, id] = [verbOf(code), idOf(code)];
    const proc = world.procs.find((it) => it.id === id);
    const before = proc && { phase: proc.phase, calls: [...proc.calls] };
    const cancelledId = world.cancelled?.id ?? -1;
    const words = inWords(code);
    this.#moves.push(words);
    this.#told = [];
    const edge = world.happen(code);
    let why: string | undefined;
    try {
      const isAgain = verb === 'cancelAgain' || verb === 'settleAgain';
      const answered = this.#ask(verb, isAgain ? cancelledId : id, edge);
      if (answered === undefined) this.#stage.act({ verb, id, proc: before, event: edge?.event });
      else why = answered;
    } catch (error) {
      why = `it throws ${String(error)}`;
    }
    if (edge) world.settle(edge);
    why ||= this.#compare(edge);
    return why && `after ${this.#moves.join(', ')}: ${why}`;
  }

  /** Ends the pool, wherever it stands, so that the process forgets it. */
  end(): string | undefined {
    void this.#open.pool.killWorkers();
    this.#stage.end(undefined);
    const { state } = this.#open.pool;
    return state === 'joined' ? undefined : `after ${this.#moves.join(', ')}: killed, it is '${state}' and not joined`;
  }

  /** Does what a user wants. @returns `undefined` for what is no wish, else what is wrong with the answer, or nothing */
  #ask(verb: string, id: number, edge: Edge | undefined): string | undefined {
    const { pool } = this.#open;
    const pair = this.#pairs.get(id);
    switch (verb) {
      case 'submit':
        return this.#submit(edge);
      case 'cancel':
      case 'cancelAgain': {
        if (!pair) return `call ${id} has no future`;
        const isCancelled = this.world.charts.future.has(pair.work.state, 'cancelled');
        return pair.future.cancel() === isCancelled ? '' : `cancel() did not answer ${isCancelled}`;
      }
      case 'settle':
      case 'settleAgain':
        return this.#settle(pair, edge);
      case 'shutdown':
        void pool.shutdown();
        return '';
      case 'shutdownCancel':
        void pool.shutdown({ wait: false, cancelFutures: true });
        return '';
      case 'terminate':
        void pool.terminateWorkers();
        return '';
      case 'kill':
        void pool.killWorkers();
        return '';
      default:
        return undefined;
    }
  }

  #submit(edge: Edge | undefined): string {
    const refusal = edge?.effects.find((effect) => effect.type === 'refuse');
    try {
      const future = this.#open.pool.submit(call);
      if (edge?.event.type !== 'submit' || refusal) return 'submit() was not refused';
      const { work } = edge.event;
      const pair: Pair = { future, work, called: 0 };
      this.#pairs.set(work.id, pair);
      future.addDoneCallback(() => pair.called++);
      return '';
    } catch (error) {
      const expected = refusal?.reason === 'broken' ? BrokenProcessPool : ExecutorShutdownError;
      return refusal && error instanceof expected ? '' : `submit() threw ${String(error)}`;
    }
  }

  #settle(pair: Pair | undefined, edge: Edge | undefined): string {
    const isRefused = edge?.effects.some(({ type }) => type === 'refuse');
    const isError = edge?.event.type === 'settle' && edge.event.outcome.kind === 'exception';
    const name = isError ? 'setException()' : 'setResult()';
    try {
      if (isError) pair?.future.setException(new Error('settled'));
      else pair?.future.setResult(undefined);
      return isRefused ? `${name} was not refused` : '';
    } catch (error) {
      if (!isRefused || !(error instanceof InvalidStateError)) return `${name} threw ${String(error)}`;
      // The handle of a future that is done refuses by itself; the core would say the same, and change nothing.
      this.#told = edge ? [edge] : [];
      return '';
    }
  }

  #compare(edge: Edge | undefined): string | undefined {
    const steps = this.#told.map(({ event }) => event.type).join(', ');
    const wanted = edge?.event.type ?? '';
    if (steps !== wanted) return `the runtime took the steps '${steps}', the explorer '${wanted}'`;
    const [is, was] = [inText(this.#told[0]), inText(edge)];
    if (is !== was) return `the runtime asked for ${is}, the explorer for ${was}`;
    if (this.#open.core && !this.#areSame()) return `the cores differ after '${wanted}'`;
    const { future } = this.world.charts;
    for (const { future: handle, work, called } of this.#pairs.values()) {
      if (handle.state !== future.name(work.state))
        return `a future is ${handle.state}, not ${future.name(work.state)}`;
      const callbacks = handle.done() ? 1 : 0;
      if (called !== callbacks) return `a future is ${handle.state}, its callback was called ${called} times`;
    }
    const state = this.world.charts.executor.name(this.world.core.executor).split('.')[0];
    return this.#open.pool.state === state ? undefined : `the pool is '${this.#open.pool.state}', not '${state}'`;
  }

  /** Both packed, with the names of workers and calls: what the promises show to follow from the rest is left out. */
  #areSame(): boolean {
    const { core, history } = this.#open;
    const { cancelled, gone, isClosed } = this.world;
    const packed = (inside: Inside): string => {
      const { row, length, order, held } = packInside(inside);
      return JSON.stringify([...row.subarray(0, length), order, held]);
    };
    return core !== undefined && packed({ core, history, cancelled, gone, isClosed }) === packed(this.world);
  }
}

/** What a step asked for, without made-up pids. */
function inText(edge: Edge | undefined): string {
  if (!edge || edge.effects.length === 0) return 'nothing';
  return edge.effects
    .map((effect) => JSON.stringify(plain(effect.type === 'giveUp' ? { ...effect, pid: undefined } : effect)))
    .join(', ');
}
