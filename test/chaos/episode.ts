/**
 * Runs one plan on a pool of real processes, and judges it.
 *
 * Nothing here knows what should happen when: the plan says what to do, the checks say what must hold whatever happened.
 * Waits are for facts (a settled future, a mark, turns of the event loop); one that waits in vain goes on after a bound,
 * since the plan may well have made it impossible.
 */
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type ExecutorStats, type Future, ProcessPoolExecutor, type ProcessPoolExecutorOptions } from 'procfutures';
import { type Charts, compiledCharts, liveCharts } from 'procfutures/machines';
import type { CallRecord } from 'procfutures/properties';
import type { HostFactory } from 'procfutures/simulation';
import { type Facts, findLeaks, readFacts } from '../helpers/facts.ts';
import { type CallView, judgeCalls, judgeStats } from './checks.ts';
import { HistoryFile } from './history.ts';
import { delayed, realHost } from './jitter.ts';
import { allSteps, type Deed, type Plan, type PlanOptions, type Step } from './plan.ts';
import { leftOnPurpose, liveChildren, send, signalChild, within } from './processes.ts';
import type { Check, EpisodeReport, Problem } from './report.ts';
import { argsOf, endingBy, endingOf, judgeEnd, OUTSIDE, taskNamed } from './tasks.ts';
import { type Extent, judgeTrace, type TraceLine } from './trace.ts';

/** Bounds in milliseconds: generous, since a loaded machine is no fault of the pool. */
export interface Bounds {
  /** Without any news of a pool that was asked to end, until it counts as stuck. */
  readonly joined: number;
  /** From the end of the pool to the moment when nothing of it is left. */
  readonly leaks: number;
  /** Without any news, for a fact that a plan waits for. */
  readonly fact: number;
}

export const BOUNDS: Bounds = { joined: 15_000, leaks: 5_000, fact: 1_500 };

/** Faults that a test plants, to see them caught; a run has none. */
export interface Planted {
  /** In place of real processes. */
  readonly host?: (options: never) => HostFactory;
  /** What to record in place of a line. */
  readonly trace?: (line: string) => readonly string[];
  readonly stats?: (stats: ExecutorStats) => ExecutorStats;
  /** Once the pool has joined, or failed to. */
  readonly atEnd?: (history: HistoryFile) => void;
  /** Gives back what the fault withheld, so that it outlives nobody. */
  readonly undo?: () => void;
}

/** Where and how an episode runs. */
export interface EpisodeOptions {
  /** A directory of its own, which exists: plan, history and trace are written there. */
  readonly dir: string;
  readonly bounds?: Bounds;
  readonly planted?: Planted;
}

type Constructor = new (
  options: ProcessPoolExecutorOptions,
  internals: { readonly charts: Charts; readonly host?: (options: never) => HostFactory },
) => ProcessPoolExecutor;

/** Runs a plan to its end. @returns 'leave' where the plan ends with the end of this process, which is the caller's */
export async function runEpisode(plan: Plan, options: EpisodeOptions): Promise<EpisodeReport | 'leave'> {
  const start = performance.now();
  await warmUp();
  const before = readFacts();
  const { jitter } = plan.options;
  const host = options.planted?.host ?? (jitter && delayed(await realHost(), jitter));
  const episode = new Episode(plan, options, host);
  await episode.run();
  if (plan.end === 'exit' || plan.end === 'killed') return 'leave';
  return episode.judge(before, start);
}

let warm: Promise<void> | undefined;

/** What the first pool of a process leaves for good (one listener) is there before anything is compared. */
function warmUp(): Promise<void> {
  warm ??= (async () => {
    // The streams of this process come into being when somebody looks at them.
    readFacts();
    const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
    await pool.submit(taskNamed('initialize'));
    await pool.shutdown();
  })();
  return warm;
}

