/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H32',
  origin: 'CPython gh-132969',
  story: 'shutdown clears the table of workers, which the thread that manages them still uses.',
  patches: [
    {
      file: 'machines/shutdown.ts',
      replace: '  for (const worker of [...state.workers.values()]) raiseWorker(state, worker, event);',
      with: `  for (const worker of [...state.workers.values()]) raiseWorker(state, worker, event);
  if (event === 'stop') state.workers.clear();`,
    },
  ],
  killedBy: { property: 'I20', scope: { workers: 1, tasks: 1, kills: 0, budgets: { shutdown: 1 } } },
};
