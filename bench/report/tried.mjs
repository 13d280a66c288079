/** What was tried to make things faster, and what it gave: so that nobody has to try it again to know. */

/** Each side by side with the build before it, in turns in one process, on a machine under load: read the ratios. */
const TRIED = [
  ['one observer of a future without a list, and an object for closures', 'tiny task, CPU of the parent', '0.6x'],
  ['a step with two effects makes a list of two; `wait()` hands out its own set', 'tiny, `wait()`, parent', '0.8x'],
  ['calls and results as one flat list a frame, primitives as they are', 'tiny task, parent; workers', '0.8x; 0.65x'],
  ['128 calls a frame for 512', 'tiny task; 0.8 kB object, parent', '0.83x; 0.9x'],
  ['finished items of `map` are read without promises, plain chunks travel as one list', '`map`, CPU', '0.2x'],
  ['an object is cloned at once for JSON, then looked at', 'copying one 0.8 kB object', '0.85x'],
  ['large binaries are read straight into their own memory', '100 MB argument, time', '0.7x'],
  ['one file for a worker in place of seventeen', 'worker at rest, over a bare child', '7.1 MB to 1.2 MB'],
  ['two files for the main entry in place of fifty', 'import, against an empty module', '50x to 15x'],
  ['`node:child_process` and `node:v8` when they are needed', 'import, CPU', '0.65x'],
  [
    'builtins from `process.getBuiltinModule`, not by `import`: that reads each property, and loads `fs.promises`',
    'import, CPU; time',
    '0.7x; 0.7x',
  ],
  ['what only a pool needs in a file of its own, loaded by `require()` with the first pool', 'import, CPU', '0.5x'],
  ['that file as a function in parentheses, which V8 then does not read twice', 'import and first pool, time', '0.75x'],
  ['`map` and the options of a pool in that file too', 'import, against an empty module', '5.0x to 4.5x'],
  ['that file by `vm.compileFunction`, not by `require()`', 'import and first pool, CPU', 'no gain: not taken'],
  ['calls written in a tick, not in an immediate', 'one at a time, against a framed echo', '1.23x to 1.11x'],
  ['a head in the list of held calls for `shift()`', '`step`, an event', '0.73x'],
  ['names of the bundle shortened, white space removed', 'import', '3 %: not taken'],
  ['buckets of cost in a table, the next worker found in another order', 'tiny task, parent', '0 to 5 %: not taken'],
  ['predicted cost kept with the call', '`step`, an event', '0.88x, and 8 bytes a future: not taken'],
  ['head and large binaries in one `writev`', '1 MiB echo, 100 MB argument', 'no gain: not taken'],
  ['`Object.prototype.toString` for `isArgumentsObject`', 'copying one 0.8 kB object', 'slower: not taken'],
  ['a string for each call, joined, for one `JSON.stringify` a frame', '0.8 kB object', 'slower: not taken'],
  ['`v8.serialize` a frame for JSON', '0.8 kB object', 'as fast, but calls would share objects: not taken'],
  [
    '`then` with one promise for two',
    'awaiting a future, 0.3 µs',
    'callbacks would lose their `AsyncLocalStorage`: not taken',
  ],
];

/** The section of the page. */
export function tried() {
  return [
    '',
    '## What was tried',
    '',
    'Each beside the build without it, in turns in one process. Most of what is left of a tiny task in the parent is',
    'garbage collection: what waits (a future, its work item, its arguments, and two promises with their functions for',
    'each `await`) survives the young generation while ten thousand calls are under way. A promise awaited in place of',
    'a future costs a third, because a future is a thenable. Of 100 MB each process takes 25,000 pages for the first',
    'time; that, not copying, is what they cost.',
    '',
    '| what | figure | gain |',
    '| --- | --- | --- |',
    ...TRIED.map((row) => `| ${row.join(' | ')} |`),
  ];
}
