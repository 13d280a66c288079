/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H11',
  origin: 'CPython bpo-30414',
  story: 'The loop that sends calls ends at the first one that cannot be copied: the later ones are never sent.',
  patches: [
    {
      file: 'runtime/child-process/outbox.ts',
      replace: '      if (this.#encode(call, batch.entries, reject)) batch.calls.push(call);',
      with: `      if (!this.#encode(call, batch.entries, reject)) break;
      batch.calls.push(call);`,
    },
  ],
  killedBy: {
    file: 'test/crash/d-values.test.ts',
    title: '(e) uncopyable and good arguments in one burst: each culprit fails alone',
  },
};
