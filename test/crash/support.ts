import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BrokenProcessPool, type Future, type ProcessPoolExecutor, type ProcessPoolExecutorOptions } from 'procfutures';
import { expect } from 'vitest';
import { processAlive, scratch, until } from '../helpers/gate.ts';
import { newPool } from '../helpers/pool.ts';

/** The state letter of a process (`R`, `S`, `T`, `Z`, ...), or null when it has been reaped. */
export function processState(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2)[0] ?? null; // the name in parentheses may hold anything
  } catch {
    return null;
  }
}

export const untilDead = (pids: readonly number[]): Promise<void> =>
  until(
    () => !pids.some(processAlive),
    () => `the end of each of the processes ${pids.filter(processAlive).join(', ')}`,
  );

/** A directory through which tasks and their test see each other: a gate whose arrivals have names. */
export interface Stage {
  readonly path: string;
  /** Lets every task that holds on this stage go on. */
  open(): void;
  /** Resolves with the number that a task left under that name: its pid, where nothing else is said. */
  mark(name: string): Promise<number>;
  has(name: string): boolean;
  read(name: string): string;
  /** Writes a file into the stage and returns its path. */
  write(name: string, text: string): string;
  /** Writes an executable script that stands in for node as `workerOptions.execPath`. */
  script(name: string, body: string): string;
}

export function makeStage(): Stage {
  const path = scratch();
  const write = (name: string, text: string) => {
    writeFileSync(join(path, name), text);
    return join(path, name);
  };
  const has = (name: string) => existsSync(join(path, name));
  const read = (name: string) => readFileSync(join(path, name), 'utf8');
  return {
    path,
    has,
    read,
    write,
    open: () => void write('open', ''),
    mark: async (name) => {
      await until(() => has(name), `the task "${name}" to start`);
      const number = Number(read(name));
      // it will be signalled: 0 would be the runner's own process group
      if (!(number > 1)) throw new Error(`The task "${name}" left "${read(name)}" where its pid was expected.`);
      return number;
    },
    script: (name, body) => {
      chmodSync(write(name, `#!/bin/sh\n${body}\n`), 0o755);
      return join(path, name);
    },
  };
}

/** A pool and a stage for one test; whatever the test did to them, no worker and no file outlives it. */
export async function withPool<T>(
  options: ProcessPoolExecutorOptions | ((stage: Stage) => ProcessPoolExecutorOptions),
  use: (pool: ProcessPoolExecutor, stage: Stage) => Promise<T>,
): Promise<T> {
  const stage = makeStage();
  const pool = newPool(typeof options === 'function' ? options(stage) : options);
  try {
    return await use(pool, stage);
  } finally {
    await pool.killWorkers();
  }
}

/** What a broken pool must say about the process that died. */
export interface Death {
  readonly pid?: number | readonly number[];
  readonly signal?: string | null;
  readonly exitCode?: number | null;
  readonly activity?: 'starting' | 'idle' | 'running';
}

const activityInWords = { starting: /start|boot|ready|initiali/i, idle: /idle/i, running: /runn/i };

/** Judges one `BrokenProcessPool`: fields and text tell which process died, how, and doing what. */
export function expectDeath(error: unknown, death: Death): BrokenProcessPool {
  expect(error).toBeInstanceOf(BrokenProcessPool);
  const broken = error as BrokenProcessPool;
  expect(broken).toMatchObject({ name: 'BrokenProcessPool', code: 'ERR_PROCFUTURES_BROKEN_PROCESS_POOL' });
  if (death.pid !== undefined) {
    expect([death.pid].flat(), 'the pid of the process that died').toContain(broken.pid);
    expect(broken.message, 'the text names the process').toContain(String(broken.pid));
  }
  if (death.signal !== undefined) {
    expect(broken.signal).toBe(death.signal);
    if (death.signal !== null) expect(broken.message, 'the text names the signal').toContain(death.signal);
  }
  if (death.exitCode !== undefined) {
    expect(broken.exitCode).toBe(death.exitCode);
    if (death.exitCode !== null) {
      expect(broken.message, 'the text names the exit code').toMatch(new RegExp(`code ${death.exitCode}\\b`));
    }
  }
  if (death.activity !== undefined) {
    expect(broken.activity).toBe(death.activity);
    expect(broken.message, 'the text says what it was doing').toMatch(activityInWords[death.activity]);
  }
  return broken;
}

/** Waits for every future to fail by the death of a worker, each with an error object of its own. */
export async function expectAllBroken(
  futures: readonly Future<unknown>[],
  death: Death,
): Promise<readonly BrokenProcessPool[]> {
  const errors = await Promise.all(futures.map((future) => future.exception()));
  const broken = errors.map((error) => expectDeath(error, death));
  expect(new Set(broken).size, 'each future has its own error object').toBe(futures.length);
  return broken;
}

/** The pool refuses work as a broken one does, has respawned nothing, and its processes can be waited for. */
export async function expectBrokenPool(
  pool: ProcessPoolExecutor,
  workers: { spawnedAtMost: number; pids: readonly number[] },
  submit: () => unknown,
): Promise<void> {
  expect(submit, 'submit on a broken pool').toThrow(BrokenProcessPool);
  await pool.shutdown();
  expect(pool.state).toBe('joined');
  expect(submit, 'submit on a broken pool that has been joined').toThrow(BrokenProcessPool);
  expect(pool.stats(), 'nothing is left over and nothing was respawned').toMatchObject({
    pending: 0,
    running: 0,
    workers: { spawning: 0, booting: 0, idle: 0, busy: 0, retiring: 0, terminating: 0 },
  });
  expect(pool.stats().spawned).toBeLessThanOrEqual(workers.spawnedAtMost);
  for (const pid of workers.pids) expect(processState(pid), `process ${pid} after shutdown()`).toBeNull();
}

export interface Outcomes<T> {
  readonly values: Map<number, T>;
  readonly errors: Map<number, unknown>;
}

/** Settled futures by their position: results here, exceptions there. */
export async function outcomesOf<T>(futures: readonly Future<T>[]): Promise<Outcomes<T>> {
  const outcomes: Outcomes<T> = { values: new Map(), errors: new Map() };
  for (const [index, future] of futures.entries()) {
    const settled = await future.then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    if ('value' in settled) outcomes.values.set(index, settled.value as T);
    else outcomes.errors.set(index, settled.error);
  }
  return outcomes;
}
