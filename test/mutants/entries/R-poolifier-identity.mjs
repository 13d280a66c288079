/** @type {import('../entry.ts').Entry} */
export default {
  id: 'R-poolifier-identity',
  origin: 'poolifier, multiprocess, threads, comlink',
  story: `An exit is seen, but not which calls that worker held: they stay open, or another worker's are failed.`,
  patches: [
    {
      file: 'machines/workers.ts',
      replace: `      state.orphans.push(...heldBy(worker));
      return;`,
      with: '      return;',
    },
  ],
  killedBy: { property: 'I24', scope: { workers: 1, tasks: 1, kills: 1 } },
};
