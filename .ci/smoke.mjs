/**
 * The packed package at work, on the Node that runs this: plain `node smoke.mjs`, beside `smoke-tasks.mjs`, in a project
 * that has it installed. Prints a line for each check; ends with code 0 only if all hold.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  asCompleted,
  BrokenProcessPool,
  CancelledError,
  ExecutorShutdownError,
  inline,
  ProcessPoolExecutor,
  SerializationError,
  tasksFrom,
  wait,
} from 'procfutures';

const { square, whoAmI, fail, holdUntil, killSelf, echo } = tasksFrom(new URL('./smoke-tasks.mjs', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'procfutures-smoke-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
process.on('warning', (warning) => {
  console.error(`FAILED on Node ${process.versions.node}: a process warning`, warning);
  process.exit(1);
});

const checks = {
  async 'submit runs a task in another process'() {
    await withPool(new ProcessPoolExecutor({ maxWorkers: 2 }), async (pool) => {
      assert.equal(await pool.submit(square, 12), 144);
      const info = await pool.submit(whoAmI);
      assert.equal(info.isWorker, true);
      assert.notEqual(info.pid, process.pid);
    });
  },

  async 'map gives results in order, chunked or not'() {
    await withPool(new ProcessPoolExecutor({ maxWorkers: 2 }), async (pool) => {
      const numbers = Array.from({ length: 500 }, (_, i) => i);
      for (const chunksize of [1, 32]) {
        assert.deepEqual(
          await pool.map(square, numbers, { chunksize }).collect(),
          numbers.map((n) => n * n),
        );
      }
    });
  },

  async 'wait and asCompleted see every future'() {
    await withPool(new ProcessPoolExecutor({ maxWorkers: 2 }), async (pool) => {
      const futures = [1, 2, 3].map((n) => pool.submit(square, n));
      const seen = new Set();
      for await (const future of asCompleted(futures)) seen.add(future.resultNow());
      assert.deepEqual(seen, new Set([1, 4, 9]));
      const { done, notDone } = await wait(futures);
      assert.deepEqual([done.size, notDone.size], [3, 0]);
    });
  },

  async 'values arrive as they were'() {
    await withPool(new ProcessPoolExecutor({ maxWorkers: 1 }), async (pool) => {
      const value = {
        map: new Map([[1, new Date(0)]]),
        big: 2n ** 70n,
        bytes: Buffer.alloc(300_000, 7),
        none: undefined,
      };
      assert.deepEqual(await pool.submit(echo, value), value);
      await assert.rejects(
        pool.submit(echo, { callback() {} }).result(),
        (error) => error instanceof SerializationError && error.side === 'argument' && /callback/.test(error.path),
      );
    });
  },

  async 'an error arrives with its class, properties and cause'() {
    await withPool(new ProcessPoolExecutor({ maxWorkers: 1 }), async (pool) => {
      const error = await pool.submit(fail, 'out of range').exception();
      assert(error instanceof RangeError);
      assert.deepEqual([error.message, error.code, error.cause.message], ['out of range', 'E_SMOKE', 'the cause']);
    });
  },

  async 'a function in place is a task'() {
    await withPool(new ProcessPoolExecutor({ maxWorkers: 1 }), async (pool) => {
      assert.equal(
        await pool.submit(
          inline((a, b) => a + b),
          'in',
          'line',
        ),
        'inline',
      );
    });
  },

  async 'cancel takes back what has not started, and only that'() {
    await withPool(new ProcessPoolExecutor({ maxWorkers: 1, prefetchHorizon: 0 }), async (pool) => {
      const gate = join(scratch, 'gate');
      const running = pool.submit(holdUntil, gate, 'went on');
      const queued = pool.submit(square, 2);
      await until(() => running.running(), 'the first call runs');
      assert.equal(queued.cancel(), true);
      assert.equal(running.cancel(), false);
      await assert.rejects(queued.result(), CancelledError);
      writeFileSync(gate, '');
      assert.equal(await running, 'went on');
    });
  },

  async 'a worker that kills itself breaks the pool, and every future says so'() {
    const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
    const futures = [pool.submit(killSelf), ...[1, 2, 3].map((n) => pool.submit(square, n))];
    for (const error of await Promise.all(futures.map((future) => future.exception()))) {
      assert(error instanceof BrokenProcessPool);
      assert.equal(error.signal, 'SIGKILL');
    }
    assert.throws(() => pool.submit(square, 1), BrokenProcessPool);
    await pool.shutdown();
  },

  async 'a worker killed from outside while idle breaks the pool'() {
    const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
    const { pid } = await pool.submit(whoAmI);
    process.kill(pid, 'SIGKILL');
    // 'broken' only until the last process is reaped, then 'joined'; what submit throws tells the two ends apart.
    await until(() => pool.state !== 'running', 'the end of the pool');
    assert.throws(
      () => pool.submit(square, 1),
      (error) => error instanceof BrokenProcessPool && error.pid === pid,
    );
    await pool.shutdown();
    assert.equal(running(pid), false);
  },

  async 'killWorkers ends all at once'() {
    const pool = new ProcessPoolExecutor({ maxWorkers: 2, prefetchHorizon: 0 });
    const futures = [1, 2, 3].map((n) => pool.submit(holdUntil, join(scratch, 'never'), n));
    await until(() => futures[1].running(), 'two calls run');
    await pool.killWorkers();
    const errors = await Promise.all(futures.slice(0, 2).map((future) => future.exception()));
    assert(errors.every((error) => error instanceof BrokenProcessPool));
    assert.equal(futures[2].cancelled(), true);
    assert.throws(() => pool.submit(square, 1), ExecutorShutdownError);
  },

  async 'shutdown finishes what was accepted and refuses what comes later'() {
    const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
    const futures = [1, 2, 3].map((n) => pool.submit(square, n));
    const joined = pool.shutdown();
    assert.throws(() => pool.submit(square, 4), ExecutorShutdownError);
    await joined;
    assert.deepEqual(
      futures.map((future) => future.resultNow()),
      [1, 4, 9],
    );
    assert.equal(pool.state, 'joined');
  },

  async 'tasks in TypeScript run where Node strips types'() {
    if (!process.features.typescript) return 'this Node does not';
    const url = new URL('./smoke-typed-tasks.ts', import.meta.url);
    writeFileSync(url, 'export const twice = (n: number): number => 2 * n;\n');
    await withPool(new ProcessPoolExecutor({ maxWorkers: 1 }), async (pool) => {
      assert.equal(await pool.submit(tasksFrom(url).twice, 21), 42);
    });
  },

  async 'no child process is left'() {
    await until(
      () => children().length === 0,
      () => `the end of ${children()}`,
    );
  },
};

/** What `await using` does, for a Node that does not have it. */
async function withPool(pool, body) {
  try {
    await body(pool);
  } finally {
    await pool[Symbol.asyncDispose]();
  }
}

