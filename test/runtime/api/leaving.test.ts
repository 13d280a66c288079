/**
 * The process leaves: what the one listener does, called by hand. A file of its own, since there is no way back: from
 * then on this copy of the package takes the process for one that is leaving.
 */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../machines/events.ts';
import { BrokenProcessPool, ExecutorShutdownError } from '../../../runtime/errors.ts';
import { processIsLeaving, unwatchExit, watchExit } from '../../../runtime/exit-watch.ts';
import type { HostFactory } from '../../../runtime/host.ts';
import { ProcessPoolExecutor } from '../../../runtime/process-pool-executor.ts';
import { simulate, World } from '../../../runtime/simulation/index.ts';
import { tasksFrom } from '../../../runtime/task.ts';
import { isHandle } from '../../../runtime/wire/handles.ts';
import { expectWarning } from '../../helpers/leaks.ts';

const { echo } = tasksFrom<{ echo<T>(value: T): T }>('/simulated.js');
const REFUSAL =
  'This executor takes no more calls: it was shut down, or its process is leaving. Make a new ProcessPoolExecutor.';

/** A pool of two workers that notes what its host is asked for; `busy` calls run when it comes back. */
function lab(busy: number) {
  const world = new World({ tasks: () => ({ hangs: true }) });
  const verbs: string[] = [];
  const host = (): HostFactory => (emit: (event: Observation) => void) => {
    const simulated = world.host()(emit);
    const end: typeof simulated.end = (worker, how) => {
      verbs.push(`${how} ${worker}`);
      simulated.end(worker, how);
    };
    return { ...simulated, end };
  };
  const pool = new ProcessPoolExecutor({ maxWorkers: 2, prefetchHorizon: 0 }, { host });
  const futures = Array.from({ length: busy }, (_, n) => pool.submit(echo, n));
  world.settle();
  return { pool, world, verbs, futures };
}

describe('before it leaves', () => {
  it('a pool shows itself in one line', () => {
    const { pool, world, futures } = lab(1);
    expect(inspect(pool)).toBe('ProcessPoolExecutor { running, 1 workers (1 busy), 0 pending, 1 running }');
    pool.submit(echo, 1);
    pool.submit(echo, 2);
    expect(inspect(pool)).toBe('ProcessPoolExecutor { running, 2 workers (1 busy), 2 pending, 1 running }');
    expect(isHandle(pool)).toBe(true);
    void pool.killWorkers();
    world.settle();
    expect(inspect(pool)).toBe('ProcessPoolExecutor { joined, 0 workers (0 busy), 0 pending, 0 running }');
    expect(futures[0]?.exceptionNow()).toBeInstanceOf(BrokenProcessPool);
  });

  it('a pool that was shut down says so, and one that broke names the call', () => {
    const { pool, world } = simulate();
    void pool.shutdown();
    expect(() => pool.submit(echo, 1)).toThrow(new ExecutorShutdownError(REFUSAL));
    expect(() => pool.submit(5 as never)).toThrow(
      'The task of submit() must be made by tasksFrom() or inline(), not 5.',
    );
    expect(() => pool.shutdown(5 as never)).toThrow('the options of shutdown() must be an object, not 5.');
    expect(() => pool.shutdown({ wait: 1 as never })).toThrow('wait must be true or false, not 1.');
    expect(() => pool.shutdown({ cancelFutures: 1 as never })).toThrow('cancelFutures must be true or false, not 1.');
    world.settle();
    const broken = lab(2);
    broken.world.happen({ type: 'isKilled', worker: 0 });
    broken.world.happen({ type: 'reportsExit', worker: 0 });
    broken.world.settle();
    expect(() => broken.pool.submit(echo, 1)).toThrow(/it was running call 0 \('echo' of file:\/\/\S+simulated\.js\)/);
    expect(() => broken.pool.submit(echo, 1)).toThrow(BrokenProcessPool);
  });

  it('a process that cannot be killed is given up, and said to be', () => {
    expectWarning(
      new RegExp(
        'Worker process 100001 is still there 5000 ms after SIGKILL; nothing waits for it any more\\. ' +
          'It is likely stuck in the kernel \\(a device or a network file system\\): look at it with ps\\.$',
        'm',
      ),
    );
    const { pool, world } = simulate({ maxWorkers: 1 }, { tasks: () => ({ hangs: true }), faults: { timesOut: 1 } });
    pool.submit(echo, 1);
    world.settle();
    void pool.killWorkers();
    world.happen({ type: 'timesOut', worker: 0 });
    expect(pool.state).toBe('joined');
  });
});

describe('when it leaves', () => {
  it('every worker is signalled before any callback runs, and who does not watch any more is not told', () => {
    const { verbs, futures } = lab(3);
    const told: string[] = [];
    for (const [n, future] of futures.entries())
      future.addDoneCallback(() => told.push(`${n} after ${verbs.length} signals: ${future.state}`));
    const gone = { leave: () => told.push('gone') };
    const last = { leave: () => told.push('last') };
    watchExit(gone);
    watchExit(last);
    unwatchExit(gone);
    expect(processIsLeaving()).toBe(false);
    const [leave] = process.listeners('exit') as [() => void];
    leave();
    process.off('exit', leave);
    unwatchExit(last);
    expect(processIsLeaving()).toBe(true);
    expect(verbs).toEqual(['SIGKILL 0', 'SIGKILL 1']);
    expect(told.at(-1)).toBe('last');
    expect(told.slice(0, -1).sort()).toEqual([
      '0 after 2 signals: FINISHED',
      '1 after 2 signals: FINISHED',
      expect.stringMatching(/^2 after 2 signals: CANCELLED/),
    ]);
  });

  it('inside a callback the rest of what was asked for is done first, but for the other callbacks', () => {
    // The process leaves already: a submit makes the pool leave as well.
    const { pool, world } = simulate();
    expect(() => pool.submit(echo, 1)).toThrow(new ExecutorShutdownError(REFUSAL));
    expect(pool.state).toBe('joined');
    expect(world.processes()).toEqual([]);
  });
});
