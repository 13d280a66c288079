/** @type {import('../entry.ts').Entry} */
export default {
  id: 'R-nwtp-close',
  origin: 'jest-worker, poolifier, node-worker-threads-pool',
  story: 'Closing kills the workers and forgets the promises of the calls that they ran.',
  patches: [
    {
      file: 'machines/executor.ts',
      replace: `const kills = {
  target: '#executor.shuttingDown.killing',
  actions: ['cancelPending', 'failKilled', 'killWorkers'],`,
      with: `const kills = {
  target: '#executor.shuttingDown.killing',
  actions: ['cancelPending', 'killWorkers'],`,
    },
  ],
  killedBy: { property: 'I37', scope: { workers: 1, tasks: 1, kills: 0, budgets: { kill: 1 } } },
};
