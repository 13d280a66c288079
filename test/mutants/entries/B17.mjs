/** @type {import('../entry.ts').Entry} */
export default {
  id: 'B17',
  origin: 'dask 6689, 6709, 6673',
  story: 'A call that nobody wants any more is wanted again: what was cancelled waits once more.',
  patches: [
    {
      file: 'machines/future.ts',
      replace: `      description: 'Cancelled, and the executor knows.',
      type: 'final',
      tags: ['cancelled', 'done'],
      on: {
        cancel: { description`,
      with: `      description: 'Cancelled, and the executor knows.',
      type: 'final',
      tags: ['cancelled', 'done'],
      on: {
        cancel: { target: 'PENDING', description`,
    },
  ],
  killedBy: { property: 'I1', scope: { workers: 1, tasks: 1, kills: 0, budgets: { cancel: 2 } } },
};
