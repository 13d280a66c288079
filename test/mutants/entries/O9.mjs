/** @type {import('../entry.ts').Entry} */
export default {
  id: 'O9',
  origin: 'CPython gh-124706',
  story:
    'A process cannot be started: submit throws, but the call stays queued, and is run when the next worker comes.',
  patches: [
    {
      file: 'machines/worker.ts',
      replace: `actions: ['noteSpawnFailure', 'stopTimer', 'reportLost', 'release'],`,
      with: `actions: ['noteSpawnFailure', 'stopTimer', 'release'],`,
    },
  ],
  killedBy: { property: 'I21', scope: { workers: 1, tasks: 1, kills: 0, budgets: { spawnFailure: 1 } } },
};
