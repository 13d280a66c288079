/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H40',
  origin: 'CPython gh-155852',
  story: `A task's own TimeoutError is taken for the timeout of the map: what remains is dropped.`,
  patches: [
    {
      file: 'runtime/map.ts',
      replace: '    const read = this.#slots.pass();',
      with: `    const error = this.#slots.head.future?.exceptionNow() as Error | null;
    const read = this.#slots.pass();
    if (error?.name === 'TimeoutError') this.#abandon();`,
    },
  ],
  killedBy: {
    file: 'test/conformance/executor-map.test.ts',
    title: 'test_map_timeout_from_callable: a TimeoutError of the task is not the timeout of the map',
  },
};
