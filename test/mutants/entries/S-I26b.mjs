/** @type {import('../entry.ts').Entry} */
export default {
  id: 'S-I26b',
  bugs: [],
  origin: 'found by reviewing this code',
  story:
    'A getter of an argument throws a value that itself throws when the failure is put into words, and the pool breaks.',
  patches: [
    {
      file: 'runtime/child-process/outcome.ts',
      replace: `  const why = textOf(cause);`,
      with: `  const why = cause instanceof Error ? cause.message : String(cause);`,
    },
  ],
  killedBy: {
    file: 'test/crash/d-values.test.ts',
    title: '(e) an argument whose getter throws what throws in its turn fails alone, as a call and in a chunk',
  },
};
