/** @type {import('../entry.ts').Entry} */
export default {
  id: 'B8',
  origin: 'CPython PR 152978; PHP-FPM',
  story: 'All workers are told to die, and one more is born right after.',
  patches: [
    {
      file: 'machines/core.ts',
      replace: `    if (executor.has(state.executor, 'dispatches')) dispatch(state);`,
      with: `    if (executor.has(state.executor, 'dispatches')) dispatch(state);
    else if (state.counts.spawned === 0 && executor.has(state.executor, 'reaps')) spawnWorker(state);`,
    },
    {
      file: 'machines/core.ts',
      replace: `import { observe } from './workers.ts';`,
      with: `import { observe, spawnWorker } from './workers.ts';`,
    },
  ],
  killedBy: { property: 'I15', also: ['P10'], scope: { workers: 1, tasks: 1, kills: 0, budgets: { kill: 1 } } },
};
