/** @type {import('../entry.ts').Entry} */
export default {
  id: 'O11',
  origin: 'CPython 3.9 to 3.16',
  story: 'Several shutdowns at once: only one of them is ever answered.',
  patches: [
    {
      file: 'runtime/driver.ts',
      replace: `  readonly joined: Promise<void>;
`,
      with: `  get joined(): Promise<void> {
    return new Promise((resolve) => {
      this.#announceJoined = resolve;
    });
  }
`,
    },
    {
      file: 'runtime/driver.ts',
      replace: `    this.joined = new Promise((resolve) => {
      this.#announceJoined = resolve;
    });
`,
      with: '',
    },
  ],
  killedBy: {
    file: 'test/conformance/open-bugs.test.ts',
    title: 'O11: six shutdowns at once all resolve, five times over',
  },
};