/** Waits for a fact, with a deadline. */
async function until(fact, what) {
  for (const end = performance.now() + 20_000; !fact(); await pause(5)) {
    if (performance.now() > end) throw new Error(`in vain for 20 s: ${typeof what === 'string' ? what : what()}`);
  }
}

function stat(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state, parent: Number(parent) };
  } catch {
    return undefined;
  }
}

function running(pid) {
  if (existsSync('/proc/self/stat')) return !['Z', 'X', undefined].includes(stat(pid)?.state);
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function children() {
  if (!existsSync('/proc/self/stat')) return [];
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && stat(name)?.parent === process.pid);
}

let current = 'the start';
const watchdog = setTimeout(() => {
  console.error(`FAILED on Node ${process.versions.node}: nothing moved for 90 s in: ${current}`);
  process.exit(1);
}, 90_000);

for (const [name, check] of Object.entries(checks)) {
  current = name;
  watchdog.refresh();
  try {
    const remark = await check();
    console.log(`  ok: ${name}${remark === undefined ? '' : ` (${remark})`}`);
  } catch (error) {
    console.error(`FAILED on Node ${process.versions.node}: ${name}\n`, error);
    process.exit(1);
  }
}
clearTimeout(watchdog);
console.log(`${Object.keys(checks).length} checks hold on Node ${process.versions.node}`);
