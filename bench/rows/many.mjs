/** Rows "tiny task" and "0.8 kB object": everything is submitted at once, then awaited. */
import { alternate, micros } from '../lib/alternate.mjs';
import { atLeast, atMost, fastest } from '../lib/check.mjs';
import { wait } from '../lib/project.mjs';
import { cpython } from '../sides/cpython.mjs';
import { framedPipe } from '../sides/framed-pipe.mjs';
import { openOurs, tasks } from '../sides/ours.mjs';
import { openWarm, peers } from '../sides/peers.mjs';
import { objects } from '../tasks/objects.mjs';

const WORKERS = 2;
const WARM_UPS = 5;
/** Both with a promise for each call. */
const OURS = 'procfutures';
const FLOOR_OF_PROMISES = 'framed pipe, a promise for each call';
/** Both without. */
const OURS_WAITED = 'procfutures, read through wait()';
const FLOOR = 'framed pipe';

/**
 * Microseconds a call, on every side. Slow sides make fewer calls when it has to be quick.
 *
 * @param {{ name: 'inc' | 'echo', python: 'tiny' | 'object', items: unknown[], plan: import('../run.mjs').Plan }} work
 */
async function measure({ name, python, items, plan }) {
  const few = plan.quick ? items.slice(0, 1_000) : items;
  const ours = await openOurs(WORKERS);
  const floor = await framedPipe(WORKERS);
  const opened = [];
  for (const peer of peers) opened.push({ ...peer, ...(await openWarm(peer, WORKERS)) });
  const snake = cpython();
  const sides = [
    {
      name: OURS,
      round: async () =>
        (await micros(() => Promise.all(items.map((item) => ours.submit(tasks[name], item))))) / items.length,
    },
    {
      name: OURS_WAITED,
      round: async () => (await micros(() => wait(items.map((item) => ours.submit(tasks[name], item))))) / items.length,
    },
    { name: FLOOR, round: async () => (await micros(() => floor.batch(name, items))) / items.length },
    { name: FLOOR_OF_PROMISES, round: async () => (await micros(() => floor.each(name, items))) / items.length },
    ...opened.map((peer) => ({
      name: peer.name,
      kind: peer.kind,
      round: async () => (await micros(() => Promise.all(few.map((it) => peer.call(name, it))))) / few.length,
    })),
    ...(snake
      ? [
          {
            name: snake.name,
            kind: 'python',
            round: async () => ((await snake.seconds(python, few.length)) * 1e6) / few.length,
          },
        ]
      : []),
  ];
  try {
    // Ours and the floor are over before the optimizer has looked at them: they get more rounds to warm up.
    for (let round = 0; round < WARM_UPS; round++) for (const { round: run } of sides.slice(0, 4)) await run();
    return await alternate(sides, plan);
  } finally {
    await Promise.all([ours.shutdown(), floor.close(), snake?.close(), ...opened.map((peer) => peer.close())]);
  }
}

/** Like with like: with a promise for each call, and without. */
function againstFloor(sides, limit) {
  return [
    atMost(
      'awaited one by one, against the framed pipe with promises',
      medianRatio(sides, OURS, FLOOR_OF_PROMISES),
      limit,
    ),
    atMost('read through wait(), against the framed pipe', medianRatio(sides, OURS_WAITED, FLOOR), limit),
  ];
}

function medianRatio(sides, one, other) {
  return sides[one].median / sides[other].median;
}

/** @param {import('../run.mjs').Plan} plan */
export async function tiny(plan) {
  const items = Array.from({ length: 10_000 }, (_, i) => i);
  const sides = await measure({ name: 'inc', python: 'tiny', items, plan });
  const mine = sides[OURS].median;
  const rival = fastest(sides, 'pool');
  const python = fastest(sides, 'python');
  return {
    title: `Tiny task, ${items.length.toLocaleString('en-US')} at once`,
    unit: 'µs',
    sides,
    notes: python ? [] : ['CPython: skipped, there is no python3 here'],
    checks: [
      ...againstFloor(sides, 3),
      atLeast(`faster than the fastest process pool, ${rival.name}`, rival.median / mine, 5),
      ...(python ? [atLeast('faster than CPython', python.median / mine, 40)] : []),
    ],
  };
}

/** @param {import('../run.mjs').Plan} plan */
export async function object(plan) {
  const items = objects(plan.quick ? 4_000 : 10_000);
  const sides = await measure({ name: 'echo', python: 'object', items, plan });
  const mine = sides[OURS].median;
  const rival = fastest(sides, 'pool');
  return {
    title: '0.8 kB object, each distinct, echoed, all at once',
    unit: 'µs',
    sides,
    checks: [
      ...againstFloor(sides, 1.5),
      atLeast(`faster than the fastest process pool, ${rival.name}`, rival.median / mine, 1.3),
      atLeast('faster than jest-worker', sides['jest-worker'].median / mine, 4),
    ],
  };
}
