/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H13',
  origin: 'CPython bpo-30886, bpo-47029',
  story:
    'The channel is closed before the last write has left it: a worker that is to retire is told to leave while its last result is still to come.',
  patches: [
    {
      file: 'machines/worker.ts',
      replace: `retire: { target: 'retiring', description: 'It was given its last call (maxTasksPerChild).' },`,
      with: `retire: { target: 'terminating.asked', actions: ['sendStop', 'startGraceTimer'], description: 'Told at once.' },`,
    },
  ],
  killedBy: { property: 'I34', scope: { workers: 1, tasks: 1, kills: 0, maxTasksPerChild: 1 } },
};
