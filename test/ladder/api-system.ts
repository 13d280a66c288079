/**
 * The public API on simulated processes, beside its reference model; what waits, and what iterates, meanwhile.
 */
import type { Charts } from '../../machines/index.ts';
import { BrokenProcessPool, CancelledError } from '../../runtime/errors.ts';
import type { Future } from '../../runtime/future.ts';
import type { ProcessPoolExecutor } from '../../runtime/process-pool-executor.ts';
import { simulate, type World } from '../../runtime/simulation/index.ts';
import { tasksFrom } from '../../runtime/task.ts';
import { asCompleted, type ReturnWhen, wait } from '../../runtime/wait.ts';
import { type ApiModel, endingOf } from './api-model.ts';

export const { call } = tasksFrom<{ call(n: number): unknown }>('/simulated.js');

/** What is under test; a planted bug replaces a part of it. */
export interface Api {
  readonly cancel: (future: Future<unknown>) => boolean;
  readonly wait: typeof wait;
  readonly asCompleted: typeof asCompleted;
  readonly map: (pool: ProcessPoolExecutor, items: number[], chunksize: number) => AsyncIterator<unknown, unknown>;
}

export const PUBLIC: Api = {
  cancel: (future) => future.cancel(),
  wait,
  asCompleted,
  map: (pool, items, chunksize) => pool.map(call, items, { chunksize }),
};

/** Something that goes on while commands are made: asked after each what is wrong with it so far. */
type Ongoing = (isAtRest: boolean) => string | undefined;

/** A pool, its futures, and what goes on. */
export class ApiSystem {
  readonly api: Api;
  readonly pool: ProcessPoolExecutor;
  readonly world: World;
  readonly futures: Future<unknown>[] = [];
  readonly #model: ApiModel;
  readonly #failed = new Set<number>();
  readonly #ongoing: Ongoing[] = [];

  constructor(model: ApiModel, api: Api, charts: Charts | undefined, maxWorkers: number) {
    const tasks = ({ args }: { args: readonly unknown[] }) => {
      const { kind, value } = endingOf(args[0] as number);
      return kind === 'result' ? { result: value } : { throws: value };
    };
    const made = simulate({ maxWorkers }, { tasks, faults: { isKilled: 1 }, ...(charts ? { charts } : {}) });
    this.api = api;
    this.pool = made.pool;
    this.world = made.world;
    this.#model = model;
  }

