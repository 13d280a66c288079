/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H01',
  origin: 'CPython bpo-9205',
  story:
    'A worker dies while it runs a call, and whoever waits for results never looks at the process: the future stays open for ever.',
  patches: [
    {
      file: 'machines/workers.ts',
      replace: `    case 'exited':
      evidence.exitCode`,
      with: `    case 'exited':
      if (worker.held.length > 0) return;
      evidence.exitCode`,
    },
  ],
  killedBy: { property: 'P2', also: ['P12'], scope: { workers: 1, tasks: 1, kills: 1 } },
};
