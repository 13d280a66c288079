/**
 * The contract on simulated processes: the tasks of `contract-tasks.js`, as behaviours.
 */
import type { ProcessPoolExecutor, ProcessPoolExecutorOptions } from 'procfutures';
import { compiledCharts, liveCharts } from 'procfutures/machines';
import { type Behaviour, type Place, simulate, type Tasks, World } from 'procfutures/simulation';
import { onTestFinished } from 'vitest';
import type { Gate } from '../helpers/gate.ts';
import { describeHost } from './host-contract.ts';
import type { HostWorld } from './host-world.ts';

const charts = process.env.PROCFUTURES_TEST_CHARTS === 'xstate' ? liveCharts : compiledCharts;

describeHost('simulated', (): HostWorld => {
  const gates: SimulatedGate[] = [];
  /** Workers that were made to do what no behaviour does. */
  const struck = new Set<number>();
  let world = new World();
  let canSpawn = true;

  const behave: Tasks = ({ task, args }, { pid }): Behaviour => {
    const [first, second] = args;
    const until = (): boolean => gates.find(({ path }) => path === first)?.isOpen === true;
    switch (task.name) {
      case 'pid':
        return { result: pid };
      case 'fail':
      case 'failToPrepare':
        return { throws: new RangeError(String(first)) };
      case 'exit':
        return { dies: { code: Number(first), signal: null } };
      case 'die':
        return { dies: { code: null, signal: String(first) } };
      case 'crash':
        return { dies: { code: 1, signal: null, error: new RangeError(String(first)) } };
      case 'returnFunction':
        return { uncopyable: 'result' };
      case 'hold':
      case 'holdLater':
      case 'garble':
        return { result: second, until };
      case 'holdAgainstSigterm':
        return { result: second, until, ignoresSigterm: true };
      case 'prepare':
        arrive({ worker: -1, pid }, String(first));
        return { result: undefined };
      case 'neverPrepare':
        return { hangs: true };
      default:
        return typeof first === 'function' ? { uncopyable: 'argument' } : { result: first };
    }
  };

  const arrive = ({ worker, pid }: Place, path: unknown): void => {
    gates.find((gate) => gate.path === path)?.arrivals.set(`${worker} ${pid}`, pid);
  };

  /** What happens without anybody's choice: tasks arrive at their gates, and one of them writes garbage. */
  const notice = (): void => {
    for (const { worker, pid, running } of world.processes()) {
      if (!running) continue;
      arrive({ worker: running.work, pid }, running.args[0]);
      if (running.task.name !== 'garble' || struck.has(worker)) continue;
      struck.add(worker);
      world.happen({ type: 'writesGarbage', worker });
    }
  };
  const advance = (): boolean => {
    const unborn = canSpawn ? undefined : world.processes()[0];
    if (unborn) world.happen({ type: 'failsToSpawn', worker: unborn.worker });
    if (unborn) return true;
    const moved = world.advance();
    notice();
    return moved;
  };

  const until = async (fact: () => boolean, what: string): Promise<void> => {
    for (;;) {
      // What awaits a future goes on first.
      await new Promise(setImmediate);
      if (fact()) return;
      if (!advance()) throw new Error(`the simulated world is at rest, and still there is no sign of ${what}`);
    }
  };
  const soon = async <T>(promise: PromiseLike<T>, what: string): Promise<T> => {
    let isSettled = false;
    const settled = (): void => {
      isSettled = true;
    };
    promise.then(settled, settled);
    await until(() => isSettled, what);
    return promise;
  };

  const pool = (options: ProcessPoolExecutorOptions): ProcessPoolExecutor => {
    const simulation = simulate(options, { tasks: behave, charts });
    world = simulation.world;
    onTestFinished(() => soon(simulation.pool.killWorkers(), 'the end of the pool'));
    return simulation.pool;
  };

  return {
    hostFactory(options) {
      world = new World({ tasks: behave });
      return world.host(options);
    },
    hostThatCannotSpawn() {
      canSpawn = false;
      world = new World();
      return world.host();
    },
    newPool: (options = {}) => pool(options),
    newPoolThatCannotSpawn(options = {}) {
      canSpawn = false;
      return pool(options);
    },
    newGate() {
      const gate = new SimulatedGate(`gate ${gates.length}`, until);
      gates.push(gate);
      return gate;
    },
    kill(pid) {
      const process = world.processes().find((it) => it.pid === pid);
      if (!process) throw new Error(`there is no process ${pid}`);
      world.happen({ type: 'isKilled', worker: process.worker });
    },
    async killUnread(gate) {
      while (gate.pids().length === 0) {
        const next = world
          .enabled()
          .find(({ type, isFault }) => type !== 'delivers' && type !== 'timesOut' && !isFault);
        if (!next) throw new Error('the simulated world is at rest, and nobody has arrived at the gate');
        world.happen(next);
        notice();
      }
      this.kill(gate.pids()[0] as number);
    },
    until,
    soon,
  };
});

/** A gate without a directory. */
class SimulatedGate implements Gate {
  readonly path: string;
  readonly arrivals = new Map<string, number>();
  isOpen = false;
  readonly #until: HostWorld['until'];

  constructor(path: string, until: HostWorld['until']) {
    this.path = path;
    this.#until = until;
  }

  open(): void {
    this.isOpen = true;
  }

  reached(count = 1): Promise<void> {
    return this.#until(() => this.arrivals.size >= count, `${count} arrival(s) at ${this.path}`);
  }

  pids(): number[] {
    return [...this.arrivals.values()];
  }
}
