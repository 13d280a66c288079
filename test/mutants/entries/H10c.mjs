/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H10c',
  origin: 'CPython bpo-31699, bpo-30006, gh-75880',
  story: 'Arguments arrive that cannot be built again in the worker, which dies of it.',
  patches: [
    {
      file: 'runtime/worker/runner.ts',
      replace: `      const args = readArgs(received);
      started`,
      with: `      let args: unknown[];
      try {
        args = readArgs(received);
      } catch {
        process.exit(1);
      }
      started`,
    },
  ],
  killedBy: {
    file: 'test/mutants/demanded.test.ts',
    title: 'arguments that the worker cannot build again fail their own future, and the worker is kept',
  },
};
