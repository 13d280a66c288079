/** @type {import('../entry.ts').Entry} */
export default {
  id: 'B7',
  origin: 'loky, by reading',
  story: 'killWorkers(), then shutdown(): the softer request replaces the harder one.',
  patches: [
    {
      file: 'machines/executor.ts',
      replace: `          description: 'Workers have been sent SIGKILL.',
          tags: ['reaps'],
          on: {
            submit: refusesSubmit,
            shutdown: alreadyEnding,`,
      with: `          description: 'Workers have been sent SIGKILL.',
          tags: ['reaps'],
          on: {
            submit: refusesSubmit,
            shutdown: { target: 'stopping', description: 'As asked for last.' },`,
    },
  ],
  killedBy: { property: 'I30', scope: { workers: 1, tasks: 1, kills: 0, budgets: { kill: 1, shutdown: 1 } } },
};
