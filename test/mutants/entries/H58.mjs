/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H58',
  bugs: ['H58', 'H59'],
  origin: 'CPython bpo-33056, bpo-30966',
  story: 'The pipes of a worker that has ended are never closed: each pool leaves some descriptors behind.',
  patches: [
    {
      file: 'runtime/child-process/worker-process.ts',
      replace: `      stream?.on('error', ignore);
      stream?.destroy();`,
      with: `      stream?.on('error', ignore);`,
    },
  ],
  killedBy: {
    file: 'test/mutants/demanded.test.ts',
    title: 'the pipes of a dead worker are closed, although a grandchild holds their other ends',
  },
};
