/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H47',
  origin: 'CPython gh-139462',
  story: 'The pool breaks without a word about which process died, or how.',
  patches: [
    {
      file: 'machines/workers.ts',
      replace: `      evidence.exitCode = event.code;
`,
      with: '',
    },
  ],
  killedBy: { property: 'I29', scope: { workers: 1, tasks: 1, kills: 1 } },
};
