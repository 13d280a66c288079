/** @type {import('../entry.ts').Entry} */
export default {
  id: 'S-I26',
  bugs: [],
  origin: 'a slip that is easily made here',
  story: 'Calls travel together; one of them cannot be copied, and all that travel with it fail.',
  patches: [
    {
      file: 'machines/workers.ts',
      replace: "  if (worker.held.length === 0 && state.charts.worker.has(worker.state, 'answers'))",
      with: `  if (event.type === 'callRejected')
    for (const other of takeAll(worker)) raiseFuture(state, other, 'setException', event.outcome);
  if (worker.held.length === 0 && state.charts.worker.has(worker.state, 'answers'))`,
    },
  ],
  killedBy: {
    property: 'I26',
    scope: { workers: 1, tasks: 2, kills: 0, costs: ['short', 'short'], budgets: { argumentUncopyable: 1 } },
  },
};