class Episode {
  readonly #plan: Plan;
  readonly #dir: string;
  readonly #bounds: Bounds;
  readonly #planted: Planted;
  readonly #history: HistoryFile;
  readonly #traceFd: number;
  readonly #lines: string[] = [];
  /** The one reference to the executor, so that a plan can drop it. */
  #pool: ProcessPoolExecutor | undefined;
  #hasJoined = false;
  #isCollected = false;
  #isClosed = false;
  readonly #calls = new Map<number, CallView>();
  /** Calls that never end by themselves. */
  readonly #endless = new Set<number>();
  /** Those who wait: the ends of the pool that were asked for, the readers of maps. */
  readonly #waiters: { readonly what: string; done: boolean }[] = [];
  readonly #stopped = new Set<number>();
  readonly #problems: Problem[] = [];
  readonly #judged: Partial<Record<Check, number>> = {};
  readonly #witnesses = new Set<string>();
  #waitedInVain = 0;
  readonly #onWarning = (warning: Error & { code?: string }): void => {
    const mayWarn = [...allSteps(this.#plan.steps)].some((step) => step.do === 'throw');
    if (warning.code === 'PROCFUTURES_CALLBACK' && mayWarn) this.#witnesses.add('a callback threw');
    else this.#complain('parent', `a process warning: ${warning.stack ?? warning.message}`);
  };

  constructor(plan: Plan, { dir, bounds = BOUNDS, planted = {} }: EpisodeOptions, host: Planted['host'] | undefined) {
    this.#plan = plan;
    this.#dir = dir;
    this.#bounds = bounds;
    this.#planted = planted;
    this.#history = new HistoryFile(join(dir, 'history.jsonl'));
    this.#traceFd = openSync(join(dir, 'trace.jsonl'), 'a');
    process.on('warning', this.#onWarning);
    const { charts, jitter: _, ...options } = plan.options;
    this.#pool = new (ProcessPoolExecutor as Constructor)(
      { ...poolOptions(options), trace: (line) => this.#record(line) },
      { charts: charts === 'xstate' ? liveCharts : compiledCharts, ...(host && { host }) },
    );
  }

  #complain(check: Check, text: string): void {
    this.#problems.push({ check, text });
  }

  #count(check: Check, by = 1): void {
    this.#judged[check] = (this.#judged[check] ?? 0) + by;
  }

