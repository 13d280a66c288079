/** @type {import('../entry.ts').Entry} */
export default {
  id: 'S-I32',
  bugs: [],
  origin: 'a slip that is easily made here',
  story: 'Every shutdown cancels what waits, whether that was asked for or not.',
  patches: [
    {
      file: 'machines/core.ts',
      replace: "      if (event.cancelFutures) raiseExecutor(state, 'cancelFutures');",
      with: "      raiseExecutor(state, 'cancelFutures');",
    },
  ],
  killedBy: { property: 'I32', scope: { workers: 1, tasks: 1, kills: 0, budgets: { shutdown: 1 } } },
};
