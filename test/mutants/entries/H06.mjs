/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H06',
  origin: 'CPython bpo-20319',
  story:
    'A wait that ends takes its watcher out of the list while somebody else walks it: the next watcher is skipped, and waits for ever.',
  patches: [
    {
      file: 'runtime/future.ts',
      replace: `    const observers = this.#observers;
    this.#observers = undefined;`,
      with: '    const observers = this.#observers;',
    },
  ],
  killedBy: {
    file: 'test/mutants/demanded.test.ts',
    title: 'two waits for one future are both told, although the first one leaves while it is told',
  },
};
