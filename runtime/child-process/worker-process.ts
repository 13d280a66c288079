/**
 * One child process: two private pipes, and whatever Node tells of it, as events.
 *
 * Two pipes, not one: with a duplex socket a write to a dead worker (EPIPE) destroyed the results that were still
 * readable in 13 of 15 kills; with two, none. Everything is unref'd: only the pool's `hold` keeps the process alive.
 *
 * What Node does, and what follows here
 * - `exit` may come before, between or after the last data: it is reported as it comes, and so is the end of the
 *   results.
 * - `close` waits for every pipe, grandchildren included: not used
 *   (https://nodejs.org/api/child_process.html#event-close).
 * - `error` before `spawn` means that no `exit` will come; after a failed spawn (EMFILE) `stdio` is undefined.
 */
import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Ending } from '../../machines/effects.ts';
import type { Observation } from '../../machines/events.ts';
import type { WorkerId } from '../../machines/vocabulary.ts';
import type { Call } from '../host.ts';
import type { ResolvedOptions } from '../options.ts';
import { encodeFrame, type Frame, FrameReader, type JsonValue, ProtocolError, Segments } from '../wire/frames.ts';
import { BOOT, FAULT, READY, RESULTS, STOP, STRIDE } from '../wire/messages.ts';
import { encodeArgs } from '../wire/value.ts';
import { explainSpawnError, spawn, workerCommand } from './command.ts';
import { guardedCommand } from './orphan-guard.ts';
import { Outbox, TaskTable } from './outbox.ts';
import { decodeFault, decodeOutcome, uncopyableArguments } from './outcome.ts';

type Unrefable = { unref?(): void };
type Emit = (event: Observation) => void;

/** How much of a piped stderr is kept for the error message, in characters. */
const STDERR_TAIL = 4096;

/** A worker as the operating system has it. */
export class WorkerProcess {
  readonly #id: WorkerId;
  readonly #emit: Emit;
  readonly #child: ChildProcess;
  readonly #tasks = new TaskTable();
  readonly #outbox = new Outbox(this.#tasks);
  readonly #reader = new FrameReader((frame) => this.#receive(frame));
  #stderr = '';
  /** Whether a kernel-level guard ends it with this process; else somebody has to be told its pid. */
  readonly isGuarded: boolean;

