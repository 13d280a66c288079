/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H64',
  origin: 'CPython gh-113009',
  story: 'A process that was told to end is taken for gone when its pipes close, although it is still there.',
  patches: [
    {
      file: 'machines/worker-cells.ts',
      replace: `  callsEnded: onlyTheExitCounts,
  channelEnded: onlyTheExitCounts,
  faulted`,
      with: `  callsEnded: onlyTheExitCounts,
  channelEnded: gone,
  faulted`,
    },
  ],
  killedBy: { property: 'I22', scope: { workers: 1, tasks: 1, kills: 1, budgets: { terminate: 1 } } },
};
