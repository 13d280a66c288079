/** @type {import('../entry.ts').Entry} */
export default {
  id: 'survivor',
  origin: 'the self-test of the runner',
  story: 'The same thing in other words.',
  patches: [
    {
      file: 'machines/core.ts',
      replace: 'const holds = state.unsettled > 0 || state.waits > 0;',
      with: 'const holds = state.waits > 0 || state.unsettled > 0;',
    },
  ],
  killedBy: { property: 'I1', scope: { workers: 1, tasks: 1, kills: 0 } },
};
