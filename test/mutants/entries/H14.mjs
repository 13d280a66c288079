/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H14',
  origin: 'CPython bpo-31326',
  story: 'After the last call something of the pool still keeps the process alive.',
  patches: [
    {
      file: 'runtime/child-process/host.ts',
      replace: `      // Kept for the next call: one timer for many bursts.
      this.#keepAlive?.unref();`,
      with: `      // Kept for the next call: one timer for many bursts.
      this.#keepAlive?.ref();`,
    },
  ],
  killedBy: {
    file: 'test/crash/k-parents.test.ts',
    title: '(z) idle: it ends by itself with code 0 and leaves no process',
  },
};
