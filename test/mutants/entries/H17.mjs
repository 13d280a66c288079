/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H17',
  bugs: ['H17', 'O24'],
  origin: 'CPython bpo-31783, gh-84176',
  story:
    'The process leaves: those who are told are listed before the door is shut, and a call that is submitted meanwhile is never run.',
  patches: [
    {
      file: 'runtime/exit-watch.ts',
      replace: `      isLeaving = true;
      for (const leaver of live) leaver.leave();`,
      with: `      const told = [...live];
      setImmediate(() => {
        isLeaving = true;
        for (const leaver of told) leaver.leave();
      });`,
    },
    {
      file: 'runtime/exit-watch.ts',
      replace: '  return isLeaving || (process as { _exiting?: boolean })._exiting === true;',
      with: '  return isLeaving;',
    },
  ],
  killedBy: {
    file: 'test/conformance/open-bugs-processes.test.ts',
    title: 'O24: differs from CPython: in an exit handler submit throws ExecutorShutdownError and nothing is posted',
  },
};
