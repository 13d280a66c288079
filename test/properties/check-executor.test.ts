/**
 * `checkExecutor`, on a small executor of one's own: good as it is, and found out when a bug is planted.
 */
import { describe, expect, it } from 'vitest';
import { checkExecutor } from '../../properties/check-executor.ts';
import type { FutureLike } from '../../properties/trial.ts';

type Bug = 'loses cancelled' | 'runs cancelled' | 'calls back twice' | 'joins early' | 'accepts for ever' | 'none';

class SmallFuture implements FutureLike {
  state = 'PENDING';
  started = false;
  readonly settled: Promise<void>;
  readonly #callbacks: (() => void)[] = [];
  readonly #bug: Bug;
  #tell: () => void = () => {};

  constructor(bug: Bug) {
    this.#bug = bug;
    this.settled = new Promise((resolve) => {
      this.#tell = resolve;
    });
  }

  cancel(): boolean {
    if (this.state === 'PENDING') this.end('CANCELLED_AND_NOTIFIED');
    return this.cancelled();
  }

  cancelled(): boolean {
    return this.state === 'CANCELLED_AND_NOTIFIED';
  }

  done(): boolean {
    return this.state === 'FINISHED' || this.cancelled();
  }

  addDoneCallback(callback: () => void): void {
    if (this.done()) callback();
    else this.#callbacks.push(callback);
  }

  async result(): Promise<unknown> {
    await this.settled;
    if (this.cancelled()) throw new Error('cancelled');
    return 'result';
  }

  end(state: string): void {
    this.state = state;
    if (this.#bug !== 'loses cancelled' || state === 'FINISHED') this.#tell();
    for (const callback of this.#callbacks) callback();
    if (this.#bug === 'calls back twice') this.#callbacks[0]?.();
  }
}

class SmallExecutor {
  readonly futures: SmallFuture[] = [];
  readonly #bug: Bug;
  #isShutDown = false;

  constructor(bug: Bug) {
    this.#bug = bug;
  }

  submit(): SmallFuture {
    if (this.#isShutDown && this.#bug !== 'accepts for ever') throw new Error('shut down');
    const future = new SmallFuture(this.#bug);
    this.futures.push(future);
    setImmediate(() => {
      if (future.done() && this.#bug !== 'runs cancelled') return;
      future.started = true;
      if (future.done()) return;
      future.state = 'RUNNING';
      setImmediate(() => future.end('FINISHED'));
    });
    return future;
  }

  async shutdown({ cancelFutures = false }: { cancelFutures?: boolean } = {}): Promise<void> {
    this.#isShutDown = true;
    if (cancelFutures) for (const future of this.futures) future.cancel();
    if (this.#bug !== 'joins early') await Promise.all(this.futures.map(({ settled }) => settled));
  }
}

const check = (bug: Bug, replay?: readonly string[]) =>
  checkExecutor(() => new SmallExecutor(bug), {
    submit: (executor) => executor.submit(),
    hasStarted: async (executor, call) => {
      await new Promise(setImmediate);
      return executor.futures[call]?.started === true;
    },
    runs: 60,
    // Only where it must run out; elsewhere a slow machine must not look like a bug.
    timeout: bug === 'loses cancelled' ? 100 : 10_000,
    ...(replay ? { replay } : {}),
  });

describe('checkExecutor', () => {
  it('finds nothing where nothing is wrong, and says what it has seen', async () => {
    const { runs, seen } = await check('none');
    expect(runs).toBe(60);
    expect([...seen].sort()).toEqual([
      'a call ended with a result',
      'a call ended with an error',
      'a call was cancelled',
      'a cancel came too late',
      'a shutdown cancelled',
      'a shutdown let calls finish',
      'a submit was refused',
    ]);
  });

  it.each([
    ['loses cancelled', /^Error: C[16] is broken/],
    ['runs cancelled', /^Error: C9 is broken: A call that was cancelled never starts/],
    ['calls back twice', /^Error: C4 is broken/],
    ['joins early', /^Error: C6 is broken/],
    ['accepts for ever', /^Error: C5 is broken/],
  ] as const)('finds an executor that %s, with the shrunk events and how to see it again', async (bug, first) => {
    const error = await check(bug).then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    expect(String(error)).toMatch(first);
    const words = JSON.parse(/replay: (\[.*\])/.exec(String(error))?.[1] ?? '[]') as string[];
    expect(words.length).toBeLessThanOrEqual(3);
    await expect(check(bug, words)).rejects.toThrow('is broken');
    await expect(check('none', words)).resolves.toMatchObject({ runs: 1 });
  });
});
