/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H63',
  origin: 'CPython bpo-39812',
  story: 'The program ends although calls are open: nothing of the pool holds it.',
  patches: [
    {
      file: 'runtime/child-process/host.ts',
      replace: `      this.#keepAlive ??= setInterval(() => {}, FOREVER_MS);
      this.#keepAlive.ref();`,
      with: `      this.#keepAlive ??= setInterval(() => {}, FOREVER_MS);
      this.#keepAlive.unref();`,
    },
  ],
  killedBy: {
    file: 'test/conformance/shutdown.test.ts',
    title: 'test_interpreter_shutdown: a program that falls off its end finishes the calls it submitted',
  },
};
