/**
 * The other half of open-bugs.test.ts: what newest CPython (3.16) gets wrong when a worker or the parent dies, a signal
 * arrives, a process cannot be started, or the program ends.
 */
import { existsSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { BrokenProcessPool } from 'procfutures';
import { expect, it } from 'vitest';
import { makeGate, processAlive, processGone, runScript, scratch, soon, until } from '../helpers/gate.ts';
import { fixture, newPool } from '../helpers/pool.ts';
import {
  blockThreadUntil,
  failureOf,
  gateTasks,
  nodeWrapper,
  tasks,
  withPool,
  workerCount,
} from './executor-support.ts';

// O1, regression of gh-105829 (3.11.6 and later), probable cause of gh-121719: submit wakes the manager before the new
// process is registered, so the death of a worker right after its start goes unnoticed while another one is busy.
it('O1: a worker that dies right after its start, while another one is busy, is noticed', async () => {
  const directory = scratch();
  const gate = makeGate(directory);
  await withPool({ maxWorkers: 2, initializer: tasks.dieIfDoomed, initArgs: [directory] }, async (pool) => {
    const busy = pool.submit(gateTasks.holdUntil, gate.path);
    await gate.reached();
    writeFileSync(`${directory}/doomed`, '');
    const doomed = pool.submit(tasks.pid);
    const error = await failureOf(doomed);
    expect(error).toBeInstanceOf(BrokenProcessPool);
    expect(error).toMatchObject({ signal: 'SIGKILL', activity: 'starting' });
    expect(await failureOf(busy), 'the pool broke, so the busy call fails as well').toBeInstanceOf(BrokenProcessPool);
    await soon(pool.shutdown(), 'shutdown');
  });
});

// O3: a callback that submits again (the usual retry on failure) during a break takes a lock that its own thread holds:
// manager deadlocked, shutdown hangs (3.12.1 and later).
it('O3: a callback that submits again during a break gets BrokenProcessPool at once', async () => {
  const gate = makeGate();
  await withPool({ maxWorkers: 2 }, async (pool) => {
    const futures = [1, 2, 3].map(() => pool.submit(gateTasks.holdUntil, gate.path));
    const states: string[] = [];
    const retries: unknown[] = [];
    for (const future of futures) {
      future.addDoneCallback(() => {
        states.push(pool.state);
        try {
          retries.push(pool.submit(tasks.pid));
        } catch (error) {
          retries.push(error);
        }
      });
    }
    await gate.reached(2);
    process.kill(gate.pids()[0]!, 'SIGKILL');
    for (const future of futures) expect(await failureOf(future)).toBeInstanceOf(BrokenProcessPool);
    expect(states, 'a callback must see the break that it is part of').toEqual(Array(3).fill('broken'));
    expect(retries).toHaveLength(3);
    for (const retry of retries) expect(retry).toBeInstanceOf(BrokenProcessPool);
    await soon(pool.shutdown(), 'shutdown');
    expect(pool.stats().spawned, 'a retry must not start a process').toBe(2);
  });
});

// O4: during a break CPython waits without a deadline, under a lock, for a worker that ignores SIGTERM: every submit blocks
// and shutdown hangs (3.13 and later; before, only shutdown).
it('O4: a worker that ignores SIGTERM delays neither the futures nor submit, and is killed after the grace', async () => {
  const stubborn = makeGate();
  const victim = makeGate();
  await withPool({ maxWorkers: 2, killGrace: 200 }, async (pool) => {
    const first = pool.submit(tasks.holdAgainstSigterm, stubborn.path);
    const second = pool.submit(gateTasks.holdUntil, victim.path);
    await stubborn.reached();
    await victim.reached();
    process.kill(victim.pids()[0]!, 'SIGKILL');
    let joined = false;
    const joining = pool.shutdown().then(() => {
      joined = true;
    });
    expect(await failureOf(second)).toBeInstanceOf(BrokenProcessPool);
    expect(await failureOf(first)).toBeInstanceOf(BrokenProcessPool);
    expect(() => pool.submit(tasks.pid)).toThrow(BrokenProcessPool);
    expect(joined, 'no future may wait for a process to be reaped').toBe(false);
    await soon(joining, 'shutdown of a pool with a stubborn worker');
    expect(existsSync(`${stubborn.path}/sigterm`), 'the worker must have been asked first').toBe(true);
    expect(processAlive(stubborn.pids()[0]!)).toBe(false);
  });
});

/** Whether a process has slept through so many looks in a row: it is blocked, and not just between two steps. */
function sleeper(pid: number, looks: number): () => boolean {
  let asleep = 0;
  return () => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    asleep = stat[stat.lastIndexOf(')') + 2] === 'S' ? asleep + 1 : 0;
    return asleep >= looks;
  };
}

