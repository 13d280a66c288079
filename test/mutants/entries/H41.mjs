/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H41',
  origin: 'CPython gh-95166',
  story: 'The timeout of a map cancels all calls but the one that is waited for.',
  patches: [
    {
      file: 'runtime/map.ts',
      replace: `    const unread = this.#slots.waiting;
    this.#abandon();`,
      with: `    const unread = this.#slots.waiting;
    this.#slots.pass();
    this.#abandon();`,
    },
  ],
  killedBy: {
    file: 'test/conformance/thread-pool.test.ts',
    title: 'test_executor_map_current_future_cancel: the timeout of map() cancels the awaited call, too',
  },
};
