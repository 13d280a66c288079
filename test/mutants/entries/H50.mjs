/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H50',
  origin: 'CPython gh-155912',
  story: 'A sandbox denies the probe for a limit of the system, and no executor can be made there.',
  patches: [
    {
      file: 'runtime/options.ts',
      replace: `  try {
    return Math.max(1, availableParallelism());
  } catch {
    return 1;
  }`,
      with: '  return Math.max(1, availableParallelism());',
    },
    {
      file: 'runtime/options.ts',
      replace: `    maxWorkers: integer('maxWorkers', options.maxWorkers, availableWorkers),`,
      with: `    maxWorkers: integer('maxWorkers', options.maxWorkers ?? availableWorkers(), () => availableWorkers()),`,
    },
    {
      file: 'runtime/options.ts',
      replace: `  bag(options, 'options', KNOWN);`,
      with: `  bag(options, 'options', KNOWN);
  availableWorkers();`,
    },
  ],
  killedBy: {
    file: 'test/conformance/process-pool.test.ts',
    title: 'test_sysconf_permission_error: with maxWorkers given, a system that denies its limits is not even asked',
  },
};
