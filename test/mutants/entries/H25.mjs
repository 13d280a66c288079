/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H25',
  origin: 'CPython gh-94440',
  story:
    'submit, cancel at once, shutdown: the cancelled call still waits in the queue when somebody asks whether all is done, and only the next dispatch would drop it, but no event follows.',
  patches: [
    {
      file: 'machines/state.ts',
      replace: `  remove(state.queue, work);
  raiseFuture(state, work, 'setRunning`,
      with: `  raiseFuture(state, work, 'setRunning`,
    },
    {
      file: 'machines/dispatch.ts',
      replace: '    assign(state, worker, work);',
      with: `    if (state.charts.future.has(work.state, 'pending')) assign(state, worker, work);`,
    },
    {
      file: 'machines/core.ts',
      replace: `else if (state.unsettled === 0 && executor.has(state.executor, 'drains'))`,
      with: `else if (state.queue.size === 0 && state.unsettled === 0 && executor.has(state.executor, 'drains'))`,
    },
  ],
  killedBy: { property: 'I7', scope: { workers: 1, tasks: 1, kills: 0, budgets: { cancel: 1, shutdown: 1 } } },
};
