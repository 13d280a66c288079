/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H20',
  origin: 'CPython bpo-43498',
  story:
    'A table changes its size while it is walked: every cancelled call moves the later ones up, and every second one is skipped.',
  patches: [
    {
      file: 'machines/shutdown.ts',
      replace: '  for (const work of state.queue.places) if (work) cancel(state, work);',
      with: `  for (let place = 0; place < state.queue.size; place++) {
    const work = state.queue.places[state.queue.head + place];
    if (work) cancel(state, work);
  }`,
    },
  ],
  killedBy: { property: 'I33', scope: { workers: 1, tasks: 2, kills: 0, budgets: { shutdownCancel: 1 } } },
};
