/**
 * The only loop: event -> step -> effects.
 *
 * Knows: the order of things. Refuses to know: what any of it means.
 *
 * Guarantees
 * - Steps never nest. A command of the user steps at once and is answered from the state that it leaves, inside a
 *   callback too; an event that a host reports while effects run waits in the inbox, first in, first out.
 * - Effects run in the order in which steps asked for them. Those of a command made inside a callback join the end.
 * - A defect of our own becomes the event `internalFailure`, so futures fail rather than hang (I45).
 * - It never refers to the executor object, so that a dropped executor can be collected.
 */
import type { Charts } from '../machines/chart.ts';
import { step } from '../machines/core.ts';
import type { Effect, TimerName } from '../machines/effects.ts';
import type { Command, CoreEvent, Observation } from '../machines/events.ts';
import { type CoreState, createCore } from '../machines/state.ts';
import type { Outcome, TaskKey, WorkerId, WorkItem } from '../machines/vocabulary.ts';
import { brokenPoolError } from './broken.ts';
import { ExecutorShutdownError, InvalidStateError } from './errors.ts';
import { Estimator } from './estimator.ts';
import { processIsLeaving, unwatchExit, watchExit } from './exit-watch.ts';
import { Future, publish, submissionOf, workOf } from './future.ts';
import type { HostFactory, WorkerHost } from './host.ts';
import type { FutureOwner } from './observers.ts';
import type { ResolvedOptions } from './options.ts';
import { type ExecutorState, type ExecutorStats, statsOf } from './stats.ts';
import { chunkOf, describeTask, identityOf, type Task } from './task.ts';
import { Recorder } from './trace.ts';
import { isLoadingTasks } from './worker/info.ts';

/** From the first fact of a death to the second. */
const DRAIN_MS = 250;
/** From SIGKILL to the exit. */
const REAP_MS = 5_000;

/** Drives one executor. */
export class Driver implements FutureOwner {
  readonly charts: Charts;
  readonly #core: CoreState;
  readonly #takeStep: typeof step;
  readonly #host: WorkerHost;
  readonly #timers: Readonly<Record<TimerName, number>>;
  readonly #estimator: Estimator;
  readonly #recorder: Recorder;
  readonly #taskKeys = new WeakMap<Task<never, unknown>, TaskKey>();
  /** By identity, so that an inline task made anew for each call costs nothing for ever. */
  readonly #taskKeysByIdentity = new Map<string, TaskKey>();
  readonly #taskNames: string[] = [];
  readonly #inbox: Observation[] = [];
  /** Asked for by steps since those that run now were. */
  #effects: Effect[] = NONE;
  /** Those that run now, and the next of them. */
  #batch: Effect[] = NONE;
  #next = 0;
  #isPerforming = false;
  readonly joined: Promise<void>;
  #announceJoined: () => void = () => {};

  /** @param takeStep - the production `step`, or one that looks on */
  constructor(options: ResolvedOptions, charts: Charts, makeHost: HostFactory, takeStep = step) {
    this.charts = charts;
    this.#takeStep = takeStep;
    const prefetchHorizon = options.prefetchHorizon * 1000;
    const { maxWorkers, maxTasksPerChild } = options;
    this.#core = createCore({ maxWorkers, maxTasksPerChild, prefetchHorizon }, charts);
    this.#timers = { boot: options.bootTimeout, drain: DRAIN_MS, grace: options.killGrace, reap: REAP_MS };
    this.#estimator = new Estimator(prefetchHorizon);
    this.#recorder = new Recorder(this.#core, options.trace);
    this.joined = new Promise((resolve) => {
      this.#announceJoined = resolve;
    });
    this.#host = makeHost((event) => this.observe(event));
  }

