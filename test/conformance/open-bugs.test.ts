/**
 * What newest CPython (3.16) gets wrong in concurrent.futures and ProcessPoolExecutor, one test for each entry O1 to O28
 * of the catalogue that this library was written against: the situation in which CPython hangs, loses a future, breaks
 * the pool or leaves something behind, and what has to happen instead. CPython's issue number stands where there is one;
 * the others were found by experiment. Here: what happens inside one process; open-bugs-processes.test.ts holds those
 * about deaths, signals and the end of the program.
 */
import { Worker } from 'node:worker_threads';
import {
  ALL_COMPLETED,
  asCompleted,
  BrokenProcessPool,
  CancelledError,
  ExecutorShutdownError,
  FIRST_EXCEPTION,
  type Future,
  SerializationError,
  TimeoutError,
  wait,
} from 'procfutures';
import { expect, it } from 'vitest';
import { collected, makeGate, processGone, scratch, soon, until } from '../helpers/gate.ts';
import { expectWarning } from '../helpers/leaks.ts';
import { coveredNames, failureOf, gateTasks, tasks, withPool } from './executor-support.ts';

// O2, gh-136655, gh-87893, gh-109934, gh-92001: shutdown(cancel_futures=True) leaves futures cancelled but not notified,
// so `wait` and `as_completed` block for ever on them.
it('O2: wait and asCompleted are released by shutdown({ cancelFutures: true })', async () => {
  const gate = makeGate();
  await withPool({ maxWorkers: 1, prefetchHorizon: 0 }, async (pool) => {
    const running = pool.submit(gateTasks.holdUntil, gate.path, 'ran');
    const queued = [1, 2, 3].map(() => pool.submit(gateTasks.holdUntil, gate.path));
    await gate.reached();
    const waitingBefore = wait(queued, { returnWhen: ALL_COMPLETED });
    const iterator = asCompleted(queued);
    const first = iterator.next();
    const joined = pool.shutdown({ cancelFutures: true });

    expect(queued.map((future) => future.state)).toEqual(Array(3).fill('CANCELLED_AND_NOTIFIED'));
    expect((await soon(waitingBefore, 'a wait that began before')).done.size).toBe(3);
    const waitingAfter = wait(queued, { returnWhen: FIRST_EXCEPTION });
    expect((await soon(waitingAfter, 'a wait that began after')).done.size).toBe(3);
    const seen: unknown[] = [(await soon(first, 'asCompleted')).value];
    for await (const future of iterator) seen.push(future);
    expect(new Set<unknown>(seen)).toEqual(new Set(queued));

    expect(running.running(), 'a running call is completed, not cancelled').toBe(true);
    gate.open();
    await soon(joined, 'shutdown');
    expect(running.resultNow()).toBe('ran');
  });
});

// O5, cousin of gh-116685: while an argument is being serialised (slowly, and about to fail) the pending calls are
// cancelled; CPython then removes the failed call from a table that is no longer in use, and shutdown hangs.
it('O5: an argument that cannot be serialised, with a shutdown in the middle of it, loses no future', async () => {
  await withPool({ maxWorkers: 1 }, async (pool) => {
    let reads = 0;
    const argument = {
      get value(): never {
        reads += 1;
        void pool.shutdown({ wait: false, cancelFutures: true });
        throw new Error('this value cannot be read');
      },
    };
    const failing = pool.submit(tasks.capture, argument);
    const queued = pool.submit(tasks.pid);
    const failure = await failureOf(failing);
    expect(reads, 'the shutdown must have happened while the argument was serialised').toBeGreaterThan(0);
    expect(failure instanceof SerializationError || failure instanceof CancelledError, String(failure)).toBe(true);
    expect(await failureOf(queued)).toBeInstanceOf(CancelledError);
    await soon(pool.shutdown(), 'shutdown');
    expect(pool.stats()).toMatchObject({ pending: 0, running: 0 });
    expect(pool.state).toBe('joined');
  });
});

