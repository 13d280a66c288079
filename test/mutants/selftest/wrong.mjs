/** @type {import('../entry.ts').Entry} */
export default {
  id: 'wrong',
  origin: 'the self-test of the runner',
  story: 'A mutant whose entry names a property that has nothing to do with it.',
  patches: [
    {
      file: 'machines/core.ts',
      replace: 'const holds = state.unsettled > 0 || state.waits > 0;',
      with: 'const holds = state.waits > 0;',
    },
  ],
  killedBy: { property: 'I1', scope: { workers: 1, tasks: 1, kills: 0 } },
};
