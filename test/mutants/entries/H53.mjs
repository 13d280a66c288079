/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H53',
  origin: 'CPython 2ef37607b7, bpo-31641',
  story: 'An asCompleted() that is left early stays registered with every future that it was given.',
  patches: [
    {
      file: 'runtime/wait.ts',
      replace: `    for (const future of this.#open) removeWatcher(future, this);
    this.#open.clear();`,
      with: '    this.#open.clear();',
    },
  ],
  killedBy: {
    file: 'test/mutants/demanded.test.ts',
    title: 'an asCompleted() that is left early can be collected while its futures are open',
  },
};
