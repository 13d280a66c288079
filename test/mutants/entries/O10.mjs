/** @type {import('../entry.ts').Entry} */
export default {
  id: 'O10',
  origin: 'CPython 3.9 to 3.16',
  story: 'Of two shutdowns only one counts: the wish to cancel is lost when another shutdown was asked for before.',
  patches: [
    {
      file: 'machines/core.ts',
      replace: `      raiseExecutor(state, 'shutdown');
      if (event.cancelFutures) raiseExecutor`,
      with: `      const isFirst = state.charts.executor.transition(state.executor, 'submit').effects.includes('accept');
      raiseExecutor(state, 'shutdown');
      if (event.cancelFutures && isFirst) raiseExecutor`,
    },
  ],
  killedBy: { property: 'I33', scope: { workers: 1, tasks: 1, kills: 0, budgets: { shutdown: 1, shutdownCancel: 1 } } },
};
