/** @type {import('../entry.ts').Entry} */
export default {
  id: 'O17',
  origin: 'CPython gh-124706, gh-131794',
  story: 'An executor that is never used costs descriptors and timers, and one that is dropped gives nothing back.',
  patches: [
    {
      file: 'runtime/process-pool-executor.ts',
      replace: '    dropped.register(this, driver, driver);',
      with: '    setInterval(() => this.#driver, 2 ** 30).unref();',
    },
  ],
  killedBy: {
    file: 'test/conformance/open-bugs-processes.test.ts',
    title: 'O17: executors that are never used cost nothing, and dropped ones give everything back',
  },
};
