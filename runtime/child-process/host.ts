/**
 * `WorkerHost` over `node:child_process`.
 *
 * Calls are written when the code that submits them has run, many to a frame. The parent gets no global side effects:
 * no signal handlers, no `cluster`, no listener on its standard streams.
 */
// Not the globals: those may be fake, in the tests of a user, and calls would never be written.
import { clearImmediate, clearInterval, clearTimeout, setImmediate, setInterval, setTimeout } from 'node:timers';
import type { Ending } from '../../machines/effects.ts';
import type { Observation } from '../../machines/events.ts';
import type { WorkerId } from '../../machines/vocabulary.ts';
import type { Call, HostFactory, WorkerHost } from '../host.ts';
import type { ResolvedOptions } from '../options.ts';
import { ShellGuard } from './orphan-guard.ts';
import { WorkerProcess } from './worker-process.ts';

/** A host that starts processes as the options say. */
export function childProcessHost(options: ResolvedOptions): HostFactory {
  return (emit) => new ChildProcessHost(options, emit);
}

/** Kept for the same reason; `import` from `node:process` would open the standard streams, and cost 6 ms. */
const { nextTick } = process;

/** Half the longest delay that a timer keeps: it only has to be there. */
const FOREVER_MS = 2 ** 30;

class ChildProcessHost implements WorkerHost {
  readonly #options: ResolvedOptions;
  readonly #emit: (event: Observation) => void;
  readonly #workers = new Map<WorkerId, WorkerProcess>();
  readonly #timers = new Map<WorkerId, { readonly timer: NodeJS.Timeout; last?: NodeJS.Immediate }>();
  readonly #guard = new ShellGuard();
  /** Workers with calls that are not written yet. */
  readonly #unwritten = new Set<WorkerProcess>();
  #keepAlive: NodeJS.Timeout | undefined;

  constructor(options: ResolvedOptions, emit: (event: Observation) => void) {
    this.#options = options;
    this.#emit = emit;
  }

  spawn(id: WorkerId): void {
    try {
      const worker = new WorkerProcess(id, this.#options, this.#emit);
      this.#workers.set(id, worker);
      if (!worker.isGuarded && worker.pid !== undefined) this.#guard.add(worker.pid);
    } catch (cause) {
      // Some failures are thrown, others become an 'error' event: all become the same event here, and never at once.
      nextTick(this.#emit, { type: 'spawnFailed', worker: id, cause });
    }
  }

  send(id: WorkerId, call: Call): void {
    const worker = this.#workers.get(id);
    if (!worker) return;
    worker.add(call);
    // After all promise jobs that are due, so that calls made by many of them share a frame. An immediate would come
    // later, and costs a call that is awaited by itself a tenth of its way.
    if (this.#unwritten.size === 0) nextTick(() => this.#flush());
    this.#unwritten.add(worker);
  }

  end(id: WorkerId, how: Ending): void {
    this.#workers.get(id)?.end(how);
  }

  timer(id: WorkerId, ms: number | undefined): void {
    const former = this.#timers.get(id);
    clearTimeout(former?.timer);
    clearImmediate(former?.last);
    this.#timers.delete(id);
    if (ms === undefined || !this.#workers.has(id)) return;
    const fire = (): void => {
      this.#timers.delete(id);
      this.#emit({ type: 'timerFired', worker: id });
    };
    // After one more look at the pipes: this process may have been busy for longer than the time allowed, and what came
    // meanwhile (a worker that is ready, a result that is readable) wins.
    const lookFirst = (): void => {
      running.last = setImmediate(fire);
    };
    const running: { timer: NodeJS.Timeout; last?: NodeJS.Immediate } = { timer: setTimeout(lookFirst, ms).unref() };
    this.#timers.set(id, running);
  }

  release(id: WorkerId): void {
    this.timer(id, undefined);
    const worker = this.#workers.get(id);
    if (!worker) return;
    this.#workers.delete(id);
    this.#unwritten.delete(worker);
    worker.release();
    if (!worker.isGuarded && worker.pid !== undefined) this.#guard.remove(worker.pid);
    if (this.#workers.size > 0) return;
    this.#guard.close();
    if (this.#keepAlive?.hasRef() === false) this.hold(false);
  }

  hold(on: boolean): void {
    if (on) {
      this.#keepAlive ??= setInterval(() => {}, FOREVER_MS);
      this.#keepAlive.ref();
    } else if (this.#workers.size > 0) {
      // Kept for the next call: one timer for many bursts.
      this.#keepAlive?.unref();
    } else {
      clearInterval(this.#keepAlive);
      this.#keepAlive = undefined;
    }
  }

  #flush(): void {
    const workers = [...this.#unwritten];
    this.#unwritten.clear();
    for (const worker of workers) {
      try {
        worker.flush();
      } catch (cause) {
        // A defect of ours must not starve the other workers, nor surface as an uncaught exception of the user's.
        this.#emit({ type: 'internalFailure', cause });
      }
    }
  }
}
