/** @type {import('../entry.ts').Entry} */
export default {
  id: 'R-jest-worker-order',
  origin: 'jest-worker',
  story:
    'A callback that enters the scheduler again runs before the state is complete: its effects overtake those that are under way.',
  patches: [
    {
      file: 'runtime/driver.ts',
      replace: `    if (this.#isPerforming) return;
    this.#isPerforming = true;`,
      with: '    this.#isPerforming = true;',
    },
  ],
  killedBy: {
    file: 'test/runtime/driver.test.ts',
    title: 'those of a command inside a callback run after those under way',
  },
};
