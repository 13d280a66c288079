/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H30',
  origin: 'CPython bpo-43944, gh-88110',
  story: 'A hook that runs late in a worker overwrites its exit code: it ended well, and looks as if it had failed.',
  patches: [
    {
      file: 'runtime/worker/main.ts',
      replace: `process.on('exit', () => reporter.flush());`,
      with: `process.on('exit', () => {
  reporter.flush();
  process.exitCode = 1;
});`,
    },
  ],
  killedBy: {
    file: 'test/contract/child-process.test.ts',
    title: 'a worker that is asked to stop does its calls first, then exits with code 0',
  },
};
