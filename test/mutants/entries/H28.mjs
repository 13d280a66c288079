/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H28',
  bugs: ['H24', 'H28', 'O3', 'B16'],
  origin: 'CPython gh-105829, since 3.12.1; gh-125451; loky test_in_callback_submit_with_crash',
  story:
    'A done callback calls the executor while the break that runs it still holds the lock: the same thread waits for itself.',
  patches: [
    {
      file: 'runtime/driver.ts',
      replace: `  command(event: Command): void {
`,
      with: `  command(event: Command): void {
    if (this.#isPerforming) {
      this.#inbox.push(event as never);
      return;
    }
`,
    },
  ],
  killedBy: {
    file: 'test/conformance/open-bugs-processes.test.ts',
    title: 'O3: a callback that submits again during a break gets BrokenProcessPool at once',
  },
};
