/** @type {import('../entry.ts').Entry} */
export default {
  id: 'S-I23',
  bugs: [],
  origin: 'a slip that is easily made here',
  story: 'The pool breaks; the other workers are signalled first, and futures fail when somebody has time for them.',
  patches: [
    {
      file: 'machines/executor.ts',
      replace: "  actions: ['failUnfinished'],",
      with: "  actions: ['terminateWorkers', 'failUnfinished'],",
    },
    {
      file: 'machines/executor.ts',
      replace: `              actions: ['terminateWorkers'],
              description: 'No future waits`,
      with: "              description: 'No future waits",
    },
  ],
  killedBy: { property: 'I23', scope: { workers: 2, tasks: 2, kills: 1 } },
};
