/** @type {import('../entry.ts').Entry} */
export default {
  id: 'B12',
  origin: 'trio-parallel 167, anyio, dask nanny',
  story: 'A worker never says that it is ready, and nobody gives up waiting.',
  patches: [
    {
      file: 'machines/worker.ts',
      replace: `      entry: ['spawn', 'startBootTimer'],`,
      with: `      entry: ['spawn'],`,
    },
  ],
  killedBy: { property: 'P2', scope: { workers: 1, tasks: 1, kills: 0 } },
};
