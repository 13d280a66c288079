/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H43',
  origin: 'CPython bpo-33238',
  story: 'A future that is done can be settled again: the second result silently replaces the first.',
  patches: [
    {
      file: 'machines/future.ts',
      replace: `        setResult: { actions: ['refuse'], description: 'The first outcome stays; a later one is dropped.' },`,
      with: `        setResult: { target: 'FINISHED', actions: ['publish'], description: 'The last outcome stays.' },`,
    },
  ],
  killedBy: { property: 'I1', scope: { workers: 1, tasks: 1, kills: 0, budgets: { settle: 1 } } },
};