// O8: a worker is killed half-way through writing a large result while another one lives: the manager waits inside its
// receive for bytes that never come, and everything hangs (all versions).
it('O8: a worker killed half-way through a large result breaks the pool, though another worker lives', async () => {
  const gate = makeGate();
  const other = makeGate();
  await withPool({ maxWorkers: 2 }, async (pool) => {
    const living = pool.submit(gateTasks.holdUntil, other.path);
    const large = pool.submit(tasks.bytesAfter, gate.path, 64 * 2 ** 20);
    await gate.reached();
    await other.reached();
    const pid = gate.pids()[0]!;
    // With our thread blocked nobody reads: the writer fills the pipe and stays in the middle of its frame.
    gate.open();
    blockThreadUntil(() => existsSync(`${gate.path}/returning`), 'the task to return');
    blockThreadUntil(sleeper(pid, 20), 'the worker to be blocked in its write');
    process.kill(pid, 'SIGKILL');
    const error = await failureOf(large);
    expect(error).toBeInstanceOf(BrokenProcessPool);
    expect(error).toMatchObject({ pid, signal: 'SIGKILL', activity: 'running' });
    expect(await failureOf(living)).toBeInstanceOf(BrokenProcessPool);
    await soon(pool.shutdown(), 'shutdown');
  });
});

// O9, seen in gh-124706: the process cannot be started inside submit: submit throws, and yet the call stays in the queue
// and is executed later. Here a failed start is an event: submit returns a future, which fails with the reason.
it('O9: a call whose worker cannot be started fails with the reason and never runs', async () => {
  const execPath = nodeWrapper(scratch());
  const gate = makeGate();
  const never = makeGate(scratch(), 'never');
  await withPool({ maxWorkers: 2, workerOptions: { execPath } }, async (pool) => {
    const first = pool.submit(gateTasks.holdUntil, gate.path);
    await gate.reached();
    unlinkSync(execPath);
    const second = pool.submit(gateTasks.touch, never.path);
    const error = (await failureOf(second)) as BrokenProcessPool;
    expect(error).toBeInstanceOf(BrokenProcessPool);
    expect(error.cause).toMatchObject({ code: 'ENOENT' });
    expect(await failureOf(first)).toBeInstanceOf(BrokenProcessPool);
    gate.open();
    await soon(pool.shutdown(), 'shutdown');
    expect(never.pids(), 'a call that failed must never run').toEqual([]);
  });
});

// O14, gh-125886: Ctrl-C reaches the workers, too: running calls fail with KeyboardInterrupt, and workers take the next ones
// before the parent can cancel them. O25, gh-113073: closing the console kills the workers, and the user sees the noise of
// a broken pool. Here both signals reach the parent alone, which decides.
const SIGNALS = 'conformance-a-signals.js';
it('O14: Ctrl-C at the terminal reaches no worker: the running call ends well, the next one can be cancelled', async () => {
  const gate = makeGate();
  const end = signalledBy('SIGINT', gate);
  expect(await end).toEqual({ code: 0, signal: null, stdout: 'SIGINT, finished, cancelled\n', stderr: '' });
  expect(gate.pids(), 'the cancelled call must not have started').toHaveLength(1);
});
it('O25: a terminal that hangs up reaches no worker, and nothing is noisy', async () => {
  const gate = makeGate();
  const end = signalledBy('SIGHUP', gate);
  expect(await end).toEqual({ code: 0, signal: null, stdout: 'SIGHUP, finished, cancelled\n', stderr: '' });
});

/** Runs the program in a process group of its own and signals the group, as a terminal does, once its task runs. */
async function signalledBy(signal: 'SIGINT' | 'SIGHUP', gate: ReturnType<typeof makeGate>) {
  let group = 0;
  const end = runScript(fixture(SIGNALS), [gate.path], {
    detached: true,
    onStart: (pid) => {
      group = pid;
    },
  });
  await Promise.race([gate.reached(), end]);
  process.kill(-group, signal);
  return end;
}

// O15, gh-111873: the parent is killed, and its workers wait for ever, since each of them also holds the other end of its
// pipe. Here they end, whatever they are doing.
it('O15: when the parent is killed, its workers end: the idle one, the waiting one and the one that never yields', async () => {
  const gate = makeGate();
  let parent = 0;
  const end = runScript(fixture('conformance-a-orphans.js'), [gate.path], {
    onStart: (pid) => {
      parent = pid;
    },
  });
  await Promise.race([gate.reached(3), end]);
  const workers = gate.pids();
  expect(new Set(workers).size, 'three workers').toBe(3);
  process.kill(parent, 'SIGKILL');
  expect(await end).toMatchObject({ signal: 'SIGKILL', stdout: '', stderr: '' });
  for (const pid of workers) await processGone(pid);
});

