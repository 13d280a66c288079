/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H39',
  origin: 'CPython gh-108518',
  story: 'map stops at the first item that fails, and cancels the rest.',
  patches: [
    {
      file: 'runtime/map.ts',
      replace: '    if (place === undefined) return { value: future.resultNow() as R, done: false };',
      with: `    if (future.exceptionNow() !== null) this.#abandon();
    if (place === undefined) return { value: future.resultNow() as R, done: false };`,
    },
  ],
  killedBy: {
    file: 'test/conformance/executor-map.test.ts',
    title: 'test_map_exception: an item that fails is thrown at its own position and the iteration goes on',
  },
};
