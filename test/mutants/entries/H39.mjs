/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H39',
  origin: 'CPython gh-108518',
  story: 'map stops at the first item that fails, and cancels the rest.',
  patches: [
    {
      file: 'runtime/map.ts',
      replace: '    const read = this.#slots.pass();',
      with: `    const hasFailed = this.#slots.head.future?.exceptionNow() !== null;
    const read = this.#slots.pass();
    if (hasFailed) this.#abandon();`,
    },
  ],
  killedBy: {
    file: 'test/conformance/executor-map.test.ts',
    title: 'test_map_exception: an item that fails is thrown at its own position and the iteration goes on',
  },
};
