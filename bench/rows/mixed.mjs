/**
 * Row "mixed load": calls come at random at half of what two workers can do; one in a hundred takes 50 ms, the others
 * 10 µs. How long do short ones take from submit to result, and what does sending ahead of time add to that?
 */
import { alternate } from '../lib/alternate.mjs';
import { atMost } from '../lib/check.mjs';
import { median, quantile, random } from '../lib/statistics.mjs';
import { openOurs, tasks } from '../sides/ours.mjs';

const WORKERS = 2;
const LONG = 50_000;
const SHORT = 10;
const LONG_SHARE = 0.01;
/** Milliseconds between two calls in the mean, for a load of one half. */
const INTERVAL = (2 * (LONG_SHARE * LONG + (1 - LONG_SHARE) * SHORT)) / 1000 / WORKERS;
/** A finished result may wait so long for a later call, in ms. */
const STRANDED = 0.25;

/** The calls of one run: when each is due, and whether it is long. The same for both sides of a round. */
function schedule(seed, ms) {
  const chance = random(seed);
  const calls = [];
  for (let at = 0; at < ms; at += -Math.log(1 - chance()) * INTERVAL) calls.push({ at, isLong: chance() < LONG_SHARE });
  return calls;
}

/** Milliseconds on the clock that all processes share. */
const now = () => Number(process.hrtime.bigint()) / 1e6;

/** @param {'two' | 'one'} functions how many functions the load is of */
async function run(pool, calls, functions) {
  const done = [];
  const futures = [];
  const began = performance.now();
  for (const { at, isLong } of calls) {
    while (performance.now() - began < at) await new Promise(setImmediate);
    const task = functions === 'one' ? tasks.busy : isLong ? tasks.long : tasks.short;
    const submitted = now();
    const future = pool.submit(task, isLong ? LONG : SHORT);
    future.addDoneCallback(() => {
      const [pid, start, end] = future.resultNow();
      done.push({ pid, start: start / 1e6, end: end / 1e6, isLong, submitted, told: now() });
    });
    futures.push(future);
  }
  await Promise.all(futures);
  return done;
}

/** The longest that a finished short result was held back by the long call that its worker ran next. */
function longestStranded(done) {
  let longest = 0;
  for (const pid of new Set(done.map((call) => call.pid))) {
    const own = done.filter((call) => call.pid === pid).sort((a, b) => a.start - b.start);
    let nextLong;
    for (const call of own.reverse()) {
      if (nextLong && !call.isLong && call.told >= nextLong.end)
        longest = Math.max(longest, nextLong.end - Math.max(call.end, nextLong.start));
      if (call.isLong) nextLong = call;
    }
  }
  return longest;
}

/** @param {import('../run.mjs').Plan} plan */
export async function mixed(plan) {
  const ms = plan.quick ? 1_000 : 5_000;
  const ahead = await openOurs(WORKERS);
  const none = await openOurs(WORKERS, { prefetchHorizon: 0 });
  /** @type {Record<string, number[]>} */
  const stranded = { two: [], one: [] };
  let rounds = 0;
  const side = (name, pool, functions) => ({
    name,
    round: async () => {
      const done = await run(pool, schedule(1 + Math.floor(rounds++ / 4), ms), functions);
      if (pool === ahead) stranded[functions].push(longestStranded(done));
      const short = done.filter(({ isLong }) => !isLong).map(({ submitted, told }) => told - submitted);
      return quantile(short, 0.99);
    },
  });
  try {
    const sides = await alternate(
      [
        side('two functions', ahead, 'two'),
        side('two functions, prefetchHorizon 0', none, 'two'),
        side('one function', ahead, 'one'),
        side('one function, prefetchHorizon 0', none, 'one'),
      ],
      plan,
    );
    const ratio = (name) => sides[name].median / sides[`${name}, prefetchHorizon 0`].median;
    return {
      title: 'Mixed load: 99th percentile of the short calls',
      unit: 'ms',
      sides,
      checks: [
        atMost('(a) two functions, against prefetchHorizon 0', ratio('two functions'), 1.1),
        atMost('(b) one function, against prefetchHorizon 0', ratio('one function'), 1.1),
        atMost(
          '(a) a finished result waits for a later long call, worst of a round',
          median(stranded.two),
          STRANDED,
          'ms',
        ),
        atMost(
          '(b) a finished result waits for a later long call, worst of a round',
          median(stranded.one),
          STRANDED,
          'ms',
        ),
      ],
    };
  } finally {
    await Promise.all([ahead.shutdown(), none.shutdown()]);
  }
}
