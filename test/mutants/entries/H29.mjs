/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H29',
  origin: 'CPython bpo-45021, gh-89184',
  story: 'A child that was forked inherits a lock that is held, and hangs at its end.',
  cannotExist: {
    why: 'Workers are spawned, never forked: they inherit no memory of the parent, and so no lock.',
    enforcedBy: {
      file: 'test/conformance/open-bugs.test.ts',
      title: 'O16: a worker starts while threads of the parent hold on, and inherits nothing of the heap',
    },
  },
};
