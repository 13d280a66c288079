/** @type {import('../entry.ts').Entry} */
export default {
  id: 'O1',
  bugs: ['O1', 'O18'],
  origin: 'CPython 3.11.6 to 3.16, regression of gh-105829; gh-121719',
  story:
    'submit wakes the manager before the new process is registered; the manager waits on without that process, which then dies. If nothing else happens, its future hangs.',
  patches: [
    {
      file: 'machines/workers.ts',
      replace: `  if (!worker) {
    state.counts.dropped++;`,
      with: `  const isNewest = event.type === 'exited' && event.worker === state.nextWorker - 1 && state.workers.size > 1;
  if (!worker || isNewest) {
    state.counts.dropped++;`,
    },
  ],
  killedBy: { property: 'P2', scope: { workers: 2, tasks: 2, kills: 1 } },
};
