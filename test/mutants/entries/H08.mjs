/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H08',
  origin: 'CPython bpo-20369',
  story: 'A future that is given to wait() twice counts as two that are open, and is done once: the wait never ends.',
  patches: [
    {
      file: 'runtime/wait.ts',
      replace: `  for (const future of all) {
    if (!future.done()) open++;`,
      with: `  for (const future of futures) {
    if (!future.done()) open++;`,
    },
  ],
  killedBy: { file: 'test/conformance/wait.test.ts', title: 'test_20369: a future given twice does not block' },
};
