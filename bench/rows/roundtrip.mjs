/** Row "one at a time": the tenth percentile, because the median swings with the scheduler. */
import { alternate } from '../lib/alternate.mjs';
import { atMost } from '../lib/check.mjs';
import { quantile } from '../lib/statistics.mjs';
import { framedPipe } from '../sides/framed-pipe.mjs';
import { openOurs, tasks } from '../sides/ours.mjs';
import { openWarm, peers } from '../sides/peers.mjs';
import { endChild, forkChild } from '../sides/processes.mjs';

/** The tenth percentile of many calls, each awaited before the next. @param {(i: number) => PromiseLike<unknown>} call */
async function tenthPercentile(calls, call) {
  const taken = new Float64Array(calls);
  for (let i = 0; i < calls; i++) {
    const began = performance.now();
    await call(i);
    taken[i] = (performance.now() - began) * 1000;
  }
  return quantile(taken, 0.1);
}

/** A child of `fork` as a side. @param {'json' | 'advanced'} serialization */
function forked(serialization) {
  const child = forkChild(new URL('../sides/fork-child.mjs', import.meta.url), { serialization });
  let answer = (/** @type {unknown} */ _value) => {};
  child.on('message', (value) => answer(value));
  const call = (/** @type {number} */ x) =>
    new Promise((resolve) => {
      answer = resolve;
      child.send(x);
    });
  return { name: `fork, IPC ${serialization}`, call, close: () => endChild(child) };
}

/** @param {import('../run.mjs').Plan} plan */
export async function roundtrip(plan) {
  const calls = plan.quick ? 500 : 2_000;
  const ours = await openOurs(1);
  const floor = await framedPipe(1);
  const forks = [forked('json'), forked('advanced')];
  const opened = [];
  for (const peer of peers) opened.push({ ...peer, ...(await openWarm(peer, 1)) });
  try {
    const side = (name, call, kind) => ({ name, kind, round: () => tenthPercentile(calls, call) });
    const sides = await alternate(
      [
        side('procfutures', (i) => ours.submit(tasks.inc, i)),
        side('framed v8 echo', (i) => floor.batch('inc', [i])),
        ...forks.map(({ name, call }) => side(name, call)),
        ...opened.map((peer) => side(peer.name, (i) => peer.call('inc', i), peer.kind)),
      ],
      plan,
    );
    const mine = sides.procfutures.median;
    return {
      title: 'One at a time, tenth percentile of each round',
      unit: 'µs',
      sides,
      checks: [
        atMost('against a framed v8 echo', mine / sides['framed v8 echo'].median, 1),
        atMost('against fork IPC json', mine / sides['fork, IPC json'].median, 1.1),
      ],
    };
  } finally {
    await Promise.all([ours.shutdown(), ...[floor, ...forks, ...opened].map((it) => it.close())]);
  }
}
