/**
 * What the conformance tests of the executor share: a pool that never outlives its test, and the task modules.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ProcessPoolExecutor, type ProcessPoolExecutorOptions, tasksFrom } from 'procfutures';
import { expect } from 'vitest';
import { type GateTasks, soon } from '../helpers/gate.ts';
import { fixture, newPool } from '../helpers/pool.ts';

/** What `conformance-a-tasks.js` exports. */
export interface ConformanceTasks {
  pow(base: number, exponent: number): number;
  /** Quotient and remainder; throws RangeError for a divisor of 0, as CPython's divmod does in its own class. */
  divmod(dividend: number, divisor: number): [number, number];
  /** Its arguments, as they arrived. */
  capture(...args: unknown[]): unknown[];
  pid(): number;
  makeObject(index: number): { index: number; padding: string };
  /** Throws `1`, `null`, `undefined`, ... whatever it is told. */
  throwValue(value: unknown): never;
  /** Throws, whatever the item, an error that is a TimeoutError by name and code and none of ours. */
  throwTimeout(item: number): never;
  throwTraceback(): never;
  throwWithCause(): never;
  /** `process.exit(code)`, or dies by the signal. */
  exit(code: number): never;
  die(signal: NodeJS.Signals): never;
  /** Writes `arg-collected` (or `result-collected`) into the directory once the object was collected in the worker. */
  watchArgument(argument: object, directory: string): void;
  watchResult(directory: string): { padding: string };
  /** Holds at the gate; SIGTERM leaves the file `sigterm` in the directory and is otherwise ignored. */
  holdAgainstSigterm(gate: string): Promise<void>;
  /** Holds at the gate; SIGTERM leaves the file `sigterm` in the directory and ends the process. */
  holdUntilSigterm(gate: string): Promise<void>;
  /** Once `directory/doomed` exists, kills the process that calls it; used as an initializer. */
  dieIfDoomed(directory: string): void;
  throwFromInitializer(): never;
  /** Makes the exit of this process hold at the gate, with its thread blocked. */
  holdAtExit(gate: string): number;
  /** Arrives at the gate, waits until it is open, leaves the file `returning` and returns that many bytes. */
  bytesAfter(gate: string, size: number): Promise<Uint8Array>;
  /** An array nested that deep: more than a stack of the usual size can read back. */
  nested(depth: number): unknown[];
  throwHostile(kind: string): never;
  readGlobal(name: string): unknown;
  notAFunction: number;
}

export const gateTasks = tasksFrom<GateTasks>(fixture('conformance-a-gate.js'));
export const tasks = tasksFrom<ConformanceTasks>(fixture('conformance-a-tasks.js'));

/** Runs `use` with a new pool; whatever the test did or failed to do, no worker outlives it. */
export async function withPool<T>(
  options: ProcessPoolExecutorOptions,
  use: (pool: ProcessPoolExecutor) => Promise<T>,
): Promise<T> {
  const pool = newPool(options);
  try {
    return await use(pool);
  } finally {
    await pool.killWorkers();
  }
}

/** What a future (or a promise) failed with; a value, or a deadline that passes, fails the test. */
export function failureOf(outcome: PromiseLike<unknown>): Promise<unknown> {
  return soon(
    outcome.then(
      (value) => expect.unreachable(`expected a failure, got the value ${String(value)}`),
      (error: unknown) => error,
    ),
    'the failure of a future',
  );
}

/** A node for `workerOptions.execPath` that the test can take away again. */
export function nodeWrapper(directory: string): string {
  const path = join(directory, 'node-wrapper');
  writeFileSync(path, `#!/bin/sh\nexec '${process.execPath}' "$@"\n`, { mode: 0o755 });
  return path;
}

/** Workers of a pool that exist in whatever state. */
export function workerCount(pool: ProcessPoolExecutor): number {
  return Object.values(pool.stats().workers).reduce((sum, count) => sum + count, 0);
}

/**
 * Waits for a fact with the thread of this process blocked, so that nothing else can happen in it meanwhile: no byte of a
 * worker is read, no exit is seen.
 */
export function blockThreadUntil(fact: () => boolean, what: string): void {
  const end = performance.now() + 15_000;
  const nothing = new Int32Array(new SharedArrayBuffer(4));
  while (!fact()) {
    if (performance.now() > end) throw new Error(`waited 15000 ms in vain for ${what}`);
    Atomics.wait(nothing, 0, 0, 3);
  }
}

/**
 * The names that open the test titles of these files (`'test_x: sentence'`, `'O7: sentence'`, `'test_x (%s): sentence'`),
 * sorted, for the checks that nothing was forgotten.
 */
export function coveredNames(folder: string, ...files: string[]): string[] {
  const names = files.flatMap((file) => {
    const source = readFileSync(new URL(file, folder), 'utf8');
    return [...source.matchAll(/\(\s*['"`](test_\w+|O\d+)(?: \(%\w\))?: /g)].map((match) => match[1]!);
  });
  return [...new Set(names)].sort();
}
