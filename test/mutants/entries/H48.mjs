/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H48',
  bugs: ['H48', 'B18'],
  origin: 'CPython gh-101267',
  story: 'All futures of a broken pool share one error object: what one reader adds to it, all others see.',
  patches: [
    {
      file: 'runtime/future.ts',
      replace: '    const own = {',
      with: `    const shared = outcome.loss as { own?: Exclude<Outcome, { kind: 'lost' }> };
    if (shared.own) return shared.own;
    const own = {`,
    },
    {
      file: 'runtime/future.ts',
      replace: `    this.#work.outcome = own;
    return own;`,
      with: `    shared.own = own;
    this.#work.outcome = own;
    return own;`,
    },
  ],
  killedBy: {
    file: 'test/conformance/process-pool.test.ts',
    title: 'test_broken_process_pool_traceback: each future fails with its own error, whose stack never grows',
  },
};
