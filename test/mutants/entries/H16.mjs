/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H16',
  origin: 'CPython bpo-33097, gh-77278',
  story: 'A call is accepted after the shutdown began; nobody is left to run it.',
  patches: [
    {
      file: 'machines/executor.ts',
      replace: `          tags: ['dispatches', 'drains'],
          on: {
            submit: refusesSubmit,`,
      with: `          tags: ['dispatches', 'drains'],
          on: {
            submit: { actions: ['accept'], description: 'Still accepted.' },`,
    },
  ],
  killedBy: { property: 'I11', scope: { workers: 1, tasks: 2, kills: 0, budgets: { shutdown: 1 } } },
};
