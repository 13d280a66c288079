/** @type {import('../entry.ts').Entry} */
export default {
  id: 'S-I45',
  bugs: [],
  origin: 'a slip that is easily made here',
  story: 'An error of the executor itself is caught, and everything goes on as if nothing had happened.',
  patches: [
    {
      file: 'machines/core.ts',
      replace: "  if (executor.has(state.executor, 'joined')) return;",
      with: "  if (state.charts.executor.has(state.executor, 'joined') || state.unsettled > 0) return;",
    },
  ],
  killedBy: { property: 'I45', scope: { workers: 1, tasks: 1, kills: 0, budgets: { internalFailure: 1 } } },
};
