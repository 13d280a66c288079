/** The functions of a profile, put together by what they are for. */

/** In this order; the first that matches takes the function. */
const AREAS = [
  ['garbage collection', /^\(garbage collector\)/],
  ['system calls: write', /^writeBuffer|^writeSync|^writeUtf8String|^writev/],
  ['deciding: the core and its charts', /\(machines\//],
  ['futures and promises', /\(runtime\/(future|observers|wait|map)|^runMicrotasks|Promise/],
  ['the driver: events and effects', /\(runtime\/(driver|trace|estimator|exit-watch|process-pool-executor|task)/],
  ['frames: JSON and bytes', /\(runtime\/wire\/|utf8|latin1|\(node:buffer|\(node:internal\/buffer/],
  ['the host: processes and their pipes', /\(runtime\/child-process\//],
  ['the worker: running and reporting', /\(runtime\/worker\/|^now$/],
  [
    'streams and timers of Node',
    /\(node:internal\/(streams|stream_base|timers|process)|\(node:(net|events|internal\/async)/,
  ],
  ['the caller', /\(bench: |\(tasks/],
  [
    'loading modules, once',
    /\(node:internal\/(modules|bootstrap|main|vm|url)|ModuleWrap|\(node:(path|url|fs|internal\/fs)/,
  ],
];

/** @param {{ name: string, micros: number }[]} functions */
export function areasOf(functions) {
  /** @type {Map<string, number>} */
  const totals = new Map();
  for (const { name, micros } of functions) {
    const area = AREAS.find(([, pattern]) => pattern.test(name))?.[0] ?? 'everything else';
    totals.set(area, (totals.get(area) ?? 0) + micros);
  }
  return [...totals].map(([area, micros]) => ({ area, micros })).sort((a, b) => b.micros - a.micros);
}
