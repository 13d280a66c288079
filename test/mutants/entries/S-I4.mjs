/** @type {import('../entry.ts').Entry} */
export default {
  id: 'S-I4',
  bugs: [],
  origin: 'found by reviewing this code',
  story: 'A done callback throws a value that itself throws when it is shown in the warning, and the pool breaks.',
  patches: [
    {
      file: 'runtime/observers.ts',
      replace: `    detail: describe(error),`,
      with: `    detail: error instanceof Error ? (error.stack ?? error.message) : String(error),`,
    },
  ],
  killedBy: {
    file: 'test/regression/odd-values.test.ts',
    title: 'that throws what throws in its turn disturbs neither the other callbacks nor the pool',
  },
};
