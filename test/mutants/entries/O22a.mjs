/** @type {import('../entry.ts').Entry} */
export default {
  id: 'O22a',
  origin: 'CPython gh-148280, gh-80961, gh-86575',
  story: 'The process leaves while calls are open: the executor goes on as if there were time to finish them.',
  patches: [
    {
      file: 'machines/executor.ts',
      replace: `const leaves = {
  target: '#executor.shuttingDown.killing',
  actions: ['cancelPending', 'failKilled', 'killWorkers'],`,
      with: `const leaves = {
  target: '#executor.shuttingDown.draining',
  actions: [],`,
    },
  ],
  killedBy: { property: 'I30', scope: { workers: 1, tasks: 1, kills: 0, budgets: { processExit: 1 } } },
};
