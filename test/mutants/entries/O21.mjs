/** @type {import('../entry.ts').Entry} */
export default {
  id: 'O21',
  origin: 'CPython gh-136578',
  story: 'A map iterator that was read from and then dropped cancels the rest, one that was not read does not.',
  patches: [
    {
      file: 'runtime/map.ts',
      replace: `    this.#passHead();
    const { future, place } = slot;`,
      with: `    this.#passHead();
    abandoned.register(this, [...this.#slots]);
    const { future, place } = slot;`,
    },
    {
      file: 'runtime/map.ts',
      replace: 'const EMPTY: Slot',
      with: `const abandoned = new FinalizationRegistry<Slot[]>((slots) => {
  for (const slot of slots.reverse()) slot.future?.cancel();
});

const EMPTY: Slot`,
    },
  ],
  killedBy: {
    file: 'test/conformance/open-bugs.test.ts',
    title: 'O21: a dropped map iterator cancels nothing, whether it was read from or not',
  },
};
