/**
 * `node --expose-gc curves.mjs COUNT`: prints, for each operation, microseconds and bytes an item.
 *
 * Bytes are what the heap holds more, after a collection, while the operation is under way: pending futures, their
 * waiters, the results of `map`.
 */
import { asCompleted, wait } from '../lib/project.mjs';
import { openOurs, tasks } from './ours.mjs';

const count = Number(process.argv[2]);
/** Every operation runs twice, first to be compiled; how many items that takes. */
const WARM = 20_000;

const heap = () => {
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
};

/** A pool of one worker that is busy, so that what is submitted stays pending. */
async function blocked() {
  const pool = await openOurs(1);
  const blocker = pool.submit(tasks.block, 600_000);
  while (!blocker.running()) await new Promise(setImmediate);
  return pool;
}

const submitAll = (pool, n) => Array.from({ length: n }, (_, i) => pool.submit(tasks.inc, i));
const settleAll = (futures) => {
  for (const future of futures) future.setResult(0);
};

/** `begin` is timed and gives what stands while memory is looked at; `end` is timed too. */
async function measure(n, prepare, begin, end) {
  const prepared = await prepare(n);
  const before = heap();
  const began = performance.now();
  const standing = await begin(prepared);
  let ms = performance.now() - began;
  const bytes = (heap() - before) / n;
  const resumed = performance.now();
  await end?.(prepared, standing);
  ms += performance.now() - resumed;
  return { micros: (ms * 1000) / n, bytes };
}

const pool = await blocked();
const free = await openOurs(2);
const nothing = () => undefined;

/** @type {Record<string, (n: number) => Promise<{ micros: number, bytes: number }>>} */
const OPERATIONS = {
  async submit(n) {
    let futures = [];
    const taken = await measure(n, nothing, () => {
      futures = submitAll(pool, n);
      return futures;
    });
    for (const future of futures) future.cancel();
    return taken;
  },
  cancel: (n) =>
    measure(
      n,
      () => submitAll(pool, n),
      (futures) => {
        for (const future of futures) future.cancel();
      },
    ),
  settle: (n) => measure(n, () => submitAll(pool, n), settleAll),
  wait: (n) =>
    measure(
      n,
      () => submitAll(pool, n),
      (futures) => ({ waiting: wait(futures) }),
      (futures, { waiting }) => {
        settleAll(futures);
        return waiting;
      },
    ),
  asCompleted: (n) =>
    measure(
      n,
      () => submitAll(pool, n),
      (futures) => asCompleted(futures),
      async (futures, completed) => {
        settleAll(futures);
        for await (const future of completed) if (!future.done()) throw new Error('it yielded what is not done');
      },
    ),
  map: (n) =>
    measure(
      n,
      () => Array.from({ length: n }, (_, i) => i),
      (items) => free.map(tasks.inc, items, { chunksize: 256 }).collect(),
    ),
};

const taken = {};
for (const [name, operation] of Object.entries(OPERATIONS)) {
  await operation(WARM);
  await operation(WARM);
  taken[name] = await operation(count);
}
console.log(JSON.stringify(taken));
await Promise.all([pool.killWorkers(), free.shutdown()]);
