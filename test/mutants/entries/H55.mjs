/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H55',
  origin: 'CPython bpo-35715',
  story: 'An idle worker keeps the result of its last call until the next one comes.',
  patches: [
    {
      file: 'runtime/worker/reporter.ts',
      replace: `  result(id: number, started: number, value: unknown): void {
`,
      with: `  result(id: number, started: number, value: unknown): void {
    (globalThis as { lastResult?: unknown }).lastResult = value;
`,
    },
  ],
  killedBy: {
    file: 'test/conformance/process-pool.test.ts',
    title: 'test_ressources_gced_in_workers: an idle worker keeps neither the argument nor the result of its last call',
  },
};
