/** @type {import('../entry.ts').Entry} */
export default {
  id: 'B9',
  origin: 'Ray 63663, 29984',
  story: 'Two cancels of one call: the second cancels what is cancelled, and everybody is told twice.',
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
        cancel: { actions: ['publish'], description`,
    },
  ],
  killedBy: { property: 'I1', scope: { workers: 1, tasks: 1, kills: 0, budgets: { cancel: 2 } } },
};
