/** @type {import('../entry.ts').Entry} */
export default {
  id: 'O15',
  bugs: ['O15', 'B15'],
  origin: 'CPython gh-111873; loky 360, mirai 87, celery',
  story: 'The parent is killed, and its workers live on.',
  patches: [
    {
      file: 'runtime/child-process/orphan-guard.ts',
      replace: `args: ['--pdeathsig', 'KILL', executable,`,
      with: `args: ['--pdeathsig', 'CONT', executable,`,
    },
  ],
  killedBy: {
    file: 'test/conformance/open-bugs-processes.test.ts',
    title:
      'O15: when the parent is killed, its workers end: the idle one, the waiting one and the one that never yields',
  },
};
