/** @type {import('../entry.ts').Entry} */
export default {
  id: 'S-P9',
  bugs: [],
  origin: 'a slip that is easily made here',
  story: 'A process outlives SIGKILL; it is forgotten, and nobody is told which one still runs.',
  patches: [
    {
      file: 'machines/workers.ts',
      replace: "      return emit(state, { type: 'giveUp', worker: id, pid: evidence.pid });",
      with: '      return;',
    },
  ],
  killedBy: { property: 'P9', scope: { workers: 1, tasks: 1, kills: 0, budgets: { kill: 1, impatience: 1 } } },
};
