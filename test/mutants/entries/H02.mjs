/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H02',
  origin: 'CPython bpo-12456',
  story:
    'Workers are told to leave by a message that nobody may be there to read, and the sender waits for it without a deadline.',
  patches: [
    {
      file: 'machines/worker-cells.ts',
      replace: `actions: ['sendStop', 'startGraceTimer'],
    description: 'The pool ends`,
      with: `actions: ['sendStop'],
    description: 'The pool ends`,
    },
  ],
  killedBy: { property: 'P2', also: ['P11'], scope: { workers: 1, tasks: 1, kills: 0, budgets: { shutdown: 1 } } },
};