// O6: an exception outside of Exception (SystemExit) while arguments are serialised ends CPython's feeder thread: this and
// all later futures pend for ever. Here anything can be thrown.
it('O6: whatever is thrown while arguments are serialised fails that future only', async () => {
  await withPool({ maxWorkers: 1 }, async (pool) => {
    for (const thrown of [undefined, null, 'text', 0, new Error('no'), Symbol('no'), () => {}]) {
      const neighbours = [pool.submit(tasks.pow, 2, 3)];
      const argument = {
        get value() {
          throw thrown;
        },
      };
      const failing = pool.submit(tasks.capture, 1, argument);
      neighbours.push(pool.submit(tasks.pow, 2, 4));
      const failure = await failureOf(failing);
      expect(failure, `throwing ${String(thrown)}`).toBeInstanceOf(SerializationError);
      expect(failure).toMatchObject({ side: 'argument' });
      expect(await soon(Promise.all(neighbours), 'the calls before and after')).toEqual([8, 16]);
    }
    expect(pool.stats()).toMatchObject({ spawned: 1, lost: 0 });
    await soon(pool.shutdown(), 'shutdown');
  });
});

// O7: an exception outside of Exception in a callback, or user code that resolves a running future, kills CPython's manager
// thread: no later future ever settles. loky met it in production.
it('O7: a callback that throws anything, and a future resolved by the user, disturb nothing', async () => {
  expectWarning(/callback/i);
  const gate = makeGate();
  await withPool({ maxWorkers: 1 }, async (pool) => {
    const order: string[] = [];
    const future = pool.submit(tasks.pow, 2, 8);
    for (const thrown of [undefined, null, new Error('from a callback')]) {
      future.addDoneCallback(() => {
        throw thrown;
      });
    }
    future.addDoneCallback(() => order.push('after the throwing ones'));
    expect(await soon(future, 'a future whose callbacks throw')).toBe(256);
    expect(order).toEqual(['after the throwing ones']);

    const mine = pool.submit(gateTasks.holdUntil, gate.path, 'of the worker');
    await gate.reached();
    expect(mine.running()).toBe(true);
    mine.setResult('of the user');
    gate.open();
    expect(await soon(pool.submit(tasks.pow, 2, 9), 'the call after the worker answered')).toBe(512);
    expect(mine.resultNow(), 'the first value stays').toBe('of the user');
    await soon(pool.shutdown(), 'shutdown');
  });
});

// O10: shutdown(cancel_futures=True) followed by a plain shutdown loses the cancel in most runs, and after
// shutdown(wait=False) a later shutdown(wait=True) returns at once although a call is running.
it('O10: a later shutdown weakens no earlier one, and waits although an earlier one did not', async () => {
  const gate = makeGate();
  await withPool({ maxWorkers: 1, prefetchHorizon: 0 }, async (pool) => {
    const running = pool.submit(gateTasks.holdUntil, gate.path, 'ran');
    const queued = pool.submit(gateTasks.holdUntil, gate.path);
    await gate.reached();
    await soon(pool.shutdown({ wait: false, cancelFutures: true }), 'shutdown without waiting');
    let joined = false;
    const waiting = pool.shutdown().then(() => {
      joined = true;
    });
    expect(queued.cancelled(), 'the plain shutdown must not take the cancel back').toBe(true);
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    expect(joined, 'shutdown() must wait for the running call').toBe(false);
    expect(running.running()).toBe(true);
    gate.open();
    await soon(waiting, 'the waiting shutdown');
    expect(running.resultNow()).toBe('ran');
    await processGone(gate.pids()[0]!);
    expect(gate.pids(), 'the cancelled call must not have started').toHaveLength(1);
  });
});

