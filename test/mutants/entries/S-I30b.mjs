/** @type {import('../entry.ts').Entry} */
export default {
  id: 'S-I30b',
  bugs: [],
  origin: 'a slip that is easily made here',
  story: 'The pool ends when its last call is done, as if nobody could submit another one.',
  patches: [
    {
      file: 'machines/core.ts',
      replace: "  if (state.waits > 0 && executor.has(state.executor, 'joined')) state.waits = 0;",
      with: `  if (state.unsettled === 0 && state.nextWork > 0 && executor.has(state.executor, 'dispatches'))
    raiseExecutor(state, 'shutdown');
  if (state.waits > 0 && executor.has(state.executor, 'joined')) state.waits = 0;`,
    },
  ],
  killedBy: { property: 'I30b', scope: { workers: 1, tasks: 2, kills: 0 } },
};
