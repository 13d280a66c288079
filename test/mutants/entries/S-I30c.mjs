/** @type {import('../entry.ts').Entry} */
export default {
  id: 'S-I30c',
  bugs: [],
  origin: 'found by reviewing this code',
  story:
    'A done callback calls process.exit(): the signals for the workers wait behind the callback, which never returns.',
  patches: [
    {
      file: 'runtime/driver.ts',
      replace: `    if (this.#isPerforming) this.#drain();
    else this.#perform(NONE);`,
      with: '    this.#perform(NONE);',
    },
  ],
  killedBy: {
    file: 'test/regression/leaving.test.ts',
    title: 'by process.exit() in a done callback has signalled its workers before it is gone',
  },
};
