/**
 * `ProcessPoolExecutor`: thin. It checks arguments, sends a command, and returns a handle.
 *
 * CPython 3.14 `concurrent/futures/process.py:639-939`.
 */
import { inspect } from 'node:util';
import type { Charts } from '../machines/chart.ts';
import type { step } from '../machines/core.ts';
import { bag, flag, wrongType } from './checks.ts';
import type { Driver } from './driver.ts';
import { engine } from './engine.ts';
import { Executor, type ShutdownOptions } from './executor.ts';
import { processIsLeaving } from './exit-watch.ts';
import type { Future } from './future.ts';
import type { HostFactory } from './host.ts';
import type { Submitter } from './map-plan.ts';
import type { ProcessPoolExecutorOptions, ResolvedOptions } from './options.ts';
import type { ExecutorState, ExecutorStats } from './stats.ts';
import { isTask, type Task } from './task.ts';

/** For tests and the simulation: another host, other charts, a `step` that is looked upon. Not part of the contract. */
export interface Internals {
  readonly charts?: Charts;
  readonly host?: (options: ResolvedOptions) => HostFactory;
  readonly step?: typeof step;
}

/** An executor that nobody references any more finishes what it accepted, then ends its workers. */
const dropped = new FinalizationRegistry<Driver>((driver) => driver.command({ type: 'collected' }));

/**
 * Runs calls in a pool of worker processes.
 *
 * Nothing is started until the first `submit`. Every future that `submit` returns settles exactly once, whatever
 * dies, in whatever order. A worker that dies without being asked to breaks the pool: every unsettled future fails
 * with its own
 * `BrokenProcessPool`, and `submit` throws one from that instant.
 *
 * An idle pool lets the process exit; a pending future or a pending `shutdown` keeps it alive. CPython 3.14,
 * `concurrent.futures.ProcessPoolExecutor`.
 */
export class ProcessPoolExecutor extends Executor {
  readonly #driver: Driver;

  /** @throws TypeError or RangeError for a bad option; nothing has happened then */
  constructor(options?: ProcessPoolExecutorOptions);
  /** @internal */
  constructor(options: ProcessPoolExecutorOptions | undefined, internals: Internals);
  constructor(options?: ProcessPoolExecutorOptions, internals: Internals = {}) {
    super();
    const { childProcessHost, compiledCharts, Driver, resolveOptions } = engine();
    const resolved = resolveOptions(options);
    const host = (internals.host ?? childProcessHost)(resolved);
    const driver = new Driver(resolved, internals.charts ?? compiledCharts, host, internals.step);
    this.#driver = driver;
    processIsLeaving();
    dropped.register(this, driver, driver);
    // What a registry holds is never collected, nor what that refers to: this executor, if a trace sink does.
    void driver.joined.then(() => dropped.unregister(driver));
  }

  /** What the executor is doing. */
  get state(): ExecutorState {
    return this.#driver.state;
  }

  /** A frozen snapshot of its counts. */
  stats(): ExecutorStats {
    return this.#driver.stats();
  }

  /**
   * Accepts a call; its future will settle. Calls start in the order of `submit`.
   *
   * Arguments are copied when the call is sent to a worker, not here. What cannot be copied fails that one future.
   *
   * @throws TypeError when `task` is none; BrokenProcessPool when broken; ExecutorShutdownError after a shutdown.
   * Refused means no trace.
   */
  override submit<A extends readonly unknown[], R>(task: Task<A, R>, ...args: A): Future<R> {
    checkTask('submit()', task);
    return this.#driver.submit(task, args);
  }

  /**
   * Refuses new calls at once; accepted ones are finished, or cancelled if they have not started.
   *
   * Repeated and concurrent calls merge: each waits for what it asked, and nothing asked before is taken back. May be
   * called in a done callback.
   *
   * @throws TypeError at once for a bad option
   */
  override shutdown(options: ShutdownOptions = {}): Promise<void> {
    bag(options, 'the options of shutdown()', SHUTDOWN_OPTIONS);
    const wait = flag('wait', options.wait, true);
    const cancelFutures = flag('cancelFutures', options.cancelFutures, false);
    this.#driver.command({ type: 'shutdown', wait, cancelFutures });
    return wait ? this.#driver.joined : Promise.resolve();
  }

  /**
   * Ends all workers with SIGTERM, and after `killGrace` with SIGKILL.
   *
   * Calls that wait are cancelled, running ones fail with `BrokenProcessPool`; resolves when every process is reaped.
   * Then the executor is joined, also one that never started a worker, and `submit` throws `ExecutorShutdownError`.
   */
  terminateWorkers(): Promise<void> {
    this.#driver.command({ type: 'terminate' });
    return this.#driver.joined;
  }

  /** As {@link ProcessPoolExecutor.terminateWorkers}, with SIGKILL at once. */
  killWorkers(): Promise<void> {
    this.#driver.command({ type: 'kill' });
    return this.#driver.joined;
  }

  /** `ProcessPoolExecutor { running, 2 workers (1 busy), 3 pending, 1 running }`, in one line. */
  [inspect.custom](): string {
    const { workers, pending, running } = this.stats();
    const all = Object.values(workers).reduce((sum, count) => sum + count, 0);
    const parts = [this.state, `${all} workers (${workers.busy} busy)`, `${pending} pending`, `${running} running`];
    return `ProcessPoolExecutor { ${parts.join(', ')} }`;
  }

  /** Holds the executor while a lazy input still has to be submitted; the iterator lets go of it at the input's end. */
  protected override submitter(): Submitter {
    if (this.submit !== ProcessPoolExecutor.prototype.submit) return super.submitter();
    const driver = this.#driver;
    return {
      keeper: this,
      submit: (task, args) => driver.submit(task, args),
      submitChunk: (task, items) => driver.submitChunk(task, items),
    };
  }
}

const SHUTDOWN_OPTIONS = new Set(['wait', 'cancelFutures']);

/** Tells apart what looks like a task from what is one. */
export function checkTask(of: string, task: unknown): void {
  if (isTask(task)) return;
  if (typeof task === 'function')
    throw new TypeError(
      `${of} takes a task, not a function: processes share no code. ` +
        `Export ${task.name ? `'${task.name}'` : 'it'} from a module and use tasksFrom(url), ` +
        'or wrap it with inline() if it is self-contained.',
    );
  wrongType(`The task of ${of}`, 'made by tasksFrom() or inline()', task);
}
