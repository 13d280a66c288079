/** @type {import('../entry.ts').Entry} */
export default {
  id: 'O14',
  bugs: ['O14', 'O25'],
  origin: 'CPython gh-125886, gh-113073',
  story:
    'Ctrl-C, or a terminal that hangs up, reaches the workers too: running calls fail, before the parent can decide anything.',
  patches: [
    {
      file: 'runtime/child-process/worker-process.ts',
      replace: `      detached: true,
`,
      with: `      detached: false,
`,
    },
  ],
  killedBy: {
    file: 'test/conformance/open-bugs-processes.test.ts',
    title: 'O14: Ctrl-C at the terminal reaches no worker: the running call ends well, the next one can be cancelled',
  },
};
