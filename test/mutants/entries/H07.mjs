/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H07',
  origin: 'CPython bpo-20367',
  story: 'A future that is given to asCompleted() twice is yielded twice.',
  patches: [
    {
      file: 'runtime/wait.ts',
      replace: `  const all = new Set(futures);
  for (const future of all) if (!(future`,
      with: `  const list = [...futures];
  const all = Object.assign(list, { size: list.length }) as unknown as Set<F>;
  for (const future of all) if (!(future`,
    },
  ],
  killedBy: {
    file: 'test/conformance/as-completed.test.ts',
    title: 'test_duplicate_futures: a future given three times by a generator is yielded once',
  },
};
