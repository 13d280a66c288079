/** @type {import('../entry.ts').Entry} */
export default {
  id: 'O23',
  origin: 'CPython gh-131701',
  story: 'An error that map has thrown lives as long as the iterator.',
  patches: [
    {
      file: 'runtime/map.ts',
      replace: '    this.#turn = answer.then(answered, answered);',
      with: `    this.#turn = answer;
    answer.then(answered, answered);`,
    },
  ],
  killedBy: {
    file: 'test/conformance/open-bugs.test.ts',
    title: 'O23: an error that map threw can be collected while the iterator lives on',
  },
};
