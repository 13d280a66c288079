/** @type {import('../entry.ts').Entry} */
export default {
  id: 'R-tinypool-refill',
  origin: 'piscina, tinypool',
  story:
    'Workers are filled up to a minimum, not to what the queue demands: the calls beyond it wait although more workers are allowed.',
  patches: [
    {
      file: 'machines/dispatch.ts',
      replace: '  let unserved = queue.size - starting(state);',
      with: '  let unserved = Math.min(1, queue.size) - starting(state);',
    },
  ],
  killedBy: { property: 'I14', scope: { workers: 2, tasks: 2, kills: 0 } },
};
