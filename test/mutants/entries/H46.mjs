/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H46',
  origin: 'CPython bpo-21817',
  story: 'The error of a task arrives without the stack that it had in its worker.',
  patches: [
    {
      file: 'runtime/wire/error-envelope.ts',
      replace: '    if (value !== undefined) add(key, enumerable, value.value);',
      with: `    if (value !== undefined && key !== 'stack') add(key, enumerable, value.value);`,
    },
  ],
  killedBy: {
    file: 'test/conformance/process-pool.test.ts',
    title: `test_traceback: the error carries the worker's stack, prints it, and keeps its cause`,
  },
};
