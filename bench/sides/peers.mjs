/**
 * The other pools, each in the form that its documentation shows, with two workers and warm before it is measured.
 *
 * `kind` is `pool` for what runs processes; threads stand beside them for comparison. `serialization` is how values
 * cross: what is sent as JSON cannot carry a Buffer.
 */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const file = (/** @type {string} */ name) => fileURLToPath(new URL(`../tasks/${name}`, import.meta.url));

/**
 * @typedef {{ call: (name: 'inc' | 'echo', value: unknown) => PromiseLike<unknown>, close: () => unknown }} Opened
 * @typedef {{ name: string, kind: 'pool' | 'threads', binary: boolean, open: (workers: number) => Promise<Opened> }} Peer
 */

/** @param {'json' | 'advanced'} serialization @returns {Peer} */
function tinypool(serialization) {
  return {
    name: `tinypool (${serialization})`,
    kind: 'pool',
    binary: serialization === 'advanced',
    async open(workers) {
      const { Tinypool } = await import('tinypool');
      const pool = new Tinypool({
        runtime: 'child_process',
        filename: new URL('../tasks/tasks.mjs', import.meta.url).href,
        minThreads: workers,
        maxThreads: workers,
        serialization,
      });
      return { call: (name, value) => pool.run(value, { name }), close: () => pool.destroy() };
    },
  };
}

/** @param {'json' | 'advanced'} serialization @returns {Peer} */
function workerpool(serialization) {
  return {
    name: `workerpool (${serialization})`,
    kind: 'pool',
    binary: serialization === 'advanced',
    async open(workers) {
      const { default: library } = await import('workerpool');
      const pool = library.pool(file('workerpool.cjs'), {
        workerType: 'process',
        minWorkers: workers,
        maxWorkers: workers,
        forkOpts: { serialization },
      });
      return { call: (name, value) => pool.exec(name, [value]), close: () => pool.terminate() };
    },
  };
}

/** @type {Peer} */
const jestWorker = {
  name: 'jest-worker',
  kind: 'pool',
  binary: true,
  async open(workers) {
    const { Worker } = require('jest-worker');
    const pool = new Worker(file('tasks.cjs'), { numWorkers: workers, exposedMethods: ['inc', 'echo'] });
    return { call: (name, value) => pool[name](value), close: () => pool.end() };
  },
};

/** @param {'json' | 'advanced'} serialization @returns {Peer} */
function poolifier(serialization) {
  return {
    name: `poolifier (${serialization})`,
    kind: 'pool',
    binary: serialization === 'advanced',
    async open(workers) {
      const { FixedClusterPool } = require('poolifier');
      const pool = new FixedClusterPool(workers, file('poolifier.cjs'), { settings: { serialization } });
      return { call: (name, value) => pool.execute(value, name), close: () => pool.destroy() };
    },
  };
}

/** @type {Peer} */
const workerFarm = {
  name: 'worker-farm',
  kind: 'pool',
  binary: false,
  async open(workers) {
    const library = require('worker-farm');
    const farm = library({ maxConcurrentWorkers: workers }, file('farm.cjs'), ['inc', 'echo']);
    const call = (/** @type {string} */ name, /** @type {unknown} */ value) =>
      new Promise((resolve, reject) => {
        farm[name](value, (/** @type {Error | null} */ error, /** @type {unknown} */ result) =>
          error ? reject(error) : resolve(result),
        );
      });
    return { call, close: () => new Promise((resolve) => library.end(farm, resolve)) };
  },
};

/** @type {Peer} */
const piscina = {
  name: 'piscina (threads)',
  kind: 'threads',
  binary: true,
  async open(workers) {
    const { Piscina } = await import('piscina');
    const pool = new Piscina({ filename: file('tasks.mjs'), minThreads: workers, maxThreads: workers });
    return { call: (name, value) => pool.run(value, { name }), close: () => pool.destroy() };
  },
};

/** All peers, processes first. */
export const peers = [
  tinypool('json'),
  tinypool('advanced'),
  workerpool('json'),
  workerpool('advanced'),
  jestWorker,
  poolifier('json'),
  poolifier('advanced'),
  workerFarm,
  piscina,
];

/** Opens a peer and has each of its workers run something. @param {Peer} peer @param {number} workers */
export async function openWarm(peer, workers) {
  const opened = await peer.open(workers);
  await Promise.all(Array.from({ length: 50 * workers }, (_, i) => opened.call('inc', i)));
  return opened;
}
