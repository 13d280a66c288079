/**
 * What a pool promises, whatever its processes are: the same assertions on real and on simulated ones.
 */
import {
  BrokenProcessPool,
  CancelledError,
  ExecutorShutdownError,
  type Future,
  type ProcessPoolExecutor,
  SerializationError,
  wait,
} from 'procfutures';
import { beforeEach, describe, expect, it } from 'vitest';
import { type HostWorld, tasks } from './host-world.ts';

/** Describes the pools of the worlds that `makeWorld` makes. */
export function describePool(makeWorld: () => HostWorld): void {
  let world: HostWorld;
  beforeEach(() => {
    world = makeWorld();
  });
  const failureOf = (future: Future<unknown>): Promise<unknown> => world.soon(future.exception(), 'a failure');
  const resultOf = <T>(future: Future<T>): Promise<T> => world.soon(future.result(), 'a result');

  describe('a call', () => {
    it('is PENDING until a worker is ready, RUNNING until it ends, then FINISHED', async () => {
      const pool = world.newPool({ maxWorkers: 1 });
      const gate = world.newGate();
      expect(pool.stats()).toMatchObject({ spawned: 0, pending: 0, running: 0 });
      const future = pool.submit(tasks.hold, gate.path, 'value');
      expect(future.state).toBe('PENDING');
      expect(pool.stats()).toMatchObject({ spawned: 1, pending: 1, running: 0 });
      await gate.reached();
      expect(future.state).toBe('RUNNING');
      expect(pool.stats()).toMatchObject({ pending: 0, running: 1, workers: { busy: 1 } });
      gate.open();
      expect(await resultOf(future)).toBe('value');
      expect(future.state).toBe('FINISHED');
      expect(pool.stats()).toMatchObject({ succeeded: 1, running: 0, workers: { busy: 0, idle: 1 } });
    });

    it('that throws fails its future with that error, and no other', async () => {
      const pool = world.newPool({ maxWorkers: 1 });
      const [before, failing, after] = [
        pool.submit(tasks.echo, 1),
        pool.submit(tasks.fail, 'no'),
        pool.submit(tasks.echo, 2),
      ];
      expect(await failureOf(failing)).toMatchObject({ name: 'RangeError', message: 'no' });
      expect([await resultOf(before), await resultOf(after)]).toEqual([1, 2]);
      expect(pool.state).toBe('running');
    });

    it('whose argument or result cannot be copied fails alone', async () => {
      const pool = world.newPool({ maxWorkers: 1 });
      const argument = pool.submit(tasks.echo, () => {});
      const result = pool.submit(tasks.returnFunction);
      const neighbour = pool.submit(tasks.echo, 'fine');
      expect(await resultOf(neighbour)).toBe('fine');
      for (const [future, side] of [
        [argument, 'argument'],
        [result, 'result'],
      ] as const) {
        const error = await failureOf(future as Future<unknown>);
        expect(error).toBeInstanceOf(SerializationError);
        expect(error).toMatchObject({ side });
      }
      expect(pool.stats()).toMatchObject({ succeeded: 1, failed: 2, lost: 0, spawned: 1 });
    });

    it('starts in the order of submit, one at a time on one worker', async () => {
      const pool = world.newPool({ maxWorkers: 1, prefetchHorizon: 0 });
      const ended: number[] = [];
      const running: number[] = [];
      const futures = Array.from({ length: 12 }, (_, n) => pool.submit(tasks.echo, n));
      futures.forEach((future) => {
        future.addDoneCallback((it) => {
          ended.push(it.resultNow() as number);
          running.push(pool.stats().running);
        });
      });
      await world.soon(wait(futures), 'all calls');
      expect(ended).toEqual(Array.from({ length: 12 }, (_, n) => n));
      expect(Math.max(...running)).toBe(1);
    });

    it('that is known to be short is sent ahead of the running one, within the horizon', async () => {
      const pool = world.newPool({ maxWorkers: 1, prefetchHorizon: 1_000 });
      const running: number[] = [];
      const futures = Array.from({ length: 40 }, (_, n) => pool.submit(tasks.echo, n));
      for (const future of futures) future.addDoneCallback(() => running.push(pool.stats().running));
      await world.soon(wait(futures), 'all calls');
      expect(Math.max(...running)).toBeGreaterThan(5);
      expect(futures.map((future) => future.resultNow())).toEqual(futures.map((_, n) => n));
    });
  });

  describe('cancel', () => {
    it('is true for a call that has not started, which then never does, and false for one that runs', async () => {
      const pool = world.newPool({ maxWorkers: 1 });
      const gate = world.newGate();
      const running = pool.submit(tasks.hold, gate.path, 'ran');
      const pending = pool.submit(tasks.hold, gate.path, 'must not run');
      const last = pool.submit(tasks.echo, 'last');
      await gate.reached();
      const told: string[] = [];
      pending.addDoneCallback(() => told.push(pending.state));
      expect([running.cancel(), pending.cancel(), pending.cancel()]).toEqual([false, true, true]);
      expect(told).toEqual(['CANCELLED_AND_NOTIFIED']);
      gate.open();
      expect([await resultOf(running), await resultOf(last)]).toEqual(['ran', 'last']);
      expect(gate.pids()).toHaveLength(1);
      await expect(world.soon(pending.result(), 'the cancellation')).rejects.toBeInstanceOf(CancelledError);
      expect(pool.stats()).toMatchObject({ cancelled: 1, succeeded: 2 });
    });
  });

  describe('map', () => {
    it('gives results in the order of the items, in chunks or not', async () => {
      const pool = world.newPool({ maxWorkers: 2 });
      const items = Array.from({ length: 23 }, (_, n) => `item ${n}`);
      for (const chunksize of [1, 5, 23])
        expect(
          await world.soon(pool.map(tasks.echo, items, { chunksize }).collect(), `chunks of ${chunksize}`),
        ).toEqual(items);
    });

    it('an item fails alone, within a chunk too, and iteration goes on after it', async () => {
      const pool = world.newPool({ maxWorkers: 1 });
      const results = pool.map(tasks.echo as never, ['first', () => {}, 'third'], { chunksize: 3 });
      expect(await world.soon(results.next(), 'the first item')).toMatchObject({ value: 'first' });
      await expect(world.soon(results.next(), 'the second item')).rejects.toBeInstanceOf(SerializationError);
      expect(await world.soon(results.next(), 'the third item')).toMatchObject({ value: 'third' });
      expect(await world.soon(results.next(), 'the end')).toMatchObject({ done: true });
    });
  });

  describe('shutdown', () => {
    it('refuses new calls at once, finishes the accepted ones, and resolves when all workers are gone', async () => {
      const pool = world.newPool({ maxWorkers: 2 });
      const gate = world.newGate();
      const futures = [1, 2, 3].map((n) => pool.submit(tasks.hold, gate.path, n));
      await gate.reached(2);
      const ended = pool.shutdown();
      expect(pool.state).toBe('shuttingDown');
      expect(() => pool.submit(tasks.echo, 4)).toThrow(ExecutorShutdownError);
      gate.open();
      await world.soon(ended, 'shutdown');
      expect(futures.map((future) => future.resultNow())).toEqual([1, 2, 3]);
      expectJoined(pool);
      expect(() => pool.submit(tasks.echo, 4)).toThrow(ExecutorShutdownError);
    });

    it('with wait false resolves at once, and all is finished all the same', async () => {
      const pool = world.newPool({ maxWorkers: 1 });
      const future = pool.submit(tasks.echo, 'done later');
      await pool.shutdown({ wait: false });
      expect(future.done()).toBe(false);
      expect(await resultOf(future)).toBe('done later');
      await world.soon(pool.shutdown(), 'a second shutdown, that waits');
      expectJoined(pool);
    });

    it('with cancelFutures cancels what has not started and finishes what has', async () => {
      const pool = world.newPool({ maxWorkers: 1 });
      const gate = world.newGate();
      const running = pool.submit(tasks.hold, gate.path, 'ran');
      const pending = [1, 2].map((n) => pool.submit(tasks.echo, n));
      await gate.reached();
      const first = pool.shutdown();
      const second = pool.shutdown({ cancelFutures: true });
      expect(pending.map((future) => future.state)).toEqual(['CANCELLED_AND_NOTIFIED', 'CANCELLED_AND_NOTIFIED']);
      expect(running.state).toBe('RUNNING');
      gate.open();
      await world.soon(Promise.all([first, second]), 'both shutdowns');
      expect(running.resultNow()).toBe('ran');
      expectJoined(pool);
    });

    it('of a pool that never started a worker resolves at once', async () => {
      const pool = world.newPool();
      await world.soon(pool.shutdown(), 'shutdown');
      expect(pool.stats()).toMatchObject({ spawned: 0 });
      expectJoined(pool);
    });
  });

  describe('a forced stop', () => {
    it('terminateWorkers cancels what waits, fails what runs, and resolves when all workers are gone', async () => {
      const lines: string[] = [];
      const pool = world.newPool({ maxWorkers: 1, trace: (line) => lines.push(line) });
      const gate = world.newGate();
      const running = pool.submit(tasks.hold, gate.path);
      const pending = pool.submit(tasks.echo, 1);
      await gate.reached();
      const ended = pool.terminateWorkers();
      expect(pending.cancelled()).toBe(true);
      expect(running.exceptionNow()).toBeInstanceOf(BrokenProcessPool);
      expect(running.exceptionNow()).toMatchObject({ pid: gate.pids()[0], activity: 'running' });
      await world.soon(ended, 'terminateWorkers');
      expectJoined(pool);
      expect(exitsIn(lines)).toMatchObject([{ code: null, signal: 'SIGTERM' }]);
      expect(pool.stats()).toMatchObject({ cancelled: 1, failed: 1, lost: 0 });
      expect(() => pool.submit(tasks.echo, 1)).toThrow(ExecutorShutdownError);
    });

    it('terminateWorkers sends SIGKILL after killGrace to a worker that ignores SIGTERM', async () => {
      const lines: string[] = [];
      const pool = world.newPool({ maxWorkers: 1, killGrace: 50, trace: (line) => lines.push(line) });
      const gate = world.newGate();
      const future = pool.submit(tasks.holdAgainstSigterm, gate.path);
      await gate.reached();
      await world.soon(pool.terminateWorkers(), 'terminateWorkers');
      expect(future.exceptionNow()).toBeInstanceOf(BrokenProcessPool);
      expect(exitsIn(lines)).toMatchObject([{ code: null, signal: 'SIGKILL' }]);
    });

    it('killWorkers sends SIGKILL at once, also after terminateWorkers', async () => {
      const lines: string[] = [];
      const pool = world.newPool({ maxWorkers: 2, killGrace: 1_000_000, trace: (line) => lines.push(line) });
      const gate = world.newGate();
      const futures = [1, 2].map(() => pool.submit(tasks.holdAgainstSigterm, gate.path));
      await gate.reached(2);
      const terminated = pool.terminateWorkers();
      await world.soon(pool.killWorkers(), 'killWorkers');
      await world.soon(terminated, 'terminateWorkers');
      for (const future of futures) expect(future.exceptionNow()).toBeInstanceOf(BrokenProcessPool);
      expect(exitsIn(lines)).toMatchObject([{ signal: 'SIGKILL' }, { signal: 'SIGKILL' }]);
      expectJoined(pool);
    });
  });

  describe('a pool breaks', () => {
    it('of a killed worker: every unsettled future fails with an error of its own, and submit is closed', async () => {
      const pool = world.newPool({ maxWorkers: 2 });
      const gate = world.newGate();
      const done = pool.submit(tasks.echo, 'before');
      expect(await resultOf(done)).toBe('before');
      const futures = [1, 2, 3, 4].map((n) => pool.submit(tasks.hold, gate.path, n));
      await gate.reached(2);
      const [pid] = gate.pids() as [number];
      world.kill(pid);
      const errors = await Promise.all(futures.map(failureOf));
      expect(new Set(errors).size).toBe(4);
      for (const error of errors) {
        expect(error).toBeInstanceOf(BrokenProcessPool);
        expect(error).toMatchObject({ pid, exitCode: null, signal: 'SIGKILL', activity: 'running' });
      }
      expect(() => pool.submit(tasks.echo, 5)).toThrow(BrokenProcessPool);
      await world.soon(pool.shutdown(), 'shutdown');
      expectJoined(pool);
      expect(() => pool.submit(tasks.echo, 5)).toThrow(BrokenProcessPool);
      expect(done.resultNow()).toBe('before');
      expect(pool.stats()).toMatchObject({ succeeded: 1, failed: 4, lost: 1 });
    });

    it.each([0, 7])('of process.exit(%i) in a task', async (code) => {
      const pool = world.newPool({ maxWorkers: 1 });
      const error = await failureOf(pool.submit(tasks.exit, code));
      expect(error).toBeInstanceOf(BrokenProcessPool);
      expect(error).toMatchObject({ exitCode: code, signal: null, activity: 'running' });
      await world.soon(pool.shutdown(), 'shutdown');
    });

    it('of an uncaught error in a worker, which is the cause', async () => {
      const pool = world.newPool({ maxWorkers: 1 });
      const error = await failureOf(pool.submit(tasks.crash, 'outside any call'));
      expect(error).toBeInstanceOf(BrokenProcessPool);
      expect(error).toMatchObject({ exitCode: 1, cause: { name: 'RangeError', message: 'outside any call' } });
      await world.soon(pool.shutdown(), 'shutdown');
    });

    it('of garbage in place of results', async () => {
      const pool = world.newPool({ maxWorkers: 1 });
      const error = await failureOf(pool.submit(tasks.garble, world.newGate().path));
      expect(error).toBeInstanceOf(BrokenProcessPool);
      expect((error as Error).cause).toBeInstanceOf(Error);
      await world.soon(pool.shutdown(), 'shutdown');
    });

    it('of a worker that dies while it is idle', async () => {
      const pool = world.newPool({ maxWorkers: 1 });
      const pid = await resultOf(pool.submit(tasks.pid));
      world.kill(pid);
      await world.until(() => pool.state !== 'running', 'the pool to notice');
      expect(() => pool.submit(tasks.echo, 1)).toThrow(BrokenProcessPool);
      expect(() => pool.submit(tasks.echo, 1)).toThrow(/while it was idle/);
      await world.soon(pool.shutdown(), 'shutdown');
    });

    it('of a worker that cannot be started, with the reason as cause', async () => {
      const pool = world.newPoolThatCannotSpawn({ maxWorkers: 2 });
      const error = await failureOf(pool.submit(tasks.echo, 1));
      expect(error).toBeInstanceOf(BrokenProcessPool);
      expect(error).toMatchObject({ pid: undefined, activity: 'starting' });
      expect((error as Error).cause).toBeInstanceOf(Error);
      await world.soon(pool.shutdown(), 'shutdown');
      expectJoined(pool);
    });

    it('of an initializer that throws, with its error as cause', async () => {
      const pool = world.newPool({ maxWorkers: 1, initializer: tasks.failToPrepare, initArgs: ['not today'] });
      const error = await failureOf(pool.submit(tasks.echo, 1));
      expect(error).toBeInstanceOf(BrokenProcessPool);
      expect(error).toMatchObject({ activity: 'starting', cause: { name: 'RangeError', message: 'not today' } });
      await world.soon(pool.shutdown(), 'shutdown');
    });

    it('of an initializer that never ends, after bootTimeout', async () => {
      const pool = world.newPool({ maxWorkers: 1, initializer: tasks.neverPrepare, bootTimeout: 250 });
      const error = await failureOf(pool.submit(tasks.echo, 1));
      expect(error).toBeInstanceOf(BrokenProcessPool);
      expect((error as Error).message).toMatch(/not ready within bootTimeout/);
      await world.soon(pool.shutdown(), 'shutdown');
    });

    it('but a result that its worker had written before it died counts', async () => {
      const pool = world.newPool({ maxWorkers: 1, prefetchHorizon: 1_000 });
      // Known to be short from now on, so that the next two calls travel together.
      for (let n = 0; n < 4; n++) await resultOf(pool.submit(tasks.echo, n));
      const gate = world.newGate();
      const written = pool.submit(tasks.echo, 'written');
      const held = pool.submit(tasks.holdLater, gate.path);
      const waiting = pool.submit(tasks.echo, 'never run');
      await world.killUnread(gate);
      expect([written.state, held.state, waiting.state]).toEqual(['RUNNING', 'RUNNING', 'PENDING']);
      expect(await resultOf(written)).toBe('written');
      expect(await failureOf(held)).toMatchObject({ signal: 'SIGKILL', activity: 'running' });
      expect(waiting.exceptionNow()).toBeInstanceOf(BrokenProcessPool);
      await world.soon(pool.shutdown(), 'shutdown');
    });
  });

  describe('an initializer', () => {
    it('has ended in each worker before its first call', async () => {
      const gate = world.newGate();
      const pool = world.newPool({ maxWorkers: 2, initializer: tasks.prepare, initArgs: [gate.path] });
      const inside = world.newGate();
      const futures = [1, 2].map(() => pool.submit(tasks.hold, inside.path));
      await inside.reached(2);
      expect(gate.pids().toSorted()).toEqual(inside.pids().toSorted());
      inside.open();
      await world.soon(wait(futures), 'both calls');
    });
  });

  describe('maxTasksPerChild', () => {
    it('replaces a worker after so many calls, whose results are all read', async () => {
      const pool = world.newPool({ maxWorkers: 1, maxTasksPerChild: 2 });
      const pids = await Promise.all([1, 2, 3, 4, 5].map(() => resultOf(pool.submit(tasks.pid))));
      expect(pids.map((pid) => pids.indexOf(pid))).toEqual([0, 0, 2, 2, 4]);
      expect(pool.stats()).toMatchObject({ spawned: 3, lost: 0, succeeded: 5 });
    });
  });

  describe('a callback', () => {
    it('may submit, cancel and shut down', async () => {
      const pool = world.newPool({ maxWorkers: 1, prefetchHorizon: 0 });
      const first = pool.submit(tasks.echo, 1);
      const second = pool.submit(tasks.echo, 2);
      const third = pool.submit(tasks.echo, 3);
      let fourth: Future<unknown> | undefined;
      let ended: Promise<void> | undefined;
      first.addDoneCallback(() => {
        fourth = pool.submit(tasks.echo, 4);
        third.cancel();
        ended = pool.shutdown();
      });
      await resultOf(first);
      await world.soon(ended ?? Promise.reject(new Error('the callback has not run')), 'shutdown');
      expect([second.resultNow(), third.state, fourth?.resultNow()]).toEqual([2, 'CANCELLED_AND_NOTIFIED', 4]);
      expectJoined(pool);
    });

    it('that runs while the pool breaks finds it broken, and is refused', async () => {
      const pool = world.newPool({ maxWorkers: 2 });
      const gate = world.newGate();
      const futures = [1, 2, 3].map((n) => pool.submit(tasks.hold, gate.path, n));
      const seen: unknown[] = [];
      for (const future of futures)
        future.addDoneCallback(() => {
          seen.push(
            pool.state,
            futures.every((it) => it.done()),
          );
          try {
            pool.submit(tasks.echo, 1);
          } catch (error) {
            seen.push((error as Error).name);
          }
        });
      await gate.reached(2);
      world.kill(gate.pids()[0] as number);
      await Promise.all(futures.map(failureOf));
      expect(seen).toEqual(Array(3).fill(['broken', true, 'BrokenProcessPool']).flat());
      await world.soon(pool.shutdown(), 'shutdown');
    });
  });
}

function expectJoined(pool: ProcessPoolExecutor): void {
  expect(pool.state).toBe('joined');
  expect(Object.values(pool.stats().workers).reduce((sum, count) => sum + count, 0)).toBe(0);
  expect(pool.stats()).toMatchObject({ pending: 0, running: 0 });
}

/** The exits that a trace has recorded. */
function exitsIn(lines: readonly string[]): object[] {
  return lines
    .slice(1)
    .map((line) => (JSON.parse(line) as { event: { type: string } }).event)
    .filter(({ type }) => type === 'exited');
}