// O11: several threads that call shutdown at once see a sporadic EBADF.
it('O11: six shutdowns at once all resolve, five times over', async () => {
  for (let round = 0; round < 5; round++) {
    await withPool({ maxWorkers: 1 }, async (pool) => {
      const future = pool.submit(tasks.pow, 2, round);
      const shutdowns = [{}, { wait: false }, { cancelFutures: false }, {}, { wait: true }, { wait: false }].map(
        (options) => pool.shutdown(options),
      );
      await soon(Promise.all(shutdowns), `six shutdowns, round ${round}`);
      await soon(pool.shutdown(), 'one more');
      expect(future.resultNow()).toBe(2 ** round);
      expect(pool.state).toBe('joined');
    });
  }
});

// O12, gh-131598: shutdown(wait=True) inside a done-callback raises "cannot join current thread" and leaves references.
it('O12: differs from CPython: shutdown() inside a callback works and resolves when everything is joined', async () => {
  await withPool({ maxWorkers: 2 }, async (pool) => {
    const first = pool.submit(tasks.pid);
    const second = pool.submit(tasks.pow, 2, 8);
    const inCallback = new Promise<void>((resolve, reject) => {
      first.addDoneCallback(() => pool.shutdown().then(resolve, reject));
    });
    await soon(inCallback, 'the shutdown of the callback');
    expect(pool.state).toBe('joined');
    expect(second.resultNow()).toBe(256);
    await processGone(first.resultNow());
  });
});

const HOSTILE = [
  'constructor with required arguments',
  'AggregateError whose errors are a number',
  'name that is an object',
  'getter that throws',
  'stack that throws',
  'cause that is the error itself',
  'property that is a function',
  'proxy whose traps throw',
  'function',
];

// O13, gh-80041, gh-75880: an exception that cannot be rebuilt in the parent (its class needs arguments that were not
// kept) breaks the whole pool.
it('O13: an error of which a piece cannot be sent or rebuilt fails its own future only', async () => {
  await withPool({ maxWorkers: 1 }, async (pool) => {
    for (const kind of HOSTILE) {
      const neighbour = pool.submit(tasks.pow, 2, 8);
      const failure = await failureOf(pool.submit(tasks.throwHostile, kind));
      expect(failure, kind).toBeInstanceOf(Error);
      expect(failure, kind).not.toBeInstanceOf(BrokenProcessPool);
      expect(await soon(neighbour, `the neighbour of: ${kind}`)).toBe(256);
    }
    expect(await failureOf(pool.submit(tasks.throwHostile, HOSTILE[0]!))).toMatchObject({
      name: 'NeedsThreeArguments',
      message: 'one two three',
    });
    expect(pool.stats()).toMatchObject({ spawned: 1, lost: 0 });
    expect(pool.state).toBe('running');
    await pool.shutdown();
  });
});

// O16, gh-105464: the fork start method copies locks that other threads hold, and the child deadlocks. A worker here is
// a fresh process: a parent full of blocked threads changes nothing, and nothing of the parent's heap is in it.
it('O16: a worker starts while threads of the parent hold on, and inherits nothing of the heap', async () => {
  const shared = new Int32Array(new SharedArrayBuffer(4));
  const source = "const { workerData, parentPort } = require('node:worker_threads');\nparentPort.postMessage(0);\n";
  const thread = new Worker(`${source}Atomics.wait(workerData, 0, 0);`, { eval: true, workerData: shared });
  try {
    await new Promise((resolve, reject) => thread.once('message', resolve).once('error', reject));
    Object.assign(globalThis, { ofTheParent: 'not inherited' });
    await withPool({ maxWorkers: 2 }, async (pool) => {
      expect(
        await soon(pool.submit(tasks.readGlobal, 'ofTheParent'), 'a call beside a blocked thread'),
      ).toBeUndefined();
      await soon(pool.shutdown(), 'shutdown');
    });
  } finally {
    Reflect.deleteProperty(globalThis, 'ofTheParent');
    Atomics.notify(shared, 0);
    await thread.terminate();
  }
});

