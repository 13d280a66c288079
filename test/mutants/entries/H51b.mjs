/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H51b',
  origin: 'CPython bpo-16284',
  story: 'A future keeps the arguments of its call after it is done.',
  patches: [
    {
      file: 'runtime/future.ts',
      replace: `    this.#args = undefined;
    tell(observers, this);`,
      with: '    tell(observers, this);',
    },
  ],
  killedBy: { file: 'test/crash/volume.test.ts', title: '(+) its arguments, though the future itself is kept' },
};