  /** The sink. A pool that joined long ago may still be told that it was collected. */
  #record(line: string): void {
    if (this.#isClosed) return;
    for (const recorded of this.#planted.trace?.(line) ?? [line]) {
      this.#lines.push(recorded);
      writeSync(this.#traceFd, `${recorded}\n`);
    }
    this.#isCollected ||= line.includes('{"type":"collected"}');
    if (line.includes('{"type":"joined"}')) {
      this.#hasJoined = true;
      this.#history.append({ at: 'joined' });
    }
  }

  async run(): Promise<void> {
    for (const step of this.#plan.steps) {
      await this.#take(step);
      this.#compareStats();
    }
    const { end } = this.#plan;
    if (end === 'exit' || end === 'killed') return;
    writeFileSync(join(this.#dir, 'open'), '');
    // A forced stop must end a stopped process too; everybody else has to be able to go on.
    const isForced = this.#pool !== undefined && (end === 'kill' || end === 'terminate');
    if (!isForced) this.#continue();
    if (end === 'drain') this.#do({ do: 'shutdown', wait: true, cancelFutures: false });
    else if (end === 'drop') this.#pool = undefined;
    else this.#do({ do: end });
    const isThere = () => this.#hasJoined && this.#waiters.every(({ done }) => done);
    await this.#untilQuiet(this.#bounds.joined, isThere, () => {
      if (this.#pool === undefined && !this.#isCollected) globalThis.gc?.();
      if (!isForced) this.#endTheEndless();
    });
    // Promises settle in the turn after their futures.
    await new Promise(setImmediate);
  }

  /** Waits for a fact for as long as there is news of the pool at least every so often. @returns whether it came */
  async #untilQuiet(ms: number, fact: () => boolean, meanwhile?: () => void): Promise<boolean> {
    let deadline = performance.now() + ms;
    let news = this.#lines.length;
    while (!(await within(10, fact))) {
      if (this.#lines.length > news) deadline = performance.now() + ms;
      else if (performance.now() > deadline) return false;
      news = this.#lines.length;
      meanwhile?.();
    }
    return true;
  }

  /** A drain waits for its tasks: those that never end are ended from outside, when they have begun. */
  #endTheEndless(): void {
    for (const record of this.#history.read()) {
      if (record.at !== 'start' || !this.#endless.has(record.call)) continue;
      this.#endless.delete(record.call);
      signalChild(record.pid, 'SIGKILL');
    }
  }

  async #take(step: Step): Promise<void> {
    switch (step.do) {
      case 'await':
        return this.#await(step);
      case 'map':
        return this.#map(step);
      case 'peek':
        return this.#peek(step.call, step.timeout);
      case 'signal':
        return this.#signal(step.worker, step.signal);
      case 'continue':
        return this.#continue();
      case 'open':
        return writeFileSync(join(this.#dir, 'open'), '');
      case 'drop':
        this.#pool = undefined;
        return;
      default:
        return this.#do(step);
    }
  }

  /** What can be done at once. */
  #do(deed: Deed): void {
    const pool = this.#pool;
    switch (deed.do) {
      case 'submit':
        return this.#submit(deed);
      case 'cancel': {
        const future = this.#calls.get(deed.call)?.future;
        if (!future) return;
        this.#history.append({ at: 'cancel', call: deed.call });
        const answer = future.cancel();
        this.#history.append({ at: 'cancelled', call: deed.call, answer });
        this.#witnesses.add(`cancel() was ${answer}`);
        return;
      }
      case 'settle': {
        const future = this.#calls.get(deed.call)?.future;
        if (!future || future.done()) return;
        this.#history.append({ at: 'settledOutside', call: deed.call });
        future.setResult(OUTSIDE);
        return;
      }
      case 'shutdown':
        if (!pool) return;
        if (deed.cancelFutures) this.#history.append({ at: 'cancelAll' });
        return this.#expect(`shutdown(${JSON.stringify(deed)})`, pool.shutdown(deedOptions(deed)));
      case 'terminate':
      case 'kill':
        if (!pool) return;
        this.#history.append({ at: 'cancelAll' });
        return this.#expect(`${deed.do}Workers()`, deed.do === 'kill' ? pool.killWorkers() : pool.terminateWorkers());
      case 'throw':
        throw new Error('a done callback of this episode throws, as its plan says');
    }
  }

  #submit({ call, spec, then = [] }: Extract<Deed, { do: 'submit' }>): void {
    const pool = this.#pool;
    if (!pool) return;
    const site = { dir: this.#dir, call };
    this.#history.append({ at: 'submit', call });
    let future: Future<unknown>;
    try {
      future = pool.submit(taskNamed(spec.task), ...argsOf(site, spec));
    } catch (error) {
      this.#history.append({ at: 'refused', call });
      this.#judgeRefusal(error, pool.state);
      return;
    }
    this.#history.append({ at: 'submitted', call });
    if (spec.task === 'spin') this.#endless.add(call);
    const view: CallView = { site, future, callbacks: [0, 0], promises: 0, value: undefined };
    this.#calls.set(call, view);
    future.addDoneCallback((done) => {
      view.callbacks[0]++;
      const { ending, value } = endingOf(done, call);
      this.#history.append({ at: 'settled', call, ending });
      this.#witnesses.add(`${spec.task} ended: ${ending}`);
      const wrong = judgeEnd(site, spec, ending, value);
      this.#count('values');
      if (wrong !== undefined) this.#complain('values', `call ${call}: ${wrong}`);
      // A large result is judged and let go.
      if (value instanceof Error) view.value = value;
      for (const deed of then) this.#do(deed);
    });
    future.addDoneCallback(() => {
      view.callbacks[1]++;
    });
    const settled = (): void => {
      view.promises++;
    };
    future.then(settled, settled);
  }

  #judgeRefusal(error: unknown, state: string): void {
    const name = error instanceof Error ? error.name : String(error);
    this.#witnesses.add(`submit threw ${name}`);
    this.#count('values');
    const isRight =
      (name === 'BrokenProcessPool' && (state === 'broken' || state === 'joined')) ||
      (name === 'ExecutorShutdownError' && (state === 'shuttingDown' || state === 'joined'));
    if (!isRight) this.#complain('values', `submit threw ${String(error)} while the executor was ${state}`);
  }

  #map(step: Extract<Step, { do: 'map' }>): void {
    const { first, items, lazy, chunksize, buffersize, timeout, leave } = step;
    const pool = this.#pool;
    if (!pool) return;
    const dir = this.#dir;
    const tuples = items.map((spec, place) => {
      const [site, ...args] = argsOf({ dir, call: first + place }, spec);
      return [site, spec.task, ...args];
    });
    let iterator: AsyncIterator<unknown>;
    const limits = { ...(chunksize && { chunksize }), ...(buffersize && { buffersize }) };
    try {
      iterator = pool.starmap(taskNamed('item'), lazy ? oneATurn(tuples) : tuples, {
        ...limits,
        ...(timeout !== undefined && { timeout }),
      });
    } catch (error) {
      this.#judgeRefusal(error, pool.state);
      return;
    }
    this.#expect(`the reader of the map from call ${first}`, this.#readMap(iterator, step, leave ?? items.length + 1));
  }

