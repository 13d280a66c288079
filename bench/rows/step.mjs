/** Row "deciding": what one event costs the core, beside the cheapest thing that one could do with an id. */
import { Bench } from 'tinybench';
import { compiledCharts } from '../../dist/machines/charts.js';
import { step as decide } from '../../dist/machines/core.js';
import { createCore } from '../../dist/machines/state.js';
import { createWork } from '../../dist/machines/work.js';
import { alternate } from '../lib/alternate.mjs';
import { atMost } from '../lib/check.mjs';

const CALLS = 1_000;

/** Two idle workers whose calls are known to be short. */
function readyCore() {
  const core = createCore({ maxWorkers: 2, maxTasksPerChild: Number.POSITIVE_INFINITY, prefetchHorizon: 1_000 });
  decide(core, { type: 'costEstimated', task: 0, cost: 1 });
  const first = [0, 1].map(() => createWork(compiledCharts, 0, undefined));
  for (const work of first) decide(core, { type: 'submit', work });
  for (const worker of [0, 1]) {
    decide(core, { type: 'spawned', worker, pid: 100 + worker });
    decide(core, { type: 'ready', worker });
  }
  for (const [worker, { held }] of core.workers) for (const { id } of [...held]) answer(core, worker, id);
  return core;
}

function answer(core, worker, work) {
  return decide(core, {
    type: 'outcomeReceived',
    worker,
    work,
    outcome: { kind: 'result', value: work },
    micros: 1,
  });
}

/** Accepts a thousand calls and answers them all: two events a call, in the order in which a pool meets them. */
function thousandCalls(core) {
  for (let i = 0; i < CALLS; i++) decide(core, { type: 'submit', work: createWork(compiledCharts, 0, undefined) });
  const workers = [...core.workers.values()];
  for (let open = true; open; ) {
    open = false;
    for (const worker of workers) {
      const head = worker.held[worker.head];
      if (head === undefined) continue;
      answer(core, worker.id, head.id);
      open = true;
    }
  }
}

/** As many calls as the table of a busy pool holds. */
const LIVE = 10_000;
const map = new Map(Array.from({ length: LIVE }, (_, id) => [id, { id }]));
let next = LIVE;

/** One call comes, one is looked up, and so that the table stays as large as it is, one goes. */
function thousandLookUps() {
  let sum = 0;
  for (let i = 0; i < CALLS; i++) {
    const id = next++;
    map.set(id, { id });
    sum += map.get(id - LIVE / 2).id;
    map.delete(id - LIVE);
  }
  return sum;
}

/** Nanoseconds of one operation, the median of what tinybench saw. */
async function nanoseconds(work, operations) {
  const bench = new Bench({ time: 60, warmupTime: 20, retainSamples: true });
  bench.add('work', work);
  await bench.run();
  const { result } = bench.tasks[0];
  if (result.error) throw result.error;
  return (result.latency.p50 * 1e6) / operations;
}

/** @param {import('../run.mjs').Plan} plan */
export async function step(plan) {
  const core = readyCore();
  const sides = await alternate(
    [
      { name: 'step', round: () => nanoseconds(() => thousandCalls(core), 2 * CALLS) },
      { name: 'Map, one get and set', round: () => nanoseconds(thousandLookUps, CALLS) },
    ],
    plan,
  );
  const mine = sides.step.median;
  return {
    title: 'Deciding: one event of step()',
    unit: 'ns',
    sides,
    checks: [
      atMost('against a get and a set of a Map', mine / sides['Map, one get and set'].median, 5),
      atMost('an event in the mean', mine / 1000, 0.2, 'µs'),
    ],
  };
}
