/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H38',
  origin: 'CPython bpo-26903, gh-83520',
  story: 'The wait for many processes at once throws beyond a number of them, in the thread that manages all.',
  patches: [
    {
      file: 'machines/workers.ts',
      replace: '  state.workers.set(worker.id, worker);',
      with: `  if (state.workers.size > 1) throw new Error('too many handles to wait for');
  state.workers.set(worker.id, worker);`,
    },
  ],
  killedBy: { property: 'P0', scope: { workers: 3, tasks: 3, kills: 0 } },
};
