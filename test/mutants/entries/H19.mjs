/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H19',
  origin: 'CPython bpo-39995, gh-84176',
  story: 'News is posted to somebody who has closed its inbox already: the write fails and takes its thread along.',
  patches: [
    {
      file: 'machines/workers.ts',
      replace: `    state.counts.dropped++;
    return;
  }
  const { evidence } = worker;`,
      with: `    throw new Error(\`worker \${event.worker} is closed\`);
  }
  const { evidence } = worker;`,
    },
  ],
  killedBy: {
    file: 'test/runtime/driver.test.ts',
    title: 'are dropped and counted: those of a worker that is gone, and those of one that never was',
  },
};
