/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H51b',
  origin: 'CPython bpo-16284',
  story: 'A future keeps the arguments of its call after it is done.',
  patches: [
    {
      file: 'runtime/future.ts',
      replace: `    this.#task = undefined;
    this.#args = undefined;
    if (!observers)`,
      with: `    this.#task = undefined;
    if (!observers)`,
    },
  ],
  killedBy: { file: 'test/crash/volume.test.ts', title: '(+) its arguments, though the future itself is kept' },
};
