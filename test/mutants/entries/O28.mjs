/** @type {import('../entry.ts').Entry} */
export default {
  id: 'O28',
  origin: 'CPython by design (EXTRA_QUEUED_CALLS)',
  story:
    'Calls are handed out beyond what a worker can run now: they are RUNNING, cannot be cancelled, and have not started.',
  patches: [
    {
      file: 'machines/dispatch.ts',
      replace: '    if (worker.unpredicted === 0 && worker.load < least) {',
      with: '    if (worker.load < least) {',
    },
  ],
  killedBy: { property: 'I12', scope: { workers: 1, tasks: 2, kills: 0 } },
};