// O21, gh-136578: dropping a map iterator that was read from cancels the rest, dropping one that was never read does not.
// Here dropping never cancels; return(), and so leaving a for-await loop, always does (test_map_close).
it('O21: a dropped map iterator cancels nothing, whether it was read from or not', async () => {
  for (const read of [true, false]) {
    const hold = makeGate();
    const rest = makeGate();
    rest.open();
    await withPool({ maxWorkers: 1, prefetchHorizon: 0 }, async (pool) => {
      const begin = async () => {
        const paths = [rest.path, hold.path, rest.path, rest.path, rest.path];
        const iterator = pool.map(gateTasks.holdUntil, paths);
        if (read) await soon(iterator.next(), 'the first result');
      };
      await begin();
      await hold.reached();
      for (let round = 0; round < 5; round++) {
        await new Promise(setImmediate);
        globalThis.gc!();
      }
      hold.open();
      await soon(pool.shutdown(), 'shutdown');
      expect(rest.pids(), `calls of a dropped iterator that was ${read ? '' : 'not '}read from`).toHaveLength(4);
      expect(pool.stats().cancelled).toBe(0);
    });
  }
});

// O23, gh-131701: after an error, map leaves a reference cycle that keeps the error and the frames it saw.
it('O23: an error that map threw can be collected while the iterator lives on', async () => {
  await withPool({ maxWorkers: 1 }, async (pool) => {
    const results = pool.map(tasks.throwValue, [new Error('first'), new Error('second')]);
    const nextError = async (): Promise<WeakRef<object>> => {
      try {
        await results.next();
      } catch (error) {
        return new WeakRef(error as object);
      }
      return expect.unreachable('the item must throw');
    };
    await collected(await nextError(), 'the error of the first item');
    await collected(await nextError(), 'the error of the second item');
    expect(await results.next()).toEqual({ done: true, value: undefined });
    await pool.shutdown();
  });
});

// O27: three differences between documentation and code: the deadline of as_completed starts at the first iteration
// instead of at the call; map abandons what it has submitted when its input throws; a loop spins while stop tokens do not
// fit into the queue (no queue of bounded size exists here).
it('O27: the deadline of asCompleted starts at the call', async () => {
  const gate = makeGate();
  await withPool({ maxWorkers: 1 }, async (pool) => {
    const future = pool.submit(gateTasks.holdUntil, gate.path);
    await gate.reached();
    const begin = performance.now();
    const iterator = asCompleted([future], { timeout: 1_000 });
    await until(() => performance.now() - begin > 1_000, 'the deadline to pass before the first next()');
    const first = soon(iterator.next(), 'the first next() after the deadline', 500);
    await expect(first, 'a deadline that starts here would need another 1000 ms').rejects.toThrow(TimeoutError);
    gate.open();
    await soon(pool.shutdown(), 'shutdown');
  });
});

