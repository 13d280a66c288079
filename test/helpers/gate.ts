/**
 * How a test of real processes waits: on facts, never on time.
 *
 * A gate is a directory of the test's own. A task arrives at it (`holdUntil(gate.path)`, from the fixture
 * `conformance-a-gate.js`), which leaves one file with its pid; the test sees that with `await gate.reached()`. The task
 * goes on when the test calls `gate.open()`, which leaves a file too. Both sides poll at a few milliseconds with a
 * deadline, so a broken pool fails the test with a sentence instead of a time-out of the runner.
 *
 * ```ts
 * const { holdUntil } = tasksFrom<GateTasks>(fixture('conformance-a-gate.js'));
 * const gate = makeGate();
 * const future = pool.submit(holdUntil, gate.path, 'value');
 * await gate.reached();            // the call is being executed, in process gate.pids()[0]
 * gate.open();                     // every task that holds here, now or later, goes on
 * expect(await future).toBe('value');
 * ```
 *
 * The other functions wait for a fact in the same manner: `until` (anything), `processGone` (a pid), `collected` (a
 * WeakRef under --expose-gc), `runScript` (a program that must end by itself).
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** Long enough for a loaded machine, shorter than the runner's own limit, so that ours is the sentence that is read. */
const DEADLINE = 15_000;
const PAUSE = 3;

/** What `conformance-a-gate.js` exports, for `tasksFrom<GateTasks>(fixture('conformance-a-gate.js'))`. */
export interface GateTasks {
  /** Arrives at the gate and returns `value` once it is open; the worker's event loop stays free meanwhile. */
  holdUntil<T>(path: string, value?: T): Promise<T>;
  /** As `holdUntil`, but blocks the worker's thread: no signal handler, no event runs. */
  blockUntil<T>(path: string, value?: T): T;
  /** Arrives at the gate, waits until it is open, then throws `new Error(message)`. */
  failAfter(path: string, message: string): Promise<never>;
  /** Arrives at the gate and returns at once. */
  touch<T>(path: string, value?: T): T;
}

export interface Gate {
  /** What the task is given; a plain string, so it travels as an argument. */
  readonly path: string;
  /** Lets every task that holds at this gate go on, now and later. */
  open(): void;
  /** Resolves once `count` calls have arrived (1 unless told). */
  reached(count?: number): Promise<void>;
  /** The process of each arrival, in no particular order; a process that arrived twice is there twice. */
  pids(): number[];
}

/** A directory that lives as long as the running test. */
export function scratch(): string {
  const directory = mkdtempSync(join(tmpdir(), 'procfutures-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A closed gate, removed when the test ends (which lets a task that still holds there fail instead of staying). */
export function makeGate(directory: string = scratch(), name = 'gate'): Gate {
  const path = join(directory, name);
  mkdirSync(path);
  const arrivals = () => readdirSync(path).filter((file) => file.startsWith('reached-'));
  return {
    path,
    open: () => writeFileSync(join(path, 'open'), ''),
    reached: (count = 1) =>
      until(
        () => arrivals().length >= count,
        () => `${count} arrival(s) at the gate, seen ${arrivals().length}`,
      ),
    pids: () => arrivals().map((file) => Number(file.split('-')[1])),
  };
}

/**
 * Resolves once `fact` holds; looks again every few milliseconds.
 *
 * @throws Error naming `what` was waited for, once the deadline (ms) is over.
 */
export async function until(fact: () => boolean, what: string | (() => string), deadline = DEADLINE): Promise<void> {
  const end = performance.now() + deadline;
  while (!fact()) {
    if (performance.now() > end) {
      throw new Error(`waited ${deadline} ms in vain for ${typeof what === 'string' ? what : what()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

/** The value of `promise`, or an error naming `what` once the deadline is over: a hang becomes a sentence. */
export async function soon<T>(promise: PromiseLike<T>, what: string, deadline = DEADLINE): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} had not settled after ${deadline} ms`)), deadline);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether a process is there and runs; a zombie (a killed orphan that nobody reaps) counts as gone. */
export function processAlive(pid: number): boolean {
  if (existsSync('/proc/self/stat')) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
    } catch {
      return false;
    }
  }
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Resolves once the process no longer runs. */
export function processGone(pid: number): Promise<void> {
  return until(() => !processAlive(pid), `the end of process ${pid}`);
}

/**
 * Resolves once what the WeakRef points to was collected. The runner starts these tests with --expose-gc.
 *
 * A turn of the event loop between two collections is needed: a WeakRef holds its target until the current job ends.
 */
export async function collected(reference: WeakRef<WeakKey>, what: string, deadline = DEADLINE): Promise<void> {
  const end = performance.now() + deadline;
  do {
    await new Promise(setImmediate);
    globalThis.gc!();
    if (reference.deref() === undefined) return;
  } while (performance.now() < end);
  throw new Error(`${what} was not collected within ${deadline} ms: something still refers to it`);
}

export interface ScriptEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a fixture program in a Node of its own and resolves when it has ended and its output is complete. `onStart` gets
 * its pid. A program that outlives the deadline is killed and reported with what it had printed. With `detached` it leads a
 * process group of its own, which a test can signal as a terminal would: `process.kill(-pid, 'SIGINT')`.
 */
export async function runScript(
  script: URL,
  args: readonly string[] = [],
  {
    deadline = DEADLINE,
    detached = false,
    onStart,
  }: { deadline?: number; detached?: boolean; onStart?: (pid: number) => void } = {},
): Promise<ScriptEnd> {
  const child = spawn(process.execPath, ['--expose-gc', fileURLToPath(script), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached,
  });
  let stdout = '';
  let stderr = '';
  let late = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
    // A grandchild may hold the pipes open; without this the run would wait for it instead of telling what happened.
    child.stdout.destroy();
    child.stderr.destroy();
  }, deadline);
  try {
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode, exitSignal) => resolve([exitCode, exitSignal]));
      if (child.pid !== undefined) onStart?.(child.pid);
    });
    if (late) {
      throw new Error(`${script.pathname} had not ended after ${deadline} ms; stdout: ${stdout} stderr: ${stderr}`);
    }
    return { code, signal, stdout, stderr };
  } finally {
    clearTimeout(timer);
  }
}
