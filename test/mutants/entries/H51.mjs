/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H51',
  origin: 'CPython bpo-16284',
  story:
    'Whoever manages the workers keeps the last call that it touched, with all its arguments, for as long as nothing else comes.',
  patches: [
    {
      file: 'machines/core.ts',
      replace: `  for (const loss of losses) raiseExecutor(state, 'workerLost', loss);
  state.orphans = [];`,
      with: `  for (const loss of losses) raiseExecutor(state, 'workerLost', loss);`,
    },
  ],
  killedBy: { property: 'I7', scope: { workers: 1, tasks: 1, kills: 1 } },
};
