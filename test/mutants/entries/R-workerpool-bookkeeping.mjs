/** @type {import('../entry.ts').Entry} */
export default {
  id: 'R-workerpool-bookkeeping',
  origin: 'jest-worker, workerpool, worker-farm, poolifier',
  story: 'A call is booked before it is copied, and the copy fails: the pool thinks that another call was answered.',
  patches: [
    {
      file: 'machines/workers.ts',
      replace: `const place = event.type === 'callRejected' ? placeOf(worker, event.work) : worker.head;`,
      with: 'const place = 0;',
    },
  ],
  killedBy: {
    property: 'I25',
    scope: { workers: 1, tasks: 2, kills: 0, costs: ['short', 'short'], budgets: { argumentUncopyable: 1 } },
  },
};
