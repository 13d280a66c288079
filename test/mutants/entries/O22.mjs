/** @type {import('../entry.ts').Entry} */
export default {
  id: 'O22',
  origin: 'CPython gh-148280, gh-80961, gh-86575',
  story: 'The end of the program takes the accepted calls with it, or can never be had without waiting for them.',
  patches: [
    {
      file: 'runtime/exit-watch.ts',
      replace: '      for (const leaver of live) leaver.leave();',
      with: '      for (const leaver of live) if (!live.has(leaver)) leaver.leave();',
    },
    {
      file: 'runtime/child-process/orphan-guard.ts',
      replace: `args: ['--pdeathsig', 'KILL', executable,`,
      with: `args: ['--pdeathsig', 'CONT', executable,`,
    },
    {
      file: 'runtime/worker/main.ts',
      replace: `calls.on('end', () => exit(0)).on('error', () => exit(0));`,
      with: `calls.on('error', () => {});`,
    },
  ],
  killedBy: {
    file: 'test/conformance/open-bugs-processes.test.ts',
    title: 'O22: the end of the program waits for what was accepted, and process.exit() does not',
  },
};
