/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H10e',
  origin: 'CPython bpo-31699, bpo-30006',
  story:
    'Calls and results share a channel: a write to a dead worker fails and takes the results along that were still readable.',
  patches: [
    { file: 'runtime/worker/main.ts', replace: 'const RESULTS_FD = 4;', with: 'const RESULTS_FD = 3;' },
    {
      file: 'runtime/child-process/worker-process.ts',
      replace: '    const results = child.stdio?.[4] as',
      with: '    const results = child.stdio?.[3] as',
    },
  ],
  killedBy: {
    file: 'test/mutants/demanded.test.ts',
    title: 'a call that is written to a dead worker takes no result along that is still to be read',
  },
};
