/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H40',
  origin: 'CPython gh-155852',
  story: `A task's own TimeoutError is taken for the timeout of the map: what remains is dropped.`,
  patches: [
    {
      file: 'runtime/map.ts',
      replace: '    if (place === undefined) return { value: future.resultNow() as R, done: false };',
      with: `    if ((future.exceptionNow() as Error | null)?.name === 'TimeoutError') this.#abandon();
    if (place === undefined) return { value: future.resultNow() as R, done: false };`,
    },
  ],
  killedBy: {
    file: 'test/conformance/executor-map.test.ts',
    title: 'test_map_timeout_from_callable: a TimeoutError of the task is not the timeout of the map',
  },
};
