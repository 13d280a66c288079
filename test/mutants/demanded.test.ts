/**
 * What mutants of the catalogue break and no other test would see: each of these was written for one that survived.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { asCompleted, Future, inline, wait } from 'procfutures';
import { type CoreEvent, compiledCharts, createCore, createWork, step } from 'procfutures/machines';
import { expect, it, vi } from 'vitest';
import { collected, processGone } from '../helpers/gate.ts';
import { newPool } from '../helpers/pool.ts';

it('two waits for one future are both told, although the first one leaves while it is told', async () => {
  const future = new Future<string>();
  const other = new Future<string>();
  const first = wait([future, other], { returnWhen: 'FIRST_COMPLETED' });
  const second = wait([future]).then(({ done }) => [...done]);
  future.setResult('done');
  expect([...(await first).done]).toEqual([future]);
  const later = new Promise((resolve) => setImmediate(resolve, 'still waiting'));
  expect(await Promise.race([second, later]), 'the second wait was skipped').toEqual([future]);
});

it('a deadline counts by the monotonic clock: the one on the wall may be set back', async () => {
  const pool = newPool({ maxWorkers: 1 });
  const clock = vi.spyOn(Date, 'now').mockReturnValue(1_000_000);
  try {
    const forEver = inline(() => new Promise<never>(() => {}));
    const results = pool.map(forEver, [1], { timeout: 50 });
    clock.mockReturnValue(0);
    await expect(results.next()).rejects.toMatchObject({ code: 'ERR_PROCFUTURES_TIMEOUT' });
  } finally {
    clock.mockRestore();
    await pool.killWorkers();
  }
});

it('an asCompleted() that is left early can be collected while its futures are open', async () => {
  const future = new Future<string>();
  const left = (() => {
    const iteration = asCompleted([future]);
    void iteration.return();
    return new WeakRef(iteration);
  })();
  await collected(left, 'an iteration that nobody reads, while its future is open');
  expect(future.done()).toBe(false);
});

it('a large call that its worker does not read does not hold up killWorkers()', async () => {
  const pool = newPool({ maxWorkers: 1 });
  const pid = await pool.submit(inline(() => process.pid));
  process.kill(pid, 'SIGSTOP');
  const length = inline((bytes: Uint8Array) => bytes.length);
  const future = pool.submit(length, new Uint8Array(32 * 1024 * 1024));
  // Written in the next turn, as far as the pipe takes it.
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
  expect(future.running()).toBe(true);
  await pool.killWorkers();
  await processGone(pid);
  expect(future.exceptionNow()).toMatchObject({ code: 'ERR_PROCFUTURES_BROKEN_PROCESS_POOL' });
});

it('the pipes of a dead worker are closed, although a grandchild holds their other ends', async () => {
  const before = sockets();
  const pool = newPool({ maxWorkers: 1 });
  const spawnHolder = inline(() => {
    const { spawn } = process.getBuiltinModule('node:child_process');
    const holder = spawn('sleep', ['60'], { stdio: ['ignore', 'ignore', 'ignore', 3, 4], detached: true });
    holder.unref();
    return holder.pid as number;
  });
  const holder = await pool.submit(spawnHolder);
  try {
    expect(sockets().filter((it) => !before.includes(it)).length, 'one pipe for calls, one for results').toBe(2);
    await pool.killWorkers();
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    expect(
      sockets().filter((it) => !before.includes(it)),
      'pipes of the released worker that are still open',
    ).toEqual([]);
  } finally {
    process.kill(holder, 'SIGKILL');
    await processGone(holder);
  }
});

it('news of a worker that is gone is counted, and changes nothing for the one in its place', () => {
  const core = createCore({ maxWorkers: 1, maxTasksPerChild: 1, prefetchHorizon: 0 });
  const tell = (event: CoreEvent) => step(core, event);
  for (let call = 0; call < 2; call++) tell({ type: 'submit', work: createWork(compiledCharts, 0, undefined) });
  const start = (worker: number) => {
    tell({ type: 'spawned', worker, pid: 4711 + worker });
    tell({ type: 'ready', worker });
  };
  start(0);
  tell({ type: 'outcomeReceived', worker: 0, work: 0, outcome: { kind: 'result', value: 1 }, micros: 1 });
  tell({ type: 'exited', worker: 0, code: 0, signal: null, stderr: '' });
  start(1);
  const before = structuredClone([...core.workers]);
  expect(before).toMatchObject([[1, { held: [{ id: 1 }] }]]);
  expect(tell({ type: 'timerFired', worker: 0 })).toEqual([]);
  expect(tell({ type: 'channelEnded', worker: 0 })).toEqual([]);
  expect(
    tell({ type: 'outcomeReceived', worker: 0, work: 1, outcome: { kind: 'result', value: 2 }, micros: 1 }),
  ).toEqual([]);
  expect([...core.workers]).toEqual(before);
  expect(core.counts.dropped).toBe(3);
});

it('a function that is known to be short, and then exits, loses none of the results before', async () => {
  const pool = newPool({ maxWorkers: 1, prefetchHorizon: 1_000 });
  const count = 2_000;
  const exitsAt = inline((at: number, number: number) => (number === at ? process.exit(3) : number));
  for (let warm = 0; warm < 10; warm++) await pool.submit(exitsAt, -1, warm);
  const futures = Array.from({ length: count + 1 }, (_, number) => pool.submit(exitsAt, count, number));
  await wait(futures);
  await pool.shutdown();
  const lost = futures.slice(0, count).filter((future) => future.exceptionNow() !== null);
  expect(lost.length, 'results of calls that had returned').toBe(0);
  expect(futures[count]?.exceptionNow()).toMatchObject({ exitCode: 3 });
});

it('a call that is written to a dead worker takes no result along that is still to be read', async () => {
  const pool = newPool({ maxWorkers: 1, prefetchHorizon: 10_000 });
  const run = inline(async (isLast: boolean) => {
    if (!isLast) return 'first';
    await new Promise((resolve) => setTimeout(resolve, 50));
    setImmediate(() => process.kill(process.pid, 'SIGKILL'));
    return 'written before the end';
  });
  const pid = await pool.submit(inline(() => process.pid));
  for (let warm = 0; warm < 10; warm++) await pool.submit(run, false);
  const first = pool.submit(run, false);
  const second = pool.submit(run, true);
  let third: Future<string> | undefined;
  first.addDoneCallback(() => {
    expect(second.running(), 'both were sent together').toBe(true);
    // Nothing is read meanwhile: the worker writes its last result and dies.
    while (!/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8')));
    third = pool.submit(run, false);
  });
  expect(await second).toBe('written before the end');
  await pool.shutdown();
  expect(third?.exceptionNow()).toMatchObject({ code: 'ERR_PROCFUTURES_BROKEN_PROCESS_POOL', signal: 'SIGKILL' });
});

it('arguments that the worker cannot build again fail their own future, and the worker is kept', async () => {
  const pool = newPool({ maxWorkers: 1 });
  const pid = inline((_value?: unknown) => process.pid);
  const before = await pool.submit(pid);
  // v8 writes it, and cannot read what it wrote.
  const error = new Error('nested in itself');
  error.cause = error;
  const unreadable = pool.submit(pid, { deep: [error] });
  const failure = await unreadable.exception();
  expect(failure).toMatchObject({ code: 'ERR_PROCFUTURES_SERIALIZATION', side: 'argument', path: 'args' });
  expect(await pool.submit(pid)).toBe(before);
  await pool.shutdown();
});

/** The pipes of this process, by the names that the system gives them. */
function sockets(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)].filter((link) => link.startsWith('socket:'));
    } catch {
      // The descriptor that lists the folder.
      return [];
    }
  });
}
