/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H21',
  origin: 'CPython gh-94777',
  story:
    'The pool is to end while a large call is written to a worker that does not read; whoever ends it waits first until the write is through.',
  patches: [
    {
      file: 'runtime/child-process/worker-process.ts',
      replace: `      if (this.#child.pid !== undefined) this.#child.kill(how);
`,
      with: `      const calls = this.#child.stdio?.[3] as Writable | undefined;
      const signal = (): void => void (this.#child.pid !== undefined && this.#child.kill(how));
      if (calls && calls.writableLength > 0) calls.once('drain', signal);
      else signal();
`,
    },
  ],
  killedBy: {
    file: 'test/mutants/demanded.test.ts',
    title: 'a large call that its worker does not read does not hold up killWorkers()',
  },
};
