/** @type {import('../entry.ts').Entry} */
export default {
  id: 'O21',
  origin: 'CPython gh-136578',
  story: 'A map iterator that was read from and then dropped cancels the rest, one that was not read does not.',
  patches: [
    {
      file: 'runtime/map-slots.ts',
      replace: '  push(slot: Slot): void {',
      with: `  get futures(): Future<unknown>[] {
    return this.#slots.slice(this.#head).flatMap(({ future }) => future ?? []);
  }

  push(slot: Slot): void {`,
    },
    {
      file: 'runtime/map.ts',
      replace: '    const read = this.#slots.pass();',
      with: `    const read = this.#slots.pass();
    abandoned.register(this, this.#slots.futures);`,
    },
    {
      file: 'runtime/map.ts',
      replace: 'class Mapping<T, R> implements',
      with: `const abandoned = new FinalizationRegistry<{ cancel(): boolean }[]>((futures) => {
  for (const future of futures.reverse()) future.cancel();
});

class Mapping<T, R> implements`,
    },
  ],
  killedBy: {
    file: 'test/conformance/open-bugs.test.ts',
    title: 'O21: a dropped map iterator cancels nothing, whether it was read from or not',
  },
};
