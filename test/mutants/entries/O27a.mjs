/** @type {import('../entry.ts').Entry} */
export default {
  id: 'O27a',
  origin: 'CPython, docs against code',
  story: 'The deadline of asCompleted starts with the first iteration, not with the call.',
  patches: [
    {
      file: 'runtime/wait.ts',
      replace: `  readonly #deadline: number;
  #done`,
      with: `  #deadline: number;
  #timeout: number | undefined;
  #done`,
    },
    {
      file: 'runtime/wait.ts',
      replace: '    this.#deadline = timeout === undefined ? Number.POSITIVE_INFINITY : performance.now() + timeout;',
      with: `    this.#deadline = Number.POSITIVE_INFINITY;
    this.#timeout = timeout;`,
    },
    {
      file: 'runtime/wait.ts',
      replace: `  async #next(): Promise<IteratorResult<F, undefined>> {
`,
      with: `  async #next(): Promise<IteratorResult<F, undefined>> {
    if (this.#timeout !== undefined) this.#deadline = performance.now() + this.#timeout;
    this.#timeout = undefined;
`,
    },
  ],
  killedBy: {
    file: 'test/conformance/open-bugs.test.ts',
    title: 'O27: the deadline of asCompleted starts at the call',
  },
};
