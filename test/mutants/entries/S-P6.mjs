/** @type {import('../entry.ts').Entry} */
export default {
  id: 'S-P6',
  bugs: [],
  origin: 'a slip that is easily made here',
  story: 'News of a worker that is gone is thrown away, and nobody can tell later that there was any.',
  patches: [
    {
      file: 'machines/workers.ts',
      replace: `  if (!worker) {
    state.counts.dropped++;
    return;`,
      with: `  if (!worker) {
    return;`,
    },
  ],
  killedBy: { property: 'P6', scope: { workers: 1, tasks: 1, kills: 1, budgets: { lateNews: 1 } } },
};
