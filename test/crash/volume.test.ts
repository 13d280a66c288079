import { BrokenProcessPool, type Future, inline, type ProcessPoolExecutor } from 'procfutures';
import { describe, expect, it } from 'vitest';
import { collected, processGone } from '../helpers/gate.ts';
import { newPool } from '../helpers/pool.ts';
import { runProgram } from './programs.ts';
import { expectBrokenPool, makeStage, type Stage, withPool } from './support.ts';
import { tasks } from './tasks.ts';

/** Brings up two workers and returns their pids. */
async function twoWorkers(pool: ProcessPoolExecutor, stage: Stage): Promise<[number, number]> {
  const held = ['one', 'two'].map((name) => pool.submit(tasks.hold, stage.path, name));
  const pids: [number, number] = [await stage.mark('one'), await stage.mark('two')];
  stage.open();
  await Promise.all(held);
  return pids;
}

describe('(+) many calls', () => {
  it(
    '(+) 100,000 small calls with a worker killed half-way: every future settles exactly once',
    { timeout: 60_000 },
    () =>
      withPool({ maxWorkers: 2 }, async (pool, stage) => {
        const count = 100_000;
        const pids = await twoWorkers(pool, stage);
        const callbacks = new Uint8Array(count);
        let settled = 0;
        let allSettled = () => {};
        const all = new Promise<void>((resolve) => {
          allSettled = resolve;
        });
        const futures: Future<number>[] = [];
        for (let index = 0; index < count; index++) {
          const future = pool.submit(tasks.double, index);
          future.addDoneCallback(() => {
            callbacks[index]! += 1;
            settled += 1;
            if (settled === count / 2) process.kill(pids[0], 'SIGKILL');
            if (settled === count) allSettled();
          });
          futures.push(future);
        }
        await all;
        await pool.shutdown();
        expect(
          callbacks.every((times) => times === 1),
          'each callback ran exactly once',
        ).toBe(true);
        const errors = new Set<unknown>();
        let wrong = 0;
        for (const [index, future] of futures.entries()) {
          const error = future.exceptionNow();
          if (error === null) wrong += future.resultNow() === 2 * index ? 0 : 1;
          else errors.add(error);
        }
        expect(wrong, 'wrong results').toBe(0);
        const { succeeded, failed } = pool.stats();
        expect(succeeded - 2).toBeGreaterThanOrEqual(count / 2);
        expect(failed, 'the kill came while calls were open').toBeGreaterThan(0);
        expect(succeeded - 2 + failed).toBe(count);
        expect(errors.size, 'each failure has its own error').toBe(failed);
        for (const error of errors) {
          if (!(error instanceof BrokenProcessPool) || error.pid !== pids[0] || error.signal !== 'SIGKILL') throw error;
        }
        await expectBrokenPool(pool, { spawnedAtMost: 2, pids }, () => pool.submit(tasks.pid));
      }),
  );

  it.each(['forwards', 'backwards', 'shutdown'])(
    '(+) a million pending futures are submitted, cancelled (%s) and collected in a heap of 512 MB',
    { timeout: 120_000 },
    async (order) => {
      const stage = makeStage();
      const ended = await runProgram('crash-program-million.js', {
        args: [stage.path, order],
        execArgv: ['--max-old-space-size=512', '--expose-gc'],
        deadline: 110_000,
      });
      expect(ended).toMatchObject({ code: 0, signal: null, stderr: '', timedOut: false });
      expect(ended.lines).toEqual([
        { pending: 1_000_000 },
        { cancelled: 1_000_000 },
        { heldMegabytes: expect.any(Number) },
      ]);
      const { heldMegabytes } = ended.lines[2] as { heldMegabytes: number };
      expect(heldMegabytes, 'megabytes kept after the last reference was dropped').toBeLessThan(40);
    },
  );
});

