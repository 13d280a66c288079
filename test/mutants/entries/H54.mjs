/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H54',
  origin: 'CPython bpo-31540',
  story: 'An idle worker keeps the arguments of its last call until the next one comes.',
  patches: [
    {
      file: 'runtime/worker/runner.ts',
      replace: `function call(fn: TaskFunction, args: unknown[]): unknown {
`,
      with: `function call(fn: TaskFunction, args: unknown[]): unknown {
  (globalThis as { lastArgs?: unknown }).lastArgs = args;
`,
    },
  ],
  killedBy: {
    file: 'test/conformance/process-pool.test.ts',
    title: 'test_ressources_gced_in_workers: an idle worker keeps neither the argument nor the result of its last call',
  },
};
