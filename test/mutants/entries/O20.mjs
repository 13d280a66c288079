/** @type {import('../entry.ts').Entry} */
export default {
  id: 'O20',
  origin: 'CPython 3.9 to 3.16',
  story:
    'A worker that retires does not end, for something of its own keeps it there, and it is joined without a deadline.',
  patches: [
    {
      file: 'machines/worker.ts',
      replace: `          actions: ['sendStop', 'startGraceTimer'],
          description: 'Its last result was read first; now it may go.',`,
      with: `          actions: ['sendStop'],
          description: 'Its last result was read first; now it may go.',`,
    },
  ],
  killedBy: { property: 'P2', scope: { workers: 1, tasks: 1, kills: 0, maxTasksPerChild: 1 } },
};
