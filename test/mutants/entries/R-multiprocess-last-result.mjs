/** @type {import('../entry.ts').Entry} */
export default {
  id: 'R-multiprocess-last-result',
  origin: 'all process pools of npm but gatsby',
  story: 'A worker exits after it has written a result: the result was still on its way, and is lost.',
  patches: [
    {
      file: 'runtime/worker/main.ts',
      replace: `process.on('exit', () => reporter.flush());`,
      with: `process.on('exit', () => {});`,
    },
  ],
  killedBy: {
    file: 'test/mutants/demanded.test.ts',
    title: 'a function that is known to be short, and then exits, loses none of the results before',
  },
};