  /** The executor's state, in the four words of the API. */
  get state(): ExecutorState {
    return this.charts.executor.name(this.#core.executor).split('.')[0] as ExecutorState;
  }

  /** A snapshot of all counts. */
  stats(): ExecutorStats {
    return statsOf(this.#core);
  }

  /** @throws what the executor's state makes of a submit: `BrokenProcessPool`, else `ExecutorShutdownError` */
  submit<R>(task: Task<never, R>, args: readonly unknown[]): Future<R> {
    return this.#submit(task, args, this.#keyOf(task));
  }

  /** Several calls of one function as one; what they come to arrives together, each on its own. */
  submitChunk(task: Task<never, unknown>, items: readonly (readonly unknown[])[]): Future<Outcome[]> {
    return this.#submit(chunkOf(task), items, this.#keyOfChunk(task, items.length));
  }

  #submit<R>(task: Task<never, unknown>, args: readonly unknown[], key: TaskKey): Future<R> {
    if (processIsLeaving()) this.leave();
    if (isLoadingTasks()) throw new InvalidStateError(BOOTSTRAPPING);
    const future = new Future<R>(this, task, key, args);
    this.command({ type: 'submit', work: workOf(future) });
    return future;
  }

  /** Applies a command of the user at once; its effects have been performed on return, unless a callback made it. */
  command(event: Command): void {
    this.#recorder.refuseCallsOfSink();
    const effects = this.#step(event);
    const [first] = effects;
    if (first?.type === 'refuse') throw this.#refusal(first);
    this.#perform(effects);
  }

  /** Applies an event of the host, after those that came before. */
  observe(event: Observation): void {
    if (this.#isPerforming) this.#inbox.push(event);
    else this.#react(event);
  }

  /**
   * The process leaves: signals every worker before it returns, inside a callback too, since nothing runs afterwards.
   *
   * Callbacks come last, out of their order: one of them may end the process at once by a `process.exit()` of its own.
   */
  leave(): void {
    const leaving = this.#step({ type: 'processExit' });
    const effects = [...this.#batch.slice(this.#next), ...this.#effects, ...leaving];
    this.#effects = NONE;
    this.#batch = effects.filter(({ type }) => type !== 'publish');
    this.#batch.push(...effects.filter(({ type }) => type === 'publish'));
    this.#next = 0;
    if (this.#isPerforming) this.#drain();
    else this.#perform(NONE);
  }

  #react(event: Observation): void {
    if (event.type === 'outcomeReceived') this.#learn(event);
    this.#perform(this.#step(event));
  }

  #learn(event: Extract<Observation, { type: 'outcomeReceived' }>): void {
    const worker = this.#core.workers.get(event.worker);
    const work = worker?.held[worker.head];
    if (work?.id !== event.work) return;
    const cost = this.#estimator.record(work.task, event.micros);
    if (cost !== undefined) this.#perform(this.#step({ type: 'costEstimated', task: work.task, cost }));
  }

  #step(event: CoreEvent): readonly Effect[] {
    try {
      const effects = this.#takeStep(this.#core, event);
      this.#recorder.record(this.#core, event, effects);
      return effects;
    } catch (error) {
      this.#recorder.recordFailure(this.#core, event, error);
      // A second failure has nobody left to go to but the process.
      if (event.type === 'internalFailure') throw error;
      return this.#step({ type: 'internalFailure', cause: this.#assertion(event, error) });
    }
  }

  #assertion(at: CoreEvent | Effect, error: unknown): Error {
    return new Error(
      `procfutures has a bug: '${at.type}' failed. Please report it with the last steps:\n${this.#recorder.tail()}`,
      { cause: error },
    );
  }

