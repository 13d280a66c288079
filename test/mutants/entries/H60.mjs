/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H60',
  origin: 'CPython d06a065a44, 0b447957c7',
  story: 'Workers that have ended are never joined: their records, pipes and listeners stay.',
  patches: [
    {
      file: 'machines/workers.ts',
      replace: `      state.workers.delete(id);
      return emit(state, { type: 'release', worker: id });`,
      with: `      state.workers.delete(id);
      return;`,
    },
  ],
  killedBy: { property: 'I20', also: ['I31'], scope: { workers: 1, tasks: 1, kills: 0, budgets: { shutdown: 1 } } },
};
