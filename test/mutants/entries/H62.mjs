/** @type {import('../entry.ts').Entry} */
export default {
  id: 'H62',
  origin: 'CPython gh-102024, bpo-11635',
  story:
    'The count of idle workers is off by what was counted after every call: more processes are started than there are calls that wait for one.',
  patches: [
    {
      file: 'machines/dispatch.ts',
      replace: '  let unserved = queue.size - starting(state);',
      with: '  let unserved = queue.size;',
    },
  ],
  killedBy: { property: 'I16', scope: { workers: 3, tasks: 2, kills: 0 } },
};
