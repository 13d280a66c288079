/** @type {import('../entry.ts').Entry} */
export default {
  id: 'O19',
  origin: 'CPython 3.9 to 3.16',
  story: 'The initializer fails, and the error that everybody gets does not say why.',
  patches: [
    {
      file: 'machines/workers.ts',
      replace: `    case 'spawnFailed':
    case 'faulted':
      evidence.cause ??= { error: event.cause };
      break;`,
      with: `    case 'spawnFailed':
      evidence.cause ??= { error: event.cause };
      break;`,
    },
  ],
  killedBy: { property: 'I29', scope: { workers: 1, tasks: 1, kills: 0, budgets: { initializerFailure: 1 } } },
};
