/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H52b',
  origin: 'CPython bpo-27144',
  story: 'asCompleted keeps the futures that it has yielded.',
  patches: [
    {
      file: 'runtime/wait.ts',
      replace: `    delete this.#done[this.#read++];
    if (this.#read === this.#done.length) {`,
      with: `    this.#read++;
    if (this.#read < 0) {`,
    },
  ],
  killedBy: {
    file: 'test/conformance/as-completed.test.ts',
    title: 'test_free_reference_yielded_future: the iteration does not keep a yielded future alive',
  },
};
