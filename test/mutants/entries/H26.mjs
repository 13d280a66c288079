/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H26',
  bugs: ['H26', 'O5'],
  origin: 'CPython gh-116685; found by reading CPython 3.9 to 3.16',
  story:
    'A shutdown that cancels puts a new table in the place of the old one, while somebody else still takes calls out of the old one: they never leave the new one.',
  patches: [
    {
      file: 'machines/shutdown.ts',
      replace: '  for (const work of state.queue.places) if (work) cancel(state, work);',
      with: `  const { places } = state.queue;
  state.queue.places = [];
  for (const work of places) if (work) cancel(state, work);`,
    },
  ],
  killedBy: { property: 'I13', scope: { workers: 1, tasks: 1, kills: 0, budgets: { shutdownCancel: 1 } } },
};
