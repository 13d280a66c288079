/**
 * `node --expose-gc pending.mjs ours|bare COUNT`: prints nanoseconds of one submit and one cancel, and bytes of one
 * pending future beside its arguments.
 *
 * The bare loop allocates what any design has to: a handle, an item, and the list of arguments.
 */
import { openOurs, tasks } from './ours.mjs';

const [, , kind, size] = process.argv;
const count = Number(size);

/** Bytes on the heap after a collection. */
function heap() {
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

/** Fills a list that has its size already. @param {(i: number) => unknown} make */
function fill(make) {
  const list = new Array(count).fill(undefined);
  const before = heap();
  const began = performance.now();
  for (let i = 0; i < count; i++) list[i] = make(i);
  const ns = ((performance.now() - began) * 1e6) / count;
  return { list, ns, bytes: (heap() - before) / count };
}

const items = [];
const bare = (i) => {
  const args = [i];
  const item = { id: i, state: 0, outcome: undefined, task: 0, handle: undefined };
  const handle = { item, owner: items, task: items, args, observers: undefined };
  item.handle = handle;
  items.push(item);
  return handle;
};

if (kind === 'bare') {
  for (let round = 0; round < 10; round++) {
    for (let i = 0; i < 5_000; i++) bare(i);
    items.length = 0;
  }
  console.log(JSON.stringify({ submit: fill(bare).ns }));
} else {
  const pool = await openOurs(1);
  const blocker = pool.submit(tasks.block, 60_000);
  while (!blocker.running()) await new Promise(setImmediate);
  // Compiled before it is measured: ten thousand calls are over before the optimizer has looked at them.
  for (let round = 0; round < 10; round++) {
    const warm = Array.from({ length: 5_000 }, (_, i) => pool.submit(tasks.inc, i));
    for (const future of warm) future.cancel();
  }
  const { bytes: bytesOfArguments } = fill((i) => [i]);
  const { list, ns: submit, bytes } = fill((i) => pool.submit(tasks.inc, i));
  const began = performance.now();
  for (const future of list) future.cancel();
  const cancel = ((performance.now() - began) * 1e6) / count;
  console.log(JSON.stringify({ submit, cancel, bytesEach: bytes - bytesOfArguments }));
  await pool.killWorkers();
}
