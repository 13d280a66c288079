/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H31',
  bugs: ['H31', 'O16'],
  origin: 'CPython gh-90622, gh-80047, gh-105464',
  story: 'A process is forked while threads run: the child inherits their locks as they are, and nobody to open them.',
  cannotExist: {
    why: 'Node has no fork, and the executor no threads: a worker starts from its executable.',
    enforcedBy: {
      file: 'test/conformance/open-bugs.test.ts',
      title: 'O16: a worker starts while threads of the parent hold on, and inherits nothing of the heap',
    },
  },
};
