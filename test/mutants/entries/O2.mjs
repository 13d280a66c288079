/** @type {import('../entry.ts').Entry} */
export default {
  id: 'O2',
  origin: 'CPython gh-136655, gh-87893, gh-109934, gh-92001',
  story:
    'shutdown({ cancelFutures: true }) leaves futures CANCELLED and nobody notified: wait() and asCompleted() block for ever.',
  patches: [
    {
      file: 'machines/state.ts',
      replace: `  remove(state.queue, work);
  raiseFuture(state, work, 'setRunningOrNotifyCancel', undefined);`,
      with: '  remove(state.queue, work);',
    },
  ],
  killedBy: { property: 'I5b', scope: { workers: 1, tasks: 1, kills: 0, budgets: { shutdownCancel: 1 } } },
};