  submit(n: number): void {
    const future = this.pool.submit(call, n);
    const index = this.futures.push(future) - 1;
    // The pool may not have heard yet of what it lost.
    this.#model.calls.push({ n, state: 'PENDING', isAtRisk: this.#model.isCut });
    future.addDoneCallback(() => void this.#model.order.push(index));
  }

  /** `wait()` for some calls; it must return when it has what it waits for, and not before. */
  wait(calls: readonly number[], returnWhen: ReturnWhen): void {
    let returned: { done: Set<Future<unknown>>; notDone: Set<Future<unknown>> } | undefined;
    void this.api.wait(this.#futuresOf(calls), { returnWhen }).then((sets) => {
      returned = sets;
    });
    const words = `wait(${calls.join(' ')}, ${returnWhen})`;
    this.#ongoing.push(() => {
      const isEnough = this.#model.isEnough(calls, returnWhen, this.#failed);
      if (!returned) return isEnough ? `${words} has not returned` : undefined;
      const { done, notDone } = returned;
      if (!isEnough) return `${words} has returned`;
      if (done.size + notDone.size !== calls.length) return `${words} has lost a future`;
      return [...done].every((future) => future.done()) && done.size > 0
        ? undefined
        : `${words} calls a future done that is not`;
    });
  }

  /** `asCompleted()` over some calls: those that are done, in any order, then the others as they end, each once. */
  iterate(calls: readonly number[]): void {
    const ready = new Set(calls.filter((index) => this.#model.isDone(index)));
    const read: number[] = [];
    let isOver = false;
    const iterator = this.api.asCompleted(this.#futuresOf(calls));
    const readOn = async (): Promise<void> => {
      for (let next = await iterator.next(); !next.done; next = await iterator.next())
        read.push(this.futures.indexOf(next.value));
      isOver = true;
    };
    void readOn();
    const words = `asCompleted(${calls.join(' ')})`;
    this.#ongoing.push(() => {
      const later = this.#model.order.filter((index) => calls.includes(index) && !ready.has(index));
      const first = read.slice(0, ready.size).sort(ascending);
      const expected = [...[...ready].sort(ascending), ...later].join(' ');
      const actual = [...first, ...read.slice(ready.size)].join(' ');
      if (actual !== expected) return `${words} has given ${actual || 'nothing'}, not ${expected || 'nothing'}`;
      return isOver === (read.length === calls.length) ? undefined : `${words} ${isOver ? 'is' : 'is not'} over`;
    });
  }

  /** `map()`: results in the order of the items, up to the first that fails; left after `leaveAfter` of them. */
  map(items: readonly number[], chunksize: number, leaveAfter: number): void {
    const read: unknown[] = [];
    let end: { readonly error: unknown } | 'end' | 'left' | undefined;
    const iterator = this.api.map(this.pool, [...items], chunksize);
    const readOn = async (): Promise<void> => {
      try {
        for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
          read.push(next.value);
          if (read.length < leaveAfter) continue;
          await iterator.return?.();
          end = 'left';
          return;
        }
        end = 'end';
      } catch (error) {
        end = { error };
      }
    };
    void readOn();
    const endings = items.map(endingOf);
    const good = endings.findIndex(({ kind }) => kind === 'exception');
    const most = good < 0 ? items.length : good;
    const words = `map(${items.join(' ')}; chunksize ${chunksize})`;
    this.#ongoing.push((isAtRest) => {
      const wrong = read.findIndex((value, place) => place >= most || value !== endings[place]?.value);
      if (wrong >= 0) return `${words} has given ${String(read[wrong])} at place ${wrong}`;
      if (end === undefined) return isAtRest ? `${words} waits for ever after ${read.length} results` : undefined;
      if (end === 'left') return undefined;
      if (end === 'end') return read.length === items.length ? undefined : `${words} ends after ${read.length} results`;
      if (read.length === most && end.error === endings[most]?.value) return undefined;
      const isExcused = end.error instanceof CancelledError || end.error instanceof BrokenProcessPool;
      return isExcused && (this.#model.isCut || !this.#model.isOpen) ? undefined : `${words}: ${String(end.error)}`;
    });
  }

  /** A promise that must be kept once the world is at rest. */
  expect(promise: Promise<unknown>, words: string): void {
    let isKept = false;
    void promise.then(() => {
      isKept = true;
    });
    this.#ongoing.push((isAtRest) => (isAtRest && !isKept ? `the promise of ${words} is not kept` : undefined));
  }

  /** Lets promises have their turn, takes over what the futures say, and throws what is wrong. */
  async check(isAtRest = false): Promise<void> {
    await new Promise(setImmediate);
    for (const [index, future] of this.futures.entries()) {
      complain(this.#model.learn(index, future.state));
      if (isAtRest && !future.done()) complain(`at rest, call ${index} is ${future.state}`);
      if (future.done() && !future.cancelled()) complain(this.#judge(index, future));
    }
    const { order } = this.#model;
    const done = this.futures.filter((future) => future.done()).length;
    if (new Set(order).size !== order.length || order.length !== done)
      complain(`${done} futures are done, and the callbacks were of ${order.join(' ') || 'none'}`);
    for (const ongoing of this.#ongoing) complain(ongoing(isAtRest));
  }

  /** Brings the pool to its end. */
  async end(): Promise<void> {
    void this.pool.killWorkers();
    this.#model.cancelPending();
    this.#model.cut();
    this.#model.isOpen = false;
    this.world.settle();
    await this.check(true);
    if (this.pool.state !== 'joined') complain(`killed and at rest, the pool is '${this.pool.state}'`);
  }

  #judge(index: number, future: Future<unknown>): string | undefined {
    const error = future.exceptionNow();
    if (error === null) return this.#model.judge(index, { kind: 'result', value: future.resultNow() }, false);
    this.#failed.add(index);
    return this.#model.judge(index, { kind: 'exception', value: error }, error instanceof BrokenProcessPool);
  }

  #futuresOf(calls: readonly number[]): Future<unknown>[] {
    return calls.map((index) => this.futures[index] as Future<unknown>);
  }
}

const ascending = (a: number, b: number): number => a - b;

/** What is wrong becomes the failure of the command. */
export function complain(why: string | undefined): void {
  if (why !== undefined) throw new Error(why);
}
