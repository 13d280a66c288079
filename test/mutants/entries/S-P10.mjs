/** @type {import('../entry.ts').Entry} */
export default {
  id: 'S-P10',
  bugs: [],
  origin: 'a slip that is easily made here',
  story: 'Whoever asks for a harder stop after a milder one is heard by the first worker alone.',
  patches: [
    {
      file: 'machines/shutdown.ts',
      replace: `  for (const worker of [...state.workers.values()]) raiseWorker(state, worker, event);`,
      with: `  const heard = [...state.workers.values()].slice(0, event === 'kill' && state.waits > 0 ? 1 : undefined);
  for (const worker of heard) raiseWorker(state, worker, event);`,
    },
  ],
  killedBy: { property: 'P10', scope: { workers: 2, tasks: 2, kills: 0, wishes: 2 } },
};
