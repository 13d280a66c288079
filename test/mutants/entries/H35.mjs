/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H35',
  origin: 'CPython gh-152967',
  story: 'The executor is dropped by its user and its last worker retires: the calls that it accepted are never run.',
  patches: [
    {
      file: 'machines/executor.ts',
      replace: `collected: { target: 'shuttingDown.draining', description: 'Nobody can submit any more; finish, then end.' },`,
      with: `collected: { target: 'shuttingDown.stopping', actions: ['stopWorkers'], description: 'Ends at once.' },`,
    },
  ],
  killedBy: { property: 'I34', scope: { workers: 1, tasks: 1, kills: 0, budgets: { collected: 1 } } },
};
