/** @type {import('../entry.ts').Entry} */
export default {
  id: 'S-I9',
  bugs: [],
  origin: 'a slip that is easily made here',
  story: 'A call that is written is written once more, for safety.',
  patches: [
    {
      file: 'machines/workers.ts',
      replace: "  raiseWorker(state, worker, 'assign', work);",
      with: `  raiseWorker(state, worker, 'assign', work);
  raiseWorker(state, worker, 'assign', work);`,
    },
  ],
  killedBy: { property: 'I9', scope: { workers: 1, tasks: 1, kills: 0 } },
};
