/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H15',
  origin: 'CPython bpo-32576, gh-76757',
  story: 'Something runs in the middle of a step (a finaliser, a collected executor) and enters the same step again.',
  patches: [
    {
      file: 'runtime/driver.ts',
      replace: `    if (this.#isPerforming) this.#inbox.push(event);
    else this.#react(event);`,
      with: '    this.#react(event);',
    },
  ],
  killedBy: {
    file: 'test/runtime/driver.test.ts',
    title: 'an event that a host reports while effects run waits until they have run',
  },
};
