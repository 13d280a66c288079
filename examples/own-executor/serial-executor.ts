/**
 * A small executor of one's own: runs functions in this process, one after the other. It has a bug.
 */
import { ExecutorShutdownError, Future } from 'procfutures';

interface Job {
  readonly future: Future<unknown>;
  readonly fn: () => unknown;
}

export class SerialExecutor {
  readonly #waiting: Job[] = [];
  readonly #joined: (() => void)[] = [];
  /** Accepted and not over: the executor is joined when there are none. */
  #open = 0;
  #isShutDown = false;

  submit(fn: () => unknown): Future<unknown> {
    if (this.#isShutDown) throw new ExecutorShutdownError('This executor was shut down.');
    const future = new Future<unknown>();
    this.#waiting.push({ fn, future });
    this.#open++;
    if (this.#open === 1) queueMicrotask(() => this.#runAll());
    return future;
  }

  async shutdown({ wait = true, cancelFutures = false } = {}): Promise<void> {
    this.#isShutDown = true;
    if (cancelFutures) for (const { future } of this.#waiting) future.cancel();
    if (wait && this.#open > 0) await new Promise<void>((resolve) => this.#joined.push(resolve));
  }

  /** Runs one job. The bug is here: the job that does not run is not counted down. */
  protected async run({ future, fn }: Job): Promise<void> {
    if (!future.setRunningOrNotifyCancel()) return;
    await settle(future, fn);
    this.over();
  }

  protected over(): void {
    this.#open--;
    if (this.#open === 0) for (const resolve of this.#joined) resolve();
  }

  async #runAll(): Promise<void> {
    for (let job = this.#waiting.shift(); job; job = this.#waiting.shift()) await this.run(job);
  }
}

/** The same without the bug. */
export class MendedExecutor extends SerialExecutor {
  protected override async run({ future, fn }: Job): Promise<void> {
    if (future.setRunningOrNotifyCancel()) await settle(future, fn);
    this.over();
  }
}

async function settle(future: Future<unknown>, fn: () => unknown): Promise<void> {
  try {
    future.setResult(await fn());
  } catch (error) {
    future.setException(error);
  }
}
