/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H12',
  origin: 'CPython bpo-33078',
  story:
    'A slot is taken for a call that never reaches a worker, since it cannot be copied; it is never given back, and after some of them nothing is sent any more.',
  patches: [
    {
      file: 'machines/workers.ts',
      replace: `  raiseWorker(state, worker, 'outcomeReceived', work?.id === event.work ? work : undefined, event.outcome);`,
      with: `  const { unpredicted } = worker;
  raiseWorker(state, worker, 'outcomeReceived', work?.id === event.work ? work : undefined, event.outcome);
  if (event.type === 'callRejected') worker.unpredicted = unpredicted;`,
    },
  ],
  killedBy: { property: 'P4b', scope: { workers: 1, tasks: 1, kills: 0, budgets: { argumentUncopyable: 1 } } },
};
