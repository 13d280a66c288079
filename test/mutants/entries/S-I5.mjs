/** @type {import('../entry.ts').Entry} */
export default {
  id: 'S-I5',
  bugs: [],
  origin: 'a slip that is easily made here',
  story: 'A cancelled future has no outcome; whoever is told only of outcomes never hears of it.',
  patches: [
    {
      file: 'machines/state.ts',
      replace: "      emit(state, { type: 'publish', work });",
      with: "      if (outcome) emit(state, { type: 'publish', work });",
    },
  ],
  killedBy: { property: 'I5', scope: { workers: 1, tasks: 1, kills: 0, budgets: { cancel: 1 } } },
};
