/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H22',
  origin: 'CPython gh-105829',
  story:
    'The inbox of whoever manages the workers is full, and news is lost, or waits for a lock that its reader holds.',
  patches: [
    {
      file: 'runtime/driver.ts',
      replace: `    if (this.#isPerforming) this.#inbox.push(event);
    else`,
      with: `    if (this.#isPerforming) this.#inbox[0] = event;
    else`,
    },
  ],
  killedBy: { file: 'test/runtime/driver.test.ts', title: 'events that wait are taken first in, first out' },
};
