/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H33',
  origin: 'CPython gh-115634, gh-115831',
  story:
    'A worker that retires keeps its idle credit: whoever is to replace it believes that somebody is idle, and spawns nobody.',
  patches: [
    {
      file: 'machines/dispatch.ts',
      replace: `  for (const worker of state.workers.values()) if (state.charts.worker.has(worker.state, 'starting')) count++;`,
      with: `  for (const { state: at } of state.workers.values())
    if (state.charts.worker.has(at, 'starting') || state.charts.worker.has(at, 'terminating')) count++;`,
    },
  ],
  killedBy: { property: 'I14', scope: { workers: 2, tasks: 2, kills: 0, maxTasksPerChild: 1 } },
};