it('O27: an input that throws while map submits throws out of map, and nothing that was submitted stays behind', async () => {
  await withPool({ maxWorkers: 1 }, async (pool) => {
    function* failing() {
      yield 1;
      yield 2;
      throw new RangeError('the input ended badly');
    }
    // Taken during the call: the error leaves map, and nobody could read what was submitted.
    for (const options of [{}, { chunksize: 2 }, { buffersize: 5 }]) {
      expect(() => pool.map(tasks.makeObject, failing(), options)).toThrow('the input ended badly');
    }
    await soon(pool.shutdown({ wait: true }), 'shutdown');
    const { pending, running, succeeded, cancelled } = pool.stats();
    expect({ pending, running, succeeded }).toEqual({ pending: 0, running: 0, succeeded: 0 });
    expect(cancelled, 'two calls, one chunk of two, two calls').toBe(5);
  });
  await withPool({ maxWorkers: 1 }, async (pool) => {
    function* failing() {
      yield 1;
      yield 2;
      throw new RangeError('the input ended badly');
    }
    async function* failingLater() {
      yield* failing();
    }
    // Taken as the reader goes on: what came before is delivered, then the error stands in the place of the next item.
    for (const results of [
      pool.map(tasks.makeObject, failing(), { buffersize: 1 }),
      pool.map(tasks.makeObject, failingLater()),
      pool.map(tasks.makeObject, failingLater(), { buffersize: 1 }),
    ]) {
      expect((await soon(results.next(), 'the first result')).value).toMatchObject({ index: 1 });
      expect((await soon(results.next(), 'the second result')).value).toMatchObject({ index: 2 });
      await expect(soon(results.next(), 'the error of the input')).rejects.toThrow('the input ended badly');
      expect(await results.next()).toEqual({ done: true, value: undefined });
    }
    await soon(pool.shutdown(), 'shutdown');
    expect(pool.stats()).toMatchObject({ succeeded: 6, cancelled: 0 });
  });
});

// O28: CPython calls a future RUNNING from the moment it is put into the call queue: with N workers up to 2N + 1 are, and
// those can no longer be cancelled although nobody works on them.
it('O28: only calls that a worker has are RUNNING; every other one can still be cancelled', async () => {
  const gate = makeGate();
  const never = makeGate(scratch(), 'never');
  const maxWorkers = 2;
  await withPool({ maxWorkers }, async (pool) => {
    const running = [1, 2].map(() => pool.submit(gateTasks.holdUntil, gate.path));
    const queued: Future<unknown>[] = [];
    for (let i = 0; i < 2 * maxWorkers + 1; i++) queued.push(pool.submit(gateTasks.holdUntil, never.path));
    await gate.reached(maxWorkers);
    expect(running.map((future) => future.state)).toEqual(['RUNNING', 'RUNNING']);
    expect(queued.map((future) => future.state)).toEqual(Array(5).fill('PENDING'));
    expect(pool.stats()).toMatchObject({ pending: 5, running: 2 });
    expect(queued.map((future) => future.cancel())).toEqual(Array(5).fill(true));
    gate.open();
    await soon(pool.shutdown(), 'shutdown');
    expect(never.pids(), 'cancel() returned true, so the function never starts').toEqual([]);
    expect(() => pool.submit(tasks.pid)).toThrow(ExecutorShutdownError);
  });
});

/** Entries that cannot be a test of their own, each with the reason and the title of the test that stands for it. */
const NO_TEST_OF_ITS_OWN: Record<string, { reason: string; enforcedBy: string }> = {
  O18: {
    reason: 'gh-121719, "test_deadlock sometimes causes deadlock": the symptom of O1 in CPython\'s own tests',
    enforcedBy: 'O1',
  },
  O26: {
    reason:
      'gh-86411, gh-78349: freezes on macOS that nobody diagnosed, and unbounded memory of queued arguments; what can be ' +
      'held to is that map with a buffersize takes no more of its input than that',
    enforcedBy: 'test_map_buffersize_when_buffer_is_full',
  },
};

it('the two files of open bugs and the table hold O1 to O28', () => {
  const covered = coveredNames(import.meta.url, 'open-bugs.test.ts', 'open-bugs-processes.test.ts');
  const numbers = [...covered, ...Object.keys(NO_TEST_OF_ITS_OWN)].filter((name) => /^O\d+$/.test(name));
  const all = Array.from({ length: 28 }, (_, index) => `O${index + 1}`);
  expect(numbers.sort(), 'add the missing test, or an entry with the reason').toEqual(all.sort());
  const elsewhere = new Set([...covered, ...coveredNames(import.meta.url, 'executor-map.test.ts')]);
  for (const { enforcedBy } of Object.values(NO_TEST_OF_ITS_OWN)) expect(elsewhere).toContain(enforcedBy);
});
