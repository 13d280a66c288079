/** @type {import('../entry.ts').Entry} */
export default {
  id: 'S-P1',
  bugs: [],
  origin: 'a slip that is easily made here',
  story: 'Workers are signalled past their charts: nobody knows later that their end was asked for.',
  patches: [
    {
      file: 'machines/shutdown.ts',
      replace: '  for (const worker of [...state.workers.values()]) raiseWorker(state, worker, event);',
      with: `  const how = event === 'kill' ? 'SIGKILL' : event === 'terminate' ? 'SIGTERM' : 'stop';
  for (const worker of [...state.workers.values()]) emit(state, { type: 'end', worker: worker.id, how });`,
    },
  ],
  killedBy: { property: 'P1', scope: { workers: 1, tasks: 1, kills: 0, budgets: { kill: 1 } } },
};
