/** @type {import('../entry.ts').Entry} */
export default {
  id: 'O12',
  origin: 'CPython gh-131598',
  story: 'shutdown() in a done callback is an error, since the thread that runs it cannot wait for itself.',
  patches: [
    {
      file: 'runtime/driver.ts',
      replace: `  command(event: Command): void {
`,
      with: `  command(event: Command): void {
    if (this.#isPerforming && event.type === 'shutdown') throw new Error('cannot join the current thread');
`,
    },
  ],
  killedBy: {
    file: 'test/conformance/open-bugs.test.ts',
    title: 'O12: differs from CPython: shutdown() inside a callback works and resolves when everything is joined',
  },
};
