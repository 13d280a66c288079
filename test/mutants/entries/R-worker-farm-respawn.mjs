/** @type {import('../entry.ts').Entry} */
export default {
  id: 'R-worker-farm-respawn',
  origin: 'poolifier, worker-farm, Effect',
  story: 'A worker that dies is replaced without end, and nobody is ever told.',
  patches: [
    {
      file: 'machines/executor.ts',
      replace: `        workerLost: breaks,
        drained: {},
        futuresFailed: {},
        lastWorkerGone: {},
      },
    },
    shuttingDown`,
      with: `        workerLost: { description: 'Another one will do.' },
        drained: {},
        futuresFailed: {},
        lastWorkerGone: {},
      },
    },
    shuttingDown`,
    },
  ],
  killedBy: { property: 'I28', scope: { workers: 1, tasks: 1, kills: 1 } },
};
