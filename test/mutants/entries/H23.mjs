/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H23',
  origin: 'CPython gh-107219',
  story:
    'The pool breaks; the first of its futures is done already, which raises an error in the loop that fails them all: the others stay open.',
  patches: [
    {
      file: 'machines/shutdown.ts',
      replace: `  for (const work of held) raiseFuture(state, work, 'setException', outcome);`,
      with: `  for (const work of held) if (raiseFuture(state, work, 'setException', outcome).effects.includes('refuse')) break;`,
    },
  ],
  killedBy: { property: 'I24', scope: { workers: 2, tasks: 2, kills: 1, budgets: { settle: 1 } } },
};
