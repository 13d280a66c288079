/** @type {import('../entry.ts').Entry} */
export default {
  id: 'R-gatsby-error-event',
  origin: 'jest-worker, poolifier, gatsby, multiprocess, tinypool',
  story: `A process cannot be started; its 'error' event has no listener, and the program ends.`,
  patches: [
    {
      file: 'runtime/child-process/worker-process.ts',
      replace: `    child.on('error', (cause) => {`,
      with: `    child.on('message', (cause: Error) => {`,
    },
  ],
  killedBy: {
    file: 'test/conformance/open-bugs-processes.test.ts',
    title: 'O9: a call whose worker cannot be started fails with the reason and never runs',
  },
};
