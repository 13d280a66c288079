/** @type {import('../entry.ts').Entry} */
export default {
  id: 'B6',
  origin: 'loky 632; the shutdown test of tokio',
  story:
    'submit has found the executor; it is shut down; submit is refused, and what it had counted by then stays counted.',
  patches: [
    {
      file: 'machines/core.ts',
      replace: `    if (effect === 'accept') {
      work.id = state.nextWork++;
      state.unsettled++;
`,
      with: `    state.unsettled++;
    if (effect === 'accept') {
      work.id = state.nextWork++;
`,
    },
  ],
  killedBy: { property: 'I10', scope: { workers: 1, tasks: 1, kills: 0, budgets: { shutdown: 1 } } },
};