  async #readMap(
    iterator: AsyncIterator<unknown>,
    { first, items }: Extract<Step, { do: 'map' }>,
    leave: number,
  ): Promise<void> {
    for (let place = 0; place < leave; place++) {
      const call = first + place;
      let ending: Extract<CallRecord, { at: 'item' }>['ending'] = 'result';
      let value: unknown;
      try {
        const next = await iterator.next();
        if (next.done) return;
        value = next.value;
      } catch (error) {
        value = error;
        const name = error instanceof Error ? error.name : '';
        if (name === 'TimeoutError' || name === 'ExecutorShutdownError') {
          this.#witnesses.add(`a map ended with ${name}`);
          continue;
        }
        ending = endingBy(error, call);
      }
      const spec = items[place];
      this.#history.append({ at: 'item', call, ending });
      this.#witnesses.add(`${spec?.task} ended: ${ending}`);
      this.#count('values');
      const wrong = spec ? judgeEnd({ dir: this.#dir, call }, spec, ending, value) : 'there is no such item';
      if (wrong !== undefined) this.#complain('values', `item ${place} of the map from call ${first}: ${wrong}`);
    }
    await iterator.return?.();
    this.#witnesses.add('the reader of a map left');
  }

  #peek(call: number, timeout: number): void {
    const future = this.#calls.get(call)?.future;
    if (!future) return;
    const ignore = (): void => {};
    this.#expect(`result({ timeout: ${timeout} }) of call ${call}`, future.result({ timeout }).then(ignore, ignore));
  }

  /** A promise that must settle by the time the pool has ended. */
  #expect(what: string, promise: Promise<unknown>): void {
    const waiter = { what, done: false };
    this.#waiters.push(waiter);
    promise.then(
      () => {
        waiter.done = true;
      },
      (error: unknown) => {
        waiter.done = true;
        this.#complain('joined', `${what} failed: ${String(error)}`);
      },
    );
  }

  #signal(place: number, signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP'): void {
    const children = liveChildren();
    const pid = children[place % children.length];
    if (pid === undefined || !signalChild(pid, signal)) return;
    this.#witnesses.add(`${signal} from outside`);
    if (signal === 'SIGSTOP') this.#stopped.add(pid);
  }

  #continue(): void {
    for (const pid of this.#stopped) if (signalChild(pid, 'SIGCONT')) this.#witnesses.add('SIGCONT from outside');
    this.#stopped.clear();
  }

  async #await(step: Extract<Step, { do: 'await' }>): Promise<void> {
    if (step.what === 'turns') {
      for (let turn = 0; turn < step.turns; turn++) await new Promise(setImmediate);
      return;
    }
    const view = this.#calls.get(step.call);
    if (!view) return;
    const fact = (): boolean =>
      view.callbacks[0] > 0 ||
      (step.what === 'started' &&
        this.#history.read().some((record) => record.at === 'start' && record.call === step.call));
    if (!(await this.#untilQuiet(this.#bounds.fact, fact))) this.#waitedInVain++;
  }

  #compareStats(): void {
    if (!this.#pool) return;
    const line = this.#lines.length > 1 ? (JSON.parse(this.#lines.at(-1) as string) as TraceLine) : undefined;
    this.#count('stats');
    const stats = this.#planted.stats?.(this.#pool.stats()) ?? this.#pool.stats();
    for (const text of judgeStats(stats, this.#pool.state, line, this.#plan.options.maxWorkers))
      this.#complain('stats', text);
  }

  /** Closes everything, then looks at what was left and at what was recorded. */
  async judge(before: Facts, start: number): Promise<EpisodeReport> {
    this.#planted.atEnd?.(this.#history);
    this.#count('parent');
    this.#judgeJoined();
    const isClean = this.#hasJoined;
    this.#compareStats();
    if (!isClean) await this.#clear();
    const records = [...this.#history.read()];
    for (const line of this.#history.stray)
      this.#complain('histories', `something else was written to the history: ${line}`);
    this.#isClosed = true;
    this.#pool = undefined;
    this.#history.close();
    closeSync(this.#traceFd);
    process.off('warning', this.#onWarning);

    const traced = judgeTrace(this.#lines, 'joined' satisfies Extent);
    this.#count('trace', traced.events);
    for (const mismatch of traced.mismatches) this.#complain('trace', mismatch);
    const judgedCalls = judgeCalls(this.#plan, this.#calls, records, traced);
    this.#count('settled', this.#calls.size);
    this.#count('histories', judgedCalls.histories);
    this.#problems.push(...judgedCalls.problems);

    // What is left of a pool that did not join is a consequence, and was cleared above.
    const orphans = isClean ? await this.#judgeLeaks(before) : 0;
    for (const pid of leftOnPurpose(this.#dir)) send(pid, 'SIGKILL');
    this.#planted.undo?.();
    return {
      seed: this.#plan.seed,
      problems: this.#problems,
      judged: this.#judged,
      witnesses: [...this.#witnesses, ...traced.witnesses],
      orphans,
      waitedInVain: this.#waitedInVain,
      milliseconds: performance.now() - start,
    };
  }

  #judgeJoined(): void {
    this.#count('joined', 1 + this.#waiters.length);
    const late = `and there was no news of it for ${this.#bounds.joined} ms`;
    if (!this.#hasJoined)
      this.#complain('joined', `the executor is ${this.#lastState()}, ${late}; live children: ${liveChildren()}`);
    for (const { what, done } of this.#waiters)
      if (!done) this.#complain('joined', `${what} has not settled, ${late}; the executor is ${this.#lastState()}`);
  }

  #lastState(): string {
    return this.#lines.length > 1 ? JSON.stringify((JSON.parse(this.#lines.at(-1) as string) as TraceLine).state) : '?';
  }

  /** Ends by force what a failed episode has left, so that it disturbs no other. */
  async #clear(): Promise<void> {
    this.#planted.undo?.();
    this.#history.append({ at: 'cancelAll' });
    for (const pid of liveChildren()) send(pid, 'SIGKILL');
    await within(this.#bounds.leaks, () => this.#hasJoined || liveChildren().length === 0);
    void this.#pool?.killWorkers();
    await within(1_000, () => this.#hasJoined);
  }

  async #judgeLeaks(before: Facts): Promise<number> {
    this.#count('leaks');
    // Those that a task left on purpose still hold its pipes: what the pool had of these must be gone all the same.
    const left = () => {
      const onPurpose = leftOnPurpose(this.#dir);
      return findLeaks(before).filter(({ pid }) => pid === undefined || !onPurpose.includes(pid));
    };
    await within(this.#bounds.leaks, () => left().length === 0);
    const leaks = left();
    for (const { kind, what } of leaks) this.#complain('leaks', `${kind}: ${what}`);
    for (const { pid } of leaks) if (pid !== undefined) send(pid, 'SIGKILL');
    return leaks.length;
  }
}

async function* oneATurn<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) {
    await new Promise(setImmediate);
    yield item;
  }
}

function deedOptions({ wait, cancelFutures }: Extract<Deed, { do: 'shutdown' }>) {
  return { wait, cancelFutures };
}

/** Small enough that a task can exhaust it in a moment; large binaries lie outside. */
const HEAP_MEGABYTES = 64;

function poolOptions(options: Omit<PlanOptions, 'charts' | 'jitter'>): ProcessPoolExecutorOptions {
  const { initializer, output, noExecutable, ...numbers } = options;
  return {
    ...numbers,
    ...(initializer && { initializer: taskNamed(initializer) }),
    workerOptions: {
      execArgv: [`--max-old-space-size=${HEAP_MEGABYTES}`],
      stdio: ['ignore', output, output],
      ...(noExecutable && { execPath: '/nonexistent/node' }),
    },
  };
}