describe('(+) what a settled future releases, while its pool lives on', () => {
  // Each helper makes the object in a frame of its own, so that no variable of the test keeps it alive.
  const withArgument = (submit: (argument: object) => Future<unknown>) => {
    const argument = { text: 'x'.repeat(1_000) };
    return { future: submit(argument), reference: new WeakRef(argument) };
  };

  it('(+) its arguments, though the future itself is kept', () =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      const { future, reference } = withArgument((argument) => pool.submit(tasks.echo, argument));
      await future;
      await collected(reference, 'the argument of a call that succeeded');
      expect(future.done()).toBe(true);
    }));

  it('(+) its arguments when it was cancelled, though the call in front of it still runs', () =>
    withPool({ maxWorkers: 1 }, async (pool, stage) => {
      const front = pool.submit(tasks.hold, stage.path, 'front');
      await stage.mark('front');
      const { future, reference } = withArgument((argument) => pool.submit(tasks.echo, argument));
      expect(future.cancel()).toBe(true);
      await collected(reference, 'the argument of a call that was cancelled');
      expect(front.running()).toBe(true);
      expect(future.cancelled()).toBe(true);
    }));

  it('(+) its arguments when it could not be copied', () =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      const { future, reference } = withArgument((argument) => pool.submit(tasks.echo, { argument, bad: () => {} }));
      expect(await future.exception()).toBeInstanceOf(Error);
      await collected(reference, 'the argument of a call that could not be sent');
      expect(future.done()).toBe(true);
    }));

  it('(+) its arguments when the pool broke', () =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      const guilty = pool.submit(tasks.exit, 1);
      const { future, reference } = withArgument((argument) => pool.submit(tasks.echo, argument));
      expect(await future.exception()).toBeInstanceOf(BrokenProcessPool);
      await collected(reference, 'the argument of a call that the break failed');
      expect([guilty.done(), future.done()]).toEqual([true, true]);
    }));

  it('(+) its result and itself', () =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      const references = await (async () => {
        const future = pool.submit(tasks.echo, { result: true });
        return [new WeakRef((await future) as object), new WeakRef<object>(future)] as const;
      })();
      await collected(references[0], 'the result of a future that nobody holds');
      await collected(references[1], 'a settled future that nobody holds');
      expect(pool.state).toBe('running');
    }));

  it('(+) its error', () =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      const reference = await (async () =>
        new WeakRef((await pool.submit(tasks.fail, 'custom').exception()) as object))();
      await collected(reference, 'the error of a future that nobody holds');
      expect(pool.state).toBe('running');
    }));

  it('(+) its task', () =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      const { future, reference } = (() => {
        const task = inline(() => 42);
        return { future: pool.submit(task), reference: new WeakRef<object>(task) };
      })();
      expect(await future).toBe(42);
      await collected(reference, 'an inline task that was run once');
      expect(future.done()).toBe(true);
    }));

  it('(+) its callbacks', () =>
    withPool({ maxWorkers: 1 }, async (pool) => {
      const { future, reference } = (() => {
        const seen = { times: 0 };
        const submitted = pool.submit(tasks.double, 1);
        submitted.addDoneCallback(() => {
          seen.times += 1;
        });
        return { future: submitted, reference: new WeakRef(seen) };
      })();
      await future;
      await collected(reference, 'what a callback that has run refers to');
      expect(future.done()).toBe(true);
    }));
});

describe('(+) an executor that nobody references', () => {
  it('(+) is collected after shutdown', async () => {
    const reference = await (async () => {
      const pool = newPool({ maxWorkers: 1 });
      await pool.submit(tasks.double, 1);
      await pool.shutdown();
      return new WeakRef(pool);
    })();
    await collected(reference, 'an executor that was shut down');
  });

  it('(+) is collected while its calls run, finishes what it accepted, then ends its workers', async () => {
    const stage = makeStage();
    const { futures, reference } = (() => {
      const pool = newPool({ maxWorkers: 1 });
      return {
        futures: [pool.submit(tasks.hold, stage.path, 'held'), pool.submit(tasks.pid)],
        reference: new WeakRef(pool),
      };
    })();
    const pid = await stage.mark('held');
    await collected(reference, 'an executor with two open futures');
    stage.open();
    expect(await Promise.all(futures)).toEqual([pid, pid]);
    await processGone(pid);
  });

  it('(+) a program that drops its executor gets its results and ends by itself', async () => {
    const stage = makeStage();
    const ended = await runProgram('crash-program-dropped.js', { args: [stage.path], execArgv: ['--expose-gc'] });
    expect(ended).toMatchObject({ code: 0, signal: null, stderr: '', timedOut: false });
    expect(ended.lines).toEqual([{ collected: true }, { same: true }, { workersAlive: 0 }]);
  });
});
