/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H45',
  origin: 'CPython bpo-15015',
  story:
    'The code that handles an unexpected state fails itself: a defect turns into another one, and nobody is told of either.',
  patches: [
    {
      file: 'machines/core.ts',
      replace: `else raiseExecutor(state, 'workerLost', loss);`,
      with: `else raiseExecutor(state, 'workerLost');`,
    },
  ],
  killedBy: { property: 'P0', scope: { workers: 1, tasks: 1, kills: 0, budgets: { internalFailure: 1 } } },
};
