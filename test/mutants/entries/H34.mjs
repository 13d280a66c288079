/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H34',
  origin: 'CPython gh-119592',
  story:
    'Workers are replaced only while nobody has shut the executor down: after shutdown({ wait: false }) and a retirement the accepted calls are stranded.',
  patches: [
    {
      file: 'machines/executor.ts',
      replace: `          tags: ['dispatches', 'drains'],`,
      with: `          tags: ['drains'],`,
    },
  ],
  killedBy: {
    property: 'I46',
    scope: { workers: 1, tasks: 2, kills: 0, maxTasksPerChild: 1, budgets: { shutdown: 1 } },
  },
};
