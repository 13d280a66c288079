/** @type {import('../entry.ts').Entry} */
export default {
  id: 'stale',
  origin: 'the self-test of the runner',
  story: 'The code that it changes is not there any more.',
  patches: [{ file: 'machines/core.ts', replace: 'no such line', with: 'anything' }],
  killedBy: { property: 'I1', scope: { workers: 1, tasks: 1, kills: 0 } },
};
