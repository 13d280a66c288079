/** @type {import('../entry.ts').Entry} */
export default {
  id: 'S-I33',
  bugs: [],
  origin: 'found by reviewing this code',
  story: 'A map is left early; its input is closed first, throws, and nothing of the map is cancelled.',
  patches: [
    {
      file: 'runtime/map.ts',
      replace: '    const isOpen = this.#takeNoMore();\n    this.#wake?.();',
      with: '    const isOpen = this.#takeNoMore();\n    if (isOpen) this.#plan.source.sync?.return?.();\n    this.#wake?.();',
    },
  ],
  killedBy: { file: 'test/regression/map.test.ts', title: 'leaves nothing uncancelled, and return() resolves' },
};
