/** @type {import('../entry.ts').Entry} */
export default {
  id: 'S-I17',
  bugs: [],
  origin: 'a slip that is easily made here',
  story: 'A process that exists is taken for a worker that is ready: its initializer may still run.',
  patches: [
    {
      file: 'machines/workers.ts',
      replace: `      evidence.pid = event.pid;
      break;`,
      with: `      evidence.pid = event.pid;
      raiseWorker(state, worker, 'spawned');
      return raiseWorker(state, worker, 'ready');`,
    },
  ],
  killedBy: { property: 'I17', scope: { workers: 1, tasks: 1, kills: 0 } },
};
