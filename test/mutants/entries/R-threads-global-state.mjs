/** @type {import('../entry.ts').Entry} */
export default {
  id: 'R-threads-global-state',
  origin: 'poolifier, threads, tinypool',
  story: 'The pool installs a signal handler of its own in the process of its user.',
  patches: [
    {
      file: 'runtime/exit-watch.ts',
      replace: `    isWatching = true;
`,
      with: `    isWatching = true;
    process.on('SIGTERM', () => {});
`,
    },
  ],
  killedBy: {
    file: 'test/crash/k-parents.test.ts',
    title: '(k) the parent is SIGTERMed with loop-busy workers: none of them survives',
  },
};
