/** @type {import('../entry.ts').Entry} */
export default {
  id: 'B14',
  origin: 'dask nanny',
  story: 'The news of an old worker is taken for news of the new one in its place.',
  patches: [
    {
      file: 'machines/workers.ts',
      replace: `  const worker = state.workers.get(event.worker);
  if (!worker) {`,
      with: `  const worker = state.workers.get(event.worker) ?? [...state.workers.values()].at(-1);
  if (!worker) {`,
    },
  ],
  killedBy: {
    file: 'test/mutants/demanded.test.ts',
    title: 'news of a worker that is gone is counted, and changes nothing for the one in its place',
  },
};
