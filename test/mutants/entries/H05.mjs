/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H05',
  origin: 'CPython bpo-14406',
  story:
    'Two futures are done at once; both read the count of those that are open before either writes it, and the wait never ends.',
  patches: [
    {
      file: 'runtime/wait.ts',
      replace: '        if (--open === 0 || isEnough(future as F)) finish();',
      with: `        const left = open - 1;
        queueMicrotask(() => {
          open = left;
          if (open === 0 || isEnough(future as F)) finish();
        });`,
    },
  ],
  killedBy: {
    file: 'test/conformance/wait.test.ts',
    title: 'differs from CPython: wait() returns for futures that shutdown() has cancelled',
  },
};
