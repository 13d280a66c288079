/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H04',
  origin: 'CPython bpo-11777',
  story: 'map is lazy: nothing is submitted before somebody iterates, and with a shutdown in between nothing ever is.',
  patches: [
    {
      file: 'runtime/map.ts',
      replace: `    try {
      this.#refill();
    } catch (error) {
      this.#abandon();`,
      with: `    try {
      if (plan.of === '') this.#refill();
    } catch (error) {
      this.#abandon();`,
    },
  ],
  killedBy: {
    file: 'test/conformance/thread-pool.test.ts',
    title: 'test_map_submits_without_iteration: map() runs its calls although nobody iterates',
  },
};
