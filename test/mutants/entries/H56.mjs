/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H56',
  origin: 'CPython bpo-35930',
  story: 'Future, exception and frame refer to each other in a ring, and reference counting never frees them.',
  cannotExist: {
    why: 'The collector traces: rings are freed as anything else, and an error keeps no frames.',
    enforcedBy: { file: 'test/crash/volume.test.ts', title: '(+) its error' },
  },
};
