/** Row "map over a million integers, chunksize 256". */
import { deserialize, serialize } from 'node:v8';
import { alternate, micros } from '../lib/alternate.mjs';
import { atLeast, atMost, fastest } from '../lib/check.mjs';
import { cpython } from '../sides/cpython.mjs';
import { openOurs, tasks } from '../sides/ours.mjs';

const CHUNK = 256;

/** What the bytes alone cost: each chunk copied on the way there and on the way back. @param {number[]} items */
function copyTwice(items) {
  let copied = 0;
  for (let first = 0; first < items.length; first += CHUNK) {
    const there = deserialize(serialize(items.slice(first, first + CHUNK)));
    copied += deserialize(serialize(there)).length;
  }
  if (copied !== items.length) throw new Error(`${copied} items were copied, there are ${items.length}`);
}

/** @param {import('../run.mjs').Plan} plan */
export async function map(plan) {
  const count = plan.quick ? 100_000 : 1_000_000;
  const items = Array.from({ length: count }, (_, i) => i);
  const pool = await openOurs(2);
  const snake = cpython();
  try {
    const sides = await alternate(
      [
        {
          name: 'procfutures',
          round: async () => {
            const began = performance.now();
            const results = await pool.map(tasks.inc, items, { chunksize: CHUNK }).collect();
            if (results.length !== count || results[count - 1] !== count) throw new Error('map gave something else');
            return ((performance.now() - began) * 1000) / count;
          },
        },
        { name: 'two serialized copies', round: async () => (await micros(() => copyTwice(items))) / count },
        ...(snake
          ? [
              {
                name: snake.name,
                kind: 'python',
                round: async () => ((await snake.seconds('map', count)) * 1e6) / count,
              },
            ]
          : []),
      ],
      plan,
    );
    const mine = sides.procfutures.median;
    const python = fastest(sides, 'python');
    return {
      title: `map over ${count.toLocaleString('en-US')} integers, chunksize ${CHUNK}, per item`,
      unit: 'µs',
      sides,
      notes: python ? [] : ['CPython: skipped, there is no python3 here'],
      checks: [
        atMost('against two serialized copies of the same chunks', mine / sides['two serialized copies'].median, 4),
        ...(python ? [atLeast('faster than CPython', python.median / mine, 4)] : []),
      ],
    };
  } finally {
    await Promise.all([pool.shutdown(), snake?.close()]);
  }
}
