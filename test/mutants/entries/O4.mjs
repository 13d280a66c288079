/** @type {import('../entry.ts').Entry} */
export default {
  id: 'O4',
  bugs: ['O4', 'R-workerpool-no-sigkill'],
  origin: 'CPython 3.12.1 to 3.16; workerpool, poolifier, worker-farm',
  story: 'A worker ignores SIGTERM while the pool breaks, and nothing harder follows: everybody waits for it.',
  patches: [
    {
      file: 'machines/worker.ts',
      replace: 'on: { ...isLeaving, terminate: endingAlready, kill: killsAtLast, timerFired: killsAtLast },',
      with: 'on: { ...isLeaving, terminate: endingAlready, kill: killsAtLast, timerFired: endingAlready },',
    },
  ],
  killedBy: { property: 'P8', scope: { workers: 1, tasks: 1, kills: 0, budgets: { terminate: 1, ignoredSignal: 1 } } },
};
