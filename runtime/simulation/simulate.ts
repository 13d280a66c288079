/**
 * A real pool on simulated processes.
 */
import type { Charts } from '../../machines/chart.ts';
import type { ProcessPoolExecutorOptions } from '../options.ts';
import { ProcessPoolExecutor } from '../process-pool-executor.ts';
import { World, type WorldOptions } from './world.ts';

/** What is simulated, and on which charts. */
export interface SimulationOptions extends WorldOptions {
  /**
   * Who decides: the tables, or XState live (`liveCharts` of `procfutures/machines`).
   * @defaultValue the compiled tables
   */
  readonly charts?: Charts;
}

/** A pool, and the world that its processes live in. */
export interface Simulation {
  readonly pool: ProcessPoolExecutor;
  readonly world: World;
}

/**
 * Makes a pool whose processes are simulated: the executor, its driver and its machines are the real ones.
 *
 * Nothing happens until the world is told to: `world.settle()` for what a healthy machine would do, `world.run(choose)`
 * for any order that is possible. Bring it to its end (`pool.killWorkers()`, then `world.settle()`): a pool that has
 * workers is remembered by the process, to end them when it leaves.
 *
 * ```ts
 * const { pool, world } = simulate({ maxWorkers: 2 }, { tasks: ({ args }) => ({ result: Number(args[0]) * 2 }) });
 * const future = pool.submit(double, 21);
 * world.settle();
 * future.resultNow(); // 42
 * ```
 *
 * Timeouts of `result`, `wait` and `map` are the caller's and count real time.
 *
 * @throws TypeError or RangeError for a bad option of the pool
 */
export function simulate(options: ProcessPoolExecutorOptions = {}, simulation: SimulationOptions = {}): Simulation {
  const world = new World(simulation);
  const { charts } = simulation;
  const host = (resolved: Parameters<World['host']>[0]) => world.host(resolved);
  return { pool: new ProcessPoolExecutor(options, charts ? { host, charts } : { host }), world };
}
