/**
 * Runs one kind of load for some seconds, to be looked at by a profiler.
 *
 * `node hot-path.mjs tiny|object|map|roundtrip|buffer SECONDS [FLAGS OF THE WORKERS…]`; prints how many calls it made.
 */
import { objects } from '../tasks/objects.mjs';
import { openOurs, tasks } from './ours.mjs';

const [, , kind, seconds, ...execArgv] = process.argv;
const pool = await openOurs(kind === 'roundtrip' || kind === 'buffer' ? 1 : 2, { workerOptions: { execArgv } });
const ints = Array.from({ length: 10_000 }, (_, i) => i);
const records = kind === 'object' ? objects(10_000) : [];
const buffer = Buffer.alloc(2 ** 20, 3);
const until = performance.now() + Number(seconds) * 1000;
let calls = 0;
while (performance.now() < until) {
  if (kind === 'tiny') await Promise.all(ints.map((i) => pool.submit(tasks.inc, i)));
  else if (kind === 'object') await Promise.all(records.map((it) => pool.submit(tasks.echo, it)));
  else if (kind === 'map') await pool.map(tasks.inc, ints, { chunksize: 256 }).collect();
  else if (kind === 'buffer') await pool.submit(tasks.echo, buffer);
  else for (const i of ints) await pool.submit(tasks.inc, i);
  calls += kind === 'buffer' ? 1 : ints.length;
}
await pool.shutdown();
console.log(calls);
