/** Why a target is missed, where it is: what stands in the way, by the row's name and the words of the figure. */

/** @type {readonly (readonly [row: string, what: RegExp, why: string])[]} */
const STANDING = [
  [
    'tiny',
    /framed pipe/,
    'Garbage collection of what waits (a fifth to a third of the parent), then futures and promises, then the core: see ' +
      'the profile. The floor has no state to keep for a call, and cannot cancel it, fail it or survive a death.',
  ],
  [
    'tiny',
    /fastest process pool/,
    'Which pool that is changes with the machine; worker-farm sends ten calls at a time to a worker and loses them ' +
      'when it dies.',
  ],
  [
    'tiny',
    /CPython/,
    'Awaited one by one, the promises of a call cost half as much as all the rest of it; read through `wait()` it takes ' +
      'two thirds of the time.',
  ],
  [
    'object',
    /fastest process pool/,
    'From run to run it is 1.2x to 1.4x: two workers and a parent share two cores, and what both pools spend most of is ' +
      'the same JSON. worker-farm sends ten calls at a time to a worker and loses them when it dies.',
  ],
  [
    'object',
    /./,
    'Half of it is copying: JSON both ways and the walk that decides whether JSON keeps the value exactly. The ' +
      'floor copies 512 objects in one v8 frame, in which they would share what they have in common.',
  ],
  [
    'roundtrip',
    /framed v8 echo/,
    'A worker has a session of its own, so that Ctrl-C reaches the parent alone. Where Linux schedules by session ' +
      '(`sched_autogroup_enabled`), waking it costs 2 to 6 µs; an echo that is started so pays the same.',
  ],
  [
    'roundtrip',
    /fork IPC/,
    'A framed echo over a pipe of its own misses this as well: the channel of `fork` is read without a stream of Node ' +
      'in between, and nothing public gives that to another pipe. Half of the time of the parent is the one system ' +
      'call that writes.',
  ],
  [
    'echo',
    /./,
    'The parent reads a pipe of Node in chunks of 64 KiB and copies each to where it belongs; the public API gives no ' +
      'descriptor to read from in place, as a worker does.',
  ],
  [
    'payload',
    /result: time/,
    'The parent reads a pipe of Node in chunks of 64 KiB and copies each to where it belongs; a worker, which has the ' +
      'descriptor, reads in place, and arguments are faster than the raw socket.',
  ],
  [
    'map',
    /CPython/,
    'Two serialized copies by themselves are nearly half of what an item costs; the rest is the input and the output, ' +
      'read item by item.',
  ],
  [
    'first',
    /./,
    'The bare child loads no module but its task. A worker loads one file of 44 kB more (2 ms to compile), and its ' +
      'guard against orphans (`setpriv`) is one more program to start (1 to 3 ms).',
  ],
  [
    'import',
    /empty ES module/,
    'What is left is V8 compiling 30 kB (1.1 ms), evaluating it (0.4 ms), and a second file with its look-up of ' +
      '`package.json` (0.4 ms): an empty module takes 0.7 to 1 ms by itself. All that only a pool needs, 106 kB, is ' +
      'loaded with the first one, and builtins are taken without an import.',
  ],
  [
    'step',
    /in the mean/,
    'On a quiet machine it is 0.15 to 0.18 µs; most of that is the list of effects and the counts that the facts are ' +
      'raised from.',
  ],
];

/** The missed figures of a run with what stands in the way. @param {Record<string, { title: string, checks: { what: string, ok: boolean }[] }>} rows */
export function standing(rows) {
  const missed = Object.entries(rows).flatMap(([name, { title, checks }]) =>
    checks.filter(({ ok }) => !ok).map(({ what }) => ({ name, title, what })),
  );
  if (missed.length === 0) return [];
  const lines = ['', '## What stands in the way', '', '| missed | what stands in the way |', '| --- | --- |'];
  for (const { name, title, what } of missed) {
    const why = STANDING.find(([row, pattern]) => row === name && pattern.test(what))?.[2];
    if (why === undefined) throw new Error(`Say in bench/report/standing.mjs why '${name}: ${what}' is missed.`);
    lines.push(`| ${title}: ${what} | ${why} |`);
  }
  return lines;
}
