/**
 * `npm run soak`: steady load for ten minutes (`--minutes N`), after which neither memory nor descriptors have grown.
 *
 * Everything that a pool does is in the load: small calls, objects, large buffers, failures, cancellations, `map` that
 * is left early, waits that time out, worker processes that are replaced. Ends with code 1 when something has grown.
 */
import { commandLine } from './lib/command-line.mjs';
import { descriptors, residentMB } from './lib/proc.mjs';
import { asCompleted, wait } from './lib/project.mjs';
import { median } from './lib/statistics.mjs';
import { openOurs, tasks } from './sides/ours.mjs';
import { object } from './tasks/objects.mjs';

const USAGE = `npm run soak -- [options]

  --minutes N  how long (10)`;

const { values } = commandLine(USAGE, { minutes: { type: 'string', default: '10' } }, ({ minutes }, [extra]) => {
  if (extra !== undefined) return `What is '${extra}'?`;
  return Number(minutes) > 0 ? undefined : `--minutes takes a number above 0, not ${minutes}.`;
});
const minutes = Number(values.minutes);
if (globalThis.gc === undefined) throw new Error('Run it with --expose-gc, as npm run soak does.');

const SAMPLES = 60;
/** Growth from the second quarter to the last that counts as flat: noise of the collector and of the allocator. */
const ALLOWED = {
  'heap, MB': 1,
  'resident, MB': 10,
  'a worker keeps, MB': 1,
  'workers, MB': 10,
  descriptors: 0,
  'active handles': 0,
};

/**
 * Workers begin with a young generation of full size. V8 enlarges it once enough has survived in all, here after two
 * million calls: 12 MB more for good, which are not ours and would hide what is.
 */
const pool = await openOurs(2, { workerOptions: { execArgv: ['--expose-gc', '--min-semi-space-size=16'] } });
const replaced = await openOurs(1, { maxTasksPerChild: 500 });
const large = Buffer.alloc(2 ** 18, 3);
let calls = 0;

/** One round of load, some 400 calls. */
async function load(round) {
  const futures = [];
  for (let i = 0; i < 200; i++) futures.push(pool.submit(tasks.inc, i));
  for (let i = 0; i < 50; i++) futures.push(pool.submit(tasks.echo, object(i)));
  for (let i = 0; i < 50; i++) futures.push(replaced.submit(tasks.inc, i));
  for (let i = 0; i < 10; i++) futures.push(pool.submit(tasks.fail, `on purpose, ${round}.${i}`));
  for (let i = 0; i < 2; i++) futures.push(pool.submit(tasks.echo, large));
  for (const future of futures.slice(-30)) future.cancel();
  await wait(futures.slice(0, 5), { timeout: 1 });
  for await (const result of pool.map(tasks.inc, [1, 2, 3, 4, 5], { buffersize: 2 })) if (result === 4) break;
  await pool.map(tasks.inc, Array(100).fill(1), { chunksize: 16 }).collect();
  for await (const future of asCompleted(futures)) future.cancelled() || future.exceptionNow();
  calls += futures.length + 105;
}

/** What must not grow. */
async function look() {
  globalThis.gc();
  const kept = await Promise.all([0, 1].map(() => pool.submit(tasks.kept)));
  const workers = [...workerPids].map((pid) => residentMB(pid) ?? 0).reduce((sum, it) => sum + it, 0);
  return {
    'heap, MB': process.memoryUsage().heapUsed / 2 ** 20,
    'resident, MB': residentMB('self') ?? 0,
    'a worker keeps, MB': Math.max(...kept) / 2 ** 20,
    'workers, MB': workers,
    descriptors: descriptors() ?? 0,
    'active handles': process.getActiveResourcesInfo().length,
  };
}

const workerPids = new Set(
  await Promise.all([0, 1].map(() => pool.submit(tasks.busy, 20_000))).then((all) => all.map(([pid]) => pid)),
);
const began = performance.now();
const every = (minutes * 60_000) / SAMPLES;
/** @type {Awaited<ReturnType<typeof look>>[]} */
const samples = [];
for (let round = 0; samples.length < SAMPLES; round++) {
  await load(round);
  // Breathing between the rounds: steady load, not as much as there can be.
  await new Promise((resolve) => setTimeout(resolve, 5));
  if (performance.now() - began < every * (samples.length + 1)) continue;
  // A worker that is being replaced has descriptors of two.
  await wait([replaced.submit(tasks.inc, 0)]);
  samples.push(await look());
  const last = Object.entries(samples.at(-1)).map(([name, value]) => `${name} ${Math.round(value * 10) / 10}`);
  if (samples.length % 6 === 0)
    console.log(`${Math.round((performance.now() - began) / 1000)} s, ${calls} calls: ${last.join('; ')}`);
}
await Promise.all([pool.shutdown(), replaced.shutdown()]);

const quarter = SAMPLES / 4;
let grown = 0;
for (const [name, allowed] of Object.entries(ALLOWED)) {
  const early = median(samples.slice(quarter, 2 * quarter).map((sample) => sample[name]));
  const late = median(samples.slice(-quarter).map((sample) => sample[name]));
  const flat = late - early <= allowed;
  if (!flat) grown++;
  console.log(`${flat ? 'flat ' : 'GROWN'}  ${name}: ${early.toFixed(1)} -> ${late.toFixed(1)} (allowed ${allowed})`);
}
process.exitCode = grown > 0 ? 1 : 0;
