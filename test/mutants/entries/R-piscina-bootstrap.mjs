/** @type {import('../entry.ts').Entry} */
export default {
  id: 'R-piscina-bootstrap',
  origin: 'piscina, tinypool',
  story: 'A worker that fails while it starts is not reported; nobody knows why no call is ever answered.',
  patches: [
    {
      file: 'machines/worker.ts',
      replace: `        ready: { target: 'idle', actions: ['stopTimer'], description: 'The initializer has returned.' },
        ...getsNoWork,
        ...holdsNothing,
        ...leavesOnRequest,
        ...endsUnasked(),`,
      with: `        ready: { target: 'idle', actions: ['stopTimer'], description: 'The initializer has returned.' },
        ...getsNoWork,
        ...holdsNothing,
        ...leavesOnRequest,
        ...endsUnasked(),
        exited: { target: '#worker.dead', actions: ['stopTimer', 'release'], description: 'Tried again.' },`,
    },
  ],
  killedBy: { property: 'I21', scope: { workers: 1, tasks: 1, kills: 1 } },
};
