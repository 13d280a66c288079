/** @type {import('../entry.ts').Entry} */
export default {
  id: 'S-I1b',
  bugs: [],
  origin: 'a slip that is easily made here',
  story: 'A future that is done is settled again by its user, and nobody tells them that nothing came of it.',
  patches: [
    {
      file: 'machines/core.ts',
      replace: "  if (effects.includes('refuse')) emit(state, { type: 'refuse', reason: 'done', loss: undefined });",
      with: '  void effects;',
    },
  ],
  killedBy: { property: 'I1b', scope: { workers: 1, tasks: 1, kills: 0, budgets: { settle: 2 } } },
};
