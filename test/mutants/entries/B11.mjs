/** @type {import('../entry.ts').Entry} */
export default {
  id: 'B11',
  origin: 'Parsl, by reading',
  story:
    'A worker dies between the moment at which a call was taken from the queue and the one at which it was written down that the worker has it.',
  patches: [
    {
      file: 'machines/workers.ts',
      replace: `  hold(worker, work, state.costs[work.task] ?? UNKNOWN_COST);
`,
      with: '',
    },
  ],
  killedBy: { property: 'I13', also: ['P14'], scope: { workers: 1, tasks: 1, kills: 0 } },
};
