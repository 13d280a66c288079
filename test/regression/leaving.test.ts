import { describe, expect, it } from 'vitest';
import { compiledCharts } from '../../machines/charts.ts';
import { Driver } from '../../runtime/driver.ts';
import { resolveOptions } from '../../runtime/options.ts';
import { World } from '../../runtime/simulation/index.ts';
import { tasksFrom } from '../../runtime/task.ts';
import { runScript } from '../helpers/gate.ts';
import { fixture } from '../helpers/pool.ts';

const { echo } = tasksFrom<{ echo<T>(value: T): T }>('/simulated.js');

/** A driver alone, because `process.exit()` cannot be called here; and what it asks its host for. */
function startDriver(): { driver: Driver; world: World; order: string[] } {
  const world = new World({ tasks: () => ({ hangs: true }) });
  const order: string[] = [];
  const options = resolveOptions({ maxWorkers: 2, prefetchHorizon: 0 });
  const driver = new Driver(options, compiledCharts, (emit) => {
    const host = world.host()(emit);
    const spawn = (worker: number): void => {
      order.push(`spawn ${worker}`);
      host.spawn(worker);
    };
    return {
      ...host,
      spawn,
      end(worker, how) {
        order.push(`${how} to ${worker}`);
        host.end(worker, how);
      },
    };
  });
  return { driver, world, order };
}

describe('a process that leaves', () => {
  it('by process.exit() in a done callback has signalled its workers before it is gone', async () => {
    const { stdout, code } = await runScript(fixture('regression-exit-in-callback.js'));
    expect(stdout.trim()).toBe('the worker is dead');
    expect(code).toBe(0);
  });

  it('in a callback signals at once, and before the callbacks of those that it fails', () => {
    const { driver, world, order } = startDriver();
    const futures = [0, 1, 2].map((n) => driver.submit(echo, [n]));
    futures.forEach((future, n) => {
      future.addDoneCallback(() => order.push(`${n} is done`));
    });
    world.settle();
    order.length = 0;
    futures[2]?.addDoneCallback(() => {
      driver.leave();
      order.push('left');
    });
    futures[2]?.cancel();
    expect(order).toEqual(['2 is done', 'SIGKILL to 0', 'SIGKILL to 1', '0 is done', '1 is done', 'left']);
    world.settle();
    expect(driver.state).toBe('joined');
  });

  it('in a callback first performs what was asked for before: a kill, and the start of a worker that it then kills', () => {
    const { driver, world, order } = startDriver();
    const first = driver.submit(echo, [0]);
    first.addDoneCallback(() => {
      for (const n of [1, 2]) driver.submit(echo, [n]);
      driver.command({ type: 'kill' });
      driver.leave();
      order.push('left');
    });
    first.cancel();
    expect(order).toEqual(['spawn 0', 'spawn 1', 'SIGKILL to 0', 'SIGKILL to 1', 'left']);
    world.settle();
    expect(driver.state).toBe('joined');
  });
});
