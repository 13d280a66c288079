/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H44',
  origin: 'CPython bpo-33110',
  story: 'A callback is added to a future that is done already, and throws: whoever added it gets its error.',
  patches: [
    {
      file: 'runtime/future.ts',
      replace: '    if (this.done() && this.#observers === undefined) callBack(fn, this);',
      with: '    if (this.done() && this.#observers === undefined) fn(this);',
    },
  ],
  killedBy: {
    file: 'test/conformance/future.test.ts',
    title: 'test_done_callback_raises_already_succeeded: a throwing late callback warns and does not throw',
  },
};
