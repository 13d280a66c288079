/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H61',
  origin: 'CPython dc19c24832',
  story: 'A write to a worker that was killed fails, and the error surfaces in the program.',
  patches: [
    {
      file: 'runtime/child-process/worker-process.ts',
      replace: `  calls.on('error', ended).on('end', ended).on('close', ended);`,
      with: `  calls.on('end', ended).on('close', ended);`,
    },
  ],
  killedBy: {
    file: 'test/crash/c-idle-worker.test.ts',
    title: '(c2) the same with two idle workers killed and a large argument on its way: no EPIPE reaches the program',
  },
};
