/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H37',
  origin: 'CPython gh-118981',
  story: 'A worker dies while it starts, and its parent waits for its first word and for nothing else.',
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
        exited: { description: 'Nobody looks.' },
        callsEnded: { description: 'Nobody looks.' },
        channelEnded: { description: 'Nobody looks.' },`,
    },
  ],
  killedBy: { property: 'P2', scope: { workers: 1, tasks: 1, kills: 1 } },
};
