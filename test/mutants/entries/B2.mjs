/** @type {import('../entry.ts').Entry} */
export default {
  id: 'B2',
  origin: 'celery 5120, billiard 278',
  story: 'A result is written, its process exits, and the exit is handled first: the result is thrown away.',
  patches: [
    {
      file: 'machines/worker-lost.ts',
      replace: `        outcomeReceived: { actions: ['deliver'], description: 'A readable result wins over the death.' },
        lastCallDone: {},
        stop: endingAlready,
        terminate: endingAlready,
        kill: endingAlready,
        exited: {},`,
      with: `        outcomeReceived: dropsOutcome,
        lastCallDone: {},
        stop: endingAlready,
        terminate: endingAlready,
        kill: endingAlready,
        exited: {},`,
    },
  ],
  killedBy: { property: 'I25', scope: { workers: 1, tasks: 1, kills: 1 } },
};
