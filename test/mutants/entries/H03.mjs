/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H03',
  origin: 'CPython bpo-12364',
  story:
    'A shutdown arrives while a result is on its way. Whether to stop is asked only when a wake-up says so; after the last result nothing does.',
  patches: [
    {
      file: 'machines/core.ts',
      replace: `  rest(state);
  return takeEffects`,
      with: `  rest(state, event.type === 'shutdown');
  return takeEffects`,
    },
    {
      file: 'machines/core.ts',
      replace: 'function rest(state: CoreState): void {',
      with: 'function rest(state: CoreState, isWoken: boolean): void {',
    },
    {
      file: 'machines/core.ts',
      replace: `else if (state.unsettled === 0 && executor.has(state.executor, 'drains'))`,
      with: `else if (isWoken && state.unsettled === 0 && executor.has(state.executor, 'drains'))`,
    },
  ],
  killedBy: { property: 'I35', scope: { workers: 1, tasks: 1, kills: 0, budgets: { shutdown: 1 } } },
};
