/** @type {import('../entry.ts').Entry} */
export default {
  id: 'O26',
  origin: 'CPython gh-78349, gh-86411',
  story: 'There is no bound for what is taken ahead of the reader: a long input fills the memory.',
  patches: [{ file: 'runtime/map.ts', replace: 'chunksize - 1) < buffersize;', with: 'chunksize - 1) <= buffersize;' }],
  killedBy: {
    file: 'test/conformance/executor-map.test.ts',
    title: 'test_map_buffersize_when_buffer_is_full: exactly buffersize items are taken before anything is read',
  },
};