const descriptors = (): number => readdirSync('/proc/self/fd').length;

// O17, gh-124706, gh-131794: many executors that are never shut down exhaust the descriptors.
it('O17: executors that are never used cost nothing, and dropped ones give everything back', async () => {
  const before = descriptors();
  const pools = Array.from({ length: 200 }, () => newPool({ maxWorkers: 4 }));
  expect(descriptors(), 'an unused executor must hold no descriptor').toBe(before);
  expect(pools.map(workerCount)).toEqual(Array(200).fill(0));

  const end = await runScript(fixture('conformance-a-many-executors.js'));
  expect(end).toEqual({ code: 0, signal: null, stdout: 'all descriptors are back\n', stderr: '' });
});

// O19: an initializer that fails, or an exit with code 0, breaks CPython's pool with an error that names no cause.
it('O19: a failing initializer is the cause of the break, and an exit with code 0 is named', async () => {
  await withPool({ maxWorkers: 1, initializer: tasks.throwFromInitializer }, async (pool) => {
    const error = (await failureOf(pool.submit(tasks.pid))) as BrokenProcessPool;
    expect(error).toBeInstanceOf(BrokenProcessPool);
    expect(error.activity).toBe('starting');
    expect(error.cause).toBeInstanceOf(RangeError);
    expect(error.cause).toMatchObject({ message: 'the database is closed', code: 'E_DATABASE' });
    expect((error.cause as Error).stack).toContain('conformance-a-tasks.js');
    await soon(pool.shutdown(), 'shutdown');
  });
  await withPool({ maxWorkers: 1 }, async (pool) => {
    const error = (await failureOf(pool.submit(tasks.exit, 0))) as BrokenProcessPool;
    expect(error).toMatchObject({ exitCode: 0, signal: null, activity: 'running' });
    expect(error.message).toMatch(/\b0\b/);
    await soon(pool.shutdown(), 'shutdown');
  });
});

// O20: a retiring worker that does not end (a thread of its own lives on) is joined without a deadline, and unrelated
// futures stall.
it('O20: a retiring worker that does not end stalls no other call, and is killed after the grace', async () => {
  const gate = makeGate();
  await withPool({ maxWorkers: 2, maxTasksPerChild: 1, killGrace: 60_000 }, async (pool) => {
    const retiring = await soon(pool.submit(tasks.holdAtExit, gate.path), 'the last call of the first worker');
    await gate.reached();
    const other = await soon(pool.submit(tasks.pid), 'a call beside the retiring worker');
    expect(other).not.toBe(retiring);
    expect(processAlive(retiring), 'the retiring worker must still be there for this test to mean anything').toBe(true);
    gate.open();
    await soon(pool.shutdown(), 'shutdown');
  });
  const closed = makeGate();
  await withPool({ maxWorkers: 1, maxTasksPerChild: 1, killGrace: 50 }, async (pool) => {
    const retiring = await soon(pool.submit(tasks.holdAtExit, closed.path), 'the last call of the first worker');
    await soon(pool.submit(tasks.pid), 'the call that needs the place of the retiring worker');
    expect(processAlive(retiring)).toBe(false);
    await soon(pool.shutdown(), 'shutdown');
  });
});

// O22, gh-148280, gh-80961, gh-86575: the end of the interpreter always waits for pending work, with no way out, and the
// flag that refuses new work is set while the program still runs.
it('O22: the end of the program waits for what was accepted, and process.exit() does not', async () => {
  const gate = makeGate();
  const drained = runScript(fixture('conformance-a-program-end.js'), ['fall off the end', gate.path]);
  await Promise.race([gate.reached(), drained]);
  gate.open();
  expect(await drained).toEqual({
    code: 0,
    signal: null,
    stdout: 'held, then submitted in its callback\n',
    stderr: '',
  });

  const closed = makeGate();
  const left = await runScript(fixture('conformance-a-program-end.js'), ['exit', closed.path]);
  expect(left).toEqual({ code: 3, signal: null, stdout: '', stderr: '' });
  await until(() => closed.pids().length === 1, 'the one call that had started');
  await processGone(closed.pids()[0]!);
});

// O24, gh-84176: CPython's exit hook posts wake-ups without the lock, on channels that may be closed by then. Differs from
// CPython: an exit handler that submits gets ExecutorShutdownError (there RuntimeError).
it('O24: differs from CPython: in an exit handler submit throws ExecutorShutdownError and nothing is posted', async () => {
  const end = await runScript(fixture('conformance-a-exit-handler.js'));
  expect(end).toEqual({
    code: 0,
    signal: null,
    stdout: 'ERR_PROCFUTURES_EXECUTOR_SHUTDOWN, ERR_PROCFUTURES_EXECUTOR_SHUTDOWN\n',
    stderr: '',
  });
});
