/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H36',
  origin: 'CPython gh-83386, bpo-39205',
  story: 'After shutdown({ wait: false }) nothing keeps the process alive for the calls that are still to be run.',
  patches: [
    {
      file: 'machines/core.ts',
      replace: 'const holds = state.unsettled > 0 || state.waits > 0;',
      with: 'const holds = state.waits > 0;',
    },
  ],
  killedBy: { property: 'P3', scope: { workers: 1, tasks: 1, kills: 0 } },
};
