/** @type {import('../entry.ts').Entry} */
export default {
  id: 'B1',
  origin: 'pebble 153, mirai 459 and 546, Celery, Ray',
  story: 'The worker settles A and is given B; the kill that was meant for A lands, and B is orphaned.',
  patches: [
    {
      file: 'machines/shutdown.ts',
      replace: '    for (const work of takeAll(worker)) raiseFuture',
      with: '    for (const work of takeAll(worker).slice(0, 1)) raiseFuture',
    },
  ],
  killedBy: {
    property: 'I37',
    scope: { workers: 1, tasks: 2, kills: 0, costs: ['short', 'short'], budgets: { kill: 1 } },
  },
};
