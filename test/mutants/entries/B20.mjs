/** @type {import('../entry.ts').Entry} */
export default {
  id: 'B20',
  origin: 'Ruby parallel',
  story: 'A worker has exited; it is sent SIGKILL all the same, when its pid may belong to somebody else.',
  patches: [
    {
      file: 'machines/worker-lost.ts',
      replace: `        stop: endingAlready,
        terminate: endingAlready,
        kill: endingAlready,
        exited: {},`,
      with: `        stop: endingAlready,
        terminate: endingAlready,
        kill: condemns,
        exited: {},`,
    },
  ],
  killedBy: { property: 'P7', scope: { workers: 1, tasks: 1, kills: 1, budgets: { kill: 1 } } },
};
