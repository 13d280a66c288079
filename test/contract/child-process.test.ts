/**
 * The contract on real processes.
 */
import type { ProcessPoolExecutor, ProcessPoolExecutorOptions } from 'procfutures';
import { onTestFinished } from 'vitest';
// The factory of real hosts is not exported, and its sources cannot stand in: a worker runs the built `worker/main.js`
// beside it.
import { childProcessHost } from '../../dist/runtime/child-process/host.js';
import { resolveOptions } from '../../dist/runtime/options.js';
import { blockThreadUntil } from '../conformance/executor-support.ts';
import { makeGate, processAlive, soon, until } from '../helpers/gate.ts';
import { newPool } from '../helpers/pool.ts';
import { describeHost } from './host-contract.ts';
import type { HostWorld } from './host-world.ts';

/** What crashing workers print is no news. */
const quiet = { workerOptions: { stdio: ['ignore', 'inherit', 'ignore'] } } as const;
const cannotSpawn = { workerOptions: { execPath: '/nonexistent/node' } };

describeHost('child_process', (): HostWorld => {
  const pool = (options: ProcessPoolExecutorOptions): ProcessPoolExecutor => {
    const made = newPool(options);
    onTestFinished(() => soon(made.killWorkers(), 'the end of the pool'));
    return made;
  };
  return {
    hostFactory: (options) => childProcessHost(resolveOptions({ ...quiet, ...options })),
    hostThatCannotSpawn: () => childProcessHost(resolveOptions(cannotSpawn)),
    newPool: (options = {}) => pool({ ...quiet, ...options }),
    newPoolThatCannotSpawn: (options = {}) => pool({ ...options, ...cannotSpawn }),
    newGate: () => makeGate(),
    kill: (pid) => void process.kill(pid, 'SIGKILL'),
    async killUnread(gate) {
      // The tick in which calls are written, and not a turn more: a fast worker's answer could be read in it. Then this
      // thread is blocked, so that nothing is read.
      await new Promise<void>((resolve) => process.nextTick(resolve));
      blockThreadUntil(() => gate.pids().length > 0, 'the arrival at the gate');
      const pid = gate.pids()[0] as number;
      process.kill(pid, 'SIGKILL');
      blockThreadUntil(() => !processAlive(pid), `the end of process ${pid}`);
    },
    until,
    soon,
  };
});