  /** @throws what `spawn` or the copying of `initArgs` throws; there is no process then */
  constructor(id: WorkerId, options: ResolvedOptions, emit: Emit) {
    this.#id = id;
    this.#emit = emit;
    const boot = this.#bootFrame(options);
    const command = workerCommand(options.workerOptions);
    const { file, args, isGuarded } = guardedCommand(command);
    this.isGuarded = isGuarded;
    this.#child = spawn(file, args, {
      env: command.env as NodeJS.ProcessEnv,
      cwd: command.cwd,
      // A session of its own: Ctrl-C at the terminal reaches the parent alone, the boot window included.
      detached: true,
      windowsHide: true,
      stdio: [...command.stdio, 'pipe', 'pipe'],
    });
    this.#listen(command.cwd);
    this.#write(boot);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  add(call: Call): void {
    this.#outbox.add(call);
  }

  /** Writes all calls that were added. */
  flush(): void {
    const reject = (work: number, outcome: Extract<Observation, { type: 'callRejected' }>['outcome']): void =>
      this.#emit({ type: 'callRejected', worker: this.#id, work, outcome });
    for (const chunks of this.#outbox.frames(reject)) this.#write(chunks);
  }

  end(how: Ending): void {
    if (how !== 'stop') {
      // Between a spawn that failed and Node telling so, kill() would signal pid 0: our own process group.
      if (this.#child.pid !== undefined) this.#child.kill(how);
      return;
    }
    this.flush();
    this.#write(encodeFrame(STOP, null, new Segments()));
  }

  /** Closes what is left; nothing is reported from here on. */
  release(): void {
    this.#child.removeAllListeners();
    this.#child.on('error', ignore);
    for (const stream of this.#child.stdio ?? []) {
      stream?.removeAllListeners();
      stream?.on('error', ignore);
      stream?.destroy();
    }
  }

  #bootFrame(options: ResolvedOptions): Uint8Array[] {
    const segments = new Segments();
    const { initializer, initArgs } = options;
    let args: JsonValue;
    try {
      args = encodeArgs(initArgs, segments);
    } catch (cause) {
      throw uncopyableArguments(initArgs, cause, 'initArgs');
    }
    const ref = initializer ? this.#tasks.refOf(initializer) : null;
    return encodeFrame(BOOT, [this.#id, ref, args], segments);
  }

  #listen(cwd: string | URL | undefined): void {
    const worker = this.#id;
    const child = this.#child;
    let hasSpawned = false;
    child.unref();
    child.on('spawn', () => {
      hasSpawned = true;
      this.#emit({ type: 'spawned', worker, pid: child.pid as number });
    });
    child.on('error', (cause) => {
      // After 'spawn' it says that a signal could not be sent; whether the process ends shows all the same.
      if (hasSpawned) return;
      // Its pipes end too, but nobody may hear of a worker that never was.
      this.release();
      this.#emit({ type: 'spawnFailed', worker, cause: explainSpawnError(cause, cwd) });
    });
    child.on('exit', (code, signal) => {
      const report = (): void => this.#emit({ type: 'exited', worker, code, signal, stderr: this.#stderr });
      // What it wrote to a piped stderr is in the kernel by now and is read in the next turn.
      if (child.stderr) setImmediate(report);
      else report();
    });
    const calls = child.stdio?.[3] as (Writable & Readable & Unrefable) | undefined;
    const results = child.stdio?.[4] as (Readable & Unrefable) | undefined;
    if (calls) listenToCalls(calls, () => this.#emit({ type: 'callsEnded', worker }));
    if (results) this.#listenToResults(results);
    for (const stream of [child.stdin, child.stdout, child.stderr] as (Unrefable | null | undefined)[])
      stream?.unref?.();
    child.stdin?.on('error', ignore);
    child.stdout?.on('error', ignore).resume();
    child.stderr?.on('error', ignore).on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-STDERR_TAIL);
    });
  }

  #listenToResults(results: Readable & Unrefable): void {
    const worker = this.#id;
    results.unref?.();
    let hasEnded = false;
    const ended = (): void => {
      if (hasEnded) return;
      hasEnded = true;
      this.#emit({ type: 'channelEnded', worker });
    };
    const read = (chunk: Buffer): void => {
      try {
        this.#reader.push(chunk);
      } catch (error) {
        // A task wrote to our descriptor: nothing that follows can be trusted. Only the end is of interest now.
        results.off('data', read).resume();
        const cause =
          error instanceof ProtocolError ? error : new ProtocolError('A worker sent garbage.', { cause: error });
        this.#emit({ type: 'faulted', worker, cause });
      }
    };
    results.on('data', read);
    // A reset tells no more than an end: the process is gone or has closed its side.
    results.on('error', ended).on('end', ended).on('close', ended);
  }

  #write(chunks: Uint8Array[]): void {
    const calls = this.#child.stdio?.[3] as Writable | undefined;
    if (!calls?.writable) return;
    for (const chunk of chunks) calls.write(chunk);
  }

  #receive(frame: Frame): void {
    const worker = this.#id;
    const { kind, payload, segments } = frame;
    switch (kind) {
      case READY:
        return this.#emit({ type: 'ready', worker });
      case FAULT:
        return this.#emit({ type: 'faulted', worker, cause: decodeFault(payload, segments) });
      case RESULTS:
        if (!Array.isArray(payload) || payload.length % STRIDE !== 0)
          throw new ProtocolError('A worker sent results of the wrong shape.');
        for (let at = 0; at < payload.length; at += STRIDE) {
          const work: JsonValue = payload[at];
          const micros: JsonValue = payload[at + 1];
          if (typeof work !== 'number' || typeof micros !== 'number')
            throw new ProtocolError('A worker sent a result of the wrong shape.');
          const outcome = this.#outbox.complete(work, decodeOutcome(payload[at + 2], payload[at + 3], segments));
          this.#emit({ type: 'outcomeReceived', worker, work, outcome, micros });
        }
        return;
      default:
        throw new ProtocolError(`A worker sent a frame of an unknown kind: ${kind}.`);
    }
  }
}

/** The pipe is written only; but its end shows that the worker closed its side, and a reset must not be uncaught. */
function listenToCalls(calls: Writable & Readable & Unrefable, report: () => void): void {
  let hasEnded = false;
  const ended = (): void => {
    if (hasEnded) return;
    hasEnded = true;
    report();
  };
  calls.unref?.();
  calls.on('error', ended).on('end', ended).on('close', ended);
  calls.resume();
}

function ignore(): void {}
