/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H09',
  origin: 'CPython bpo-21362',
  story: 'An executor with no workers is made, and every call waits for ever.',
  patches: [
    {
      file: 'runtime/options.ts',
      replace: `    maxWorkers: integer('maxWorkers', options.maxWorkers, availableWorkers),`,
      with: '    maxWorkers: options.maxWorkers ?? availableWorkers(),',
    },
  ],
  killedBy: {
    file: 'test/conformance/executor.test.ts',
    title: 'test_max_workers_negative: 0 and -1 workers are a RangeError that names the option',
  },
};