  #perform(effects: readonly Effect[]): void {
    if (effects.length > 0) {
      if (this.#effects.length === 0) this.#effects = effects as Effect[];
      else for (const effect of effects) this.#effects.push(effect);
    }
    if (this.#isPerforming) return;
    this.#isPerforming = true;
    try {
      this.#drain();
    } finally {
      this.#isPerforming = false;
    }
  }

  #drain(): void {
    for (;;) {
      while (this.#next < this.#batch.length) this.#do(this.#batch[this.#next++] as Effect);
      // Let go of even if there are no more: effects refer to futures.
      this.#batch = this.#effects;
      this.#next = 0;
      this.#effects = NONE;
      if (this.#batch.length > 0) continue;
      const event = this.#inbox.shift();
      if (!event) return;
      this.#react(event);
    }
  }

  #do(effect: Effect): void {
    try {
      this.#doIt(effect);
    } catch (error) {
      this.#perform(this.#step({ type: 'internalFailure', cause: this.#assertion(effect, error) }));
    }
  }

  #doIt(effect: Effect): void {
    switch (effect.type) {
      case 'publish':
        return publish(effect.work.handle as Future<unknown>);
      case 'send':
        return this.#send(effect.worker, effect.work);
      case 'spawn':
        watchExit(this);
        return this.#host.spawn(effect.worker);
      case 'end':
        return this.#host.end(effect.worker, effect.how);
      case 'timer': {
        const ms = effect.timer === null ? Number.POSITIVE_INFINITY : this.#timers[effect.timer];
        return this.#host.timer(effect.worker, ms === Number.POSITIVE_INFINITY ? undefined : ms);
      }
      case 'release':
        this.#host.release(effect.worker);
        if (this.#core.workers.size === 0) unwatchExit(this);
        return;
      case 'hold':
        return this.#host.hold(effect.on);
      case 'giveUp':
        process.emitWarning(
          `Worker process ${effect.pid ?? '(no pid)'} is still there ${REAP_MS} ms after SIGKILL; ` +
            'nothing waits for it any more. ' +
            'It is likely stuck in the kernel (a device or a network file system): look at it with ps.',
          { type: 'ProcfuturesWarning', code: 'PROCFUTURES_UNKILLABLE' },
        );
        return;
      case 'joined':
        return this.#announceJoined();
      case 'refuse':
        throw new Error('a refusal is thrown to the caller, never performed');
    }
  }

  #send(worker: WorkerId, work: WorkItem): void {
    const submission = submissionOf(work.handle as Future<unknown>);
    // Settled by its user between the step and now: the worker has to answer it all the same, with nothing to run.
    const { task, args } = submission ?? { task: NOTHING, args: [] };
    this.#host.send(worker, { work: work.id, task, args });
  }

  #refusal(effect: Extract<Effect, { type: 'refuse' }>): Error {
    if (effect.reason === 'done') return new InvalidStateError('The future is done: its first outcome stays.');
    if (effect.loss) return brokenPoolError(effect.loss, (task) => this.nameOf(task));
    return new ExecutorShutdownError(
      'This executor takes no more calls: it was shut down, or its process is leaving. Make a new ProcessPoolExecutor.',
    );
  }

  nameOf(task: TaskKey): string {
    return this.#taskNames[task] ?? 'a task';
  }

  /** What a chunk takes says nothing of a single call, nor of a chunk of another size: estimated apart. */
  #keyOfChunk(task: Task<never, unknown>, size: number): TaskKey {
    return this.#keyFor(`${32 - Math.clz32(size)} ${identityOf(task)}`, task);
  }

  #keyOf(task: Task<never, unknown>): TaskKey {
    let key = this.#taskKeys.get(task);
    if (key !== undefined) return key;
    key = this.#keyFor(identityOf(task), task);
    this.#taskKeys.set(task, key);
    return key;
  }

  #keyFor(identity: string, task: Task<never, unknown>): TaskKey {
    let key = this.#taskKeysByIdentity.get(identity);
    if (key === undefined) {
      key = this.#taskNames.push(describeTask(task)) - 1;
      this.#taskKeysByIdentity.set(identity, key);
    }
    return key;
  }
}

/**
 * CPython has the same trap and the same guard (multiprocessing: 'before the current process has finished its
 * bootstrapping phase').
 */
const BOOTSTRAPPING =
  'A module that a worker is loading for its tasks submits calls itself: each worker would start the next, for ever. ' +
  'Put tasks into a module of their own, or guard the program: if (!isWorker) { … }, ' +
  "with isWorker from 'procfutures/worker'.";

/** Replaced when the first effect comes, never filled. */
const NONE: Effect[] = [];

/** A call whose future is done before it was written. */
const NOTHING: Task<never, unknown> = { module: undefined, name: 'nothing', source: '() => {}' };
