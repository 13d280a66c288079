/** @type {import('../entry.ts').Entry} */
export default {
  id: 'O13',
  origin: 'CPython gh-80041, gh-75880',
  story: 'An error arrives whose class cannot be had here: it cannot be built again, and the whole pool breaks.',
  patches: [
    {
      file: 'runtime/child-process/outcome.ts',
      replace: `    const decoded = decodeValue(value, segments);
`,
      with: `    const decoded = decodeValue(value, segments);
    if (side === 'error' && decoded instanceof Error && !(decoded.name in globalThis))
      throw new ProtocolError(\`There is no class \${decoded.name}.\`);
`,
    },
  ],
  killedBy: {
    file: 'test/conformance/open-bugs.test.ts',
    title: 'O13: an error of which a piece cannot be sent or rebuilt fails its own future only',
  },
};
