/** @type {import('../entry.ts').Entry} */
export default {
  id: 'B5',
  origin: 'loky; CPython gh-152967',
  story:
    'The last worker leaves while calls are queued, and nobody starts another one: a planned exit is no reason to dispatch.',
  patches: [
    {
      file: 'machines/core.ts',
      replace: `  apply(state, event);
  rest(state);`,
      with: `  apply(state, event);
  if (event.type === 'exited' && state.losses.length === 0 && state.unsettled > 0) return takeEffects(state);
  rest(state);`,
    },
  ],
  killedBy: { property: 'I14', scope: { workers: 1, tasks: 2, kills: 0, maxTasksPerChild: 1 } },
};
