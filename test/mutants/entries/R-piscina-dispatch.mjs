/** @type {import('../entry.ts').Entry} */
export default {
  id: 'R-piscina-dispatch',
  origin: 'workerpool, piscina and tinypool with a minimum of 0, gatsby',
  story: 'The next call is dispatched only when the one before it succeeded; after a failure the queue stands still.',
  patches: [
    {
      file: 'machines/core.ts',
      replace: `  rest(state);
  return takeEffects`,
      with: `  rest(state, event.type !== 'outcomeReceived' || event.outcome.kind === 'result');
  return takeEffects`,
    },
    {
      file: 'machines/core.ts',
      replace: 'function rest(state: CoreState): void {',
      with: 'function rest(state: CoreState, isGood: boolean): void {',
    },
    {
      file: 'machines/core.ts',
      replace: `    if (executor.has(state.executor, 'dispatches')) dispatch(state);`,
      with: `    if (isGood && executor.has(state.executor, 'dispatches')) dispatch(state);`,
    },
  ],
  killedBy: { property: 'I14', also: ['I14b'], scope: { workers: 1, tasks: 2, kills: 0, budgets: { throws: 1 } } },
};
