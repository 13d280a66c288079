/** @type {import('../entry.ts').Entry} */
export default {
  id: 'O8',
  origin: 'CPython 3.9 to 3.16',
  story:
    'A worker is killed half-way through a large result; whoever reads it waits for the missing bytes without a deadline.',
  patches: [
    {
      file: 'machines/worker-cells.ts',
      replace: `      actions: [...notes, 'startDrainTimer'],
      description: 'Died unasked;`,
      with: `      actions: [...notes, 'stopTimer'],
      description: 'Died unasked;`,
    },
  ],
  killedBy: { property: 'P2', scope: { workers: 1, tasks: 1, kills: 1 } },
};
