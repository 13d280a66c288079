/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H10a',
  origin: 'CPython bpo-31699, bpo-30006, gh-75880',
  story:
    'An argument cannot be copied; whoever feeds the workers prints that and drops the call, whose future stays open.',
  patches: [
    {
      file: 'machines/workers.ts',
      replace: `    case 'callRejected':
      return receive(state, worker, event);`,
      with: `      return receive(state, worker, event);
    case 'callRejected':
      return;`,
    },
  ],
  killedBy: { property: 'I25', scope: { workers: 1, tasks: 1, kills: 0, budgets: { argumentUncopyable: 1 } } },
};
