/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H10d',
  origin: 'CPython bpo-31699, gh-80041',
  story: 'A result arrives that cannot be built again; whoever reads results fails, and the pool with it.',
  patches: [
    {
      file: 'runtime/child-process/outcome.ts',
      replace: `    if (cause instanceof ProtocolError) throw cause;
    return failed(
      new`,
      with: `    if (cause instanceof ProtocolError || side === 'result') throw cause;
    return failed(
      new`,
    },
  ],
  killedBy: {
    file: 'test/conformance/executor-differences.test.ts',
    title: 'differs from CPython: a result that the parent cannot decode fails its own future only',
  },
};
