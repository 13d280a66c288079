/** @type {import('../entry.ts').Entry} */
export default {
  id: 'B19',
  origin: 'dask 334, Sidekiq Pro, OasisPlatform 975',
  story: 'A call that kills its worker is given to the next worker, and kills that one too.',
  patches: [
    {
      file: 'machines/workers.ts',
      replace: `      state.orphans.push(...heldBy(worker));
      return;`,
      with: `      for (const work of heldBy(worker)) {
        state.queue.places.splice(state.queue.head, 0, work);
        state.queue.size++;
      }
      state.losses = [];
      return;`,
    },
  ],
  killedBy: { property: 'I28', scope: { workers: 1, tasks: 1, kills: 1 } },
};
