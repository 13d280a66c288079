/** @type {import('../entry.ts').Entry} */
export default {
  id: 'S-P4',
  bugs: [],
  origin: 'a slip that is easily made here',
  story: 'A cancelled call is counted as one that failed.',
  patches: [
    {
      file: 'machines/state.ts',
      replace: '  if (outcome === undefined) counts.cancelled++;',
      with: '  if (outcome === undefined) counts.failed++;',
    },
  ],
  killedBy: { property: 'P4', scope: { workers: 1, tasks: 1, kills: 0, budgets: { cancel: 1 } } },
};
