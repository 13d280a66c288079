/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H18',
  origin: 'CPython bpo-39104, gh-80462, gh-83386',
  story: 'shutdown({ wait: false }) closes the channels right away, although the accepted calls still need them.',
  patches: [
    {
      file: 'machines/executor.ts',
      replace: `shutdown: { target: 'shuttingDown.draining', description: 'No new calls; the accepted ones are finished.' },`,
      with: `shutdown: { target: 'shuttingDown.stopping', actions: ['stopWorkers'], description: 'Closes at once.' },`,
    },
  ],
  killedBy: { property: 'I34', scope: { workers: 1, tasks: 1, kills: 0, budgets: { shutdown: 1 } } },
};
