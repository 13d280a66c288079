/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H52',
  origin: 'CPython bpo-27144',
  story: 'map and asCompleted keep what they have handed out.',
  patches: [
    { file: 'runtime/map-slots.ts', replace: '    this.#slots[this.#head++] = EMPTY;', with: '    this.#head++;' },
  ],
  killedBy: {
    file: 'test/conformance/executor-map.test.ts',
    title: 'test_free_reference: the iterator keeps no result alive that it has handed out',
  },
};
