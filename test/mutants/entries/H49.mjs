/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H49',
  origin: 'CPython bpo-34819',
  story: 'Timeouts are counted by the clock on the wall: when it is set back, a wait lasts for hours.',
  patches: [
    {
      file: 'runtime/deadline.ts',
      replace: 'timeout === undefined ? undefined : performance.now() + timeout;',
      with: 'timeout === undefined ? undefined : Date.now() + timeout;',
    },
    {
      file: 'runtime/deadline.ts',
      replace: '(this.#end as number) - performance.now())',
      with: '(this.#end as number) - Date.now())',
    },
  ],
  killedBy: {
    file: 'test/mutants/demanded.test.ts',
    title: 'a deadline counts by the monotonic clock: the one on the wall may be set back',
  },
};
