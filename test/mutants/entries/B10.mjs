/** @type {import('../entry.ts').Entry} */
export default {
  id: 'B10',
  origin: 'poolboy 70, poolex 210',
  story: 'The caller gives up just when its call is granted: it is cancelled and runs.',
  patches: [
    {
      file: 'machines/future.ts',
      replace: `        cancel: { description: 'Too late: cancel() answers false.' },
        setRunningOrNotifyCancel: { actions: ['refuse'], description: 'It can start only once.' },`,
      with: `        cancel: { target: 'CANCELLED', actions: ['publish'], description: 'Given up.' },
        setRunningOrNotifyCancel: { actions: ['refuse'], description: 'It can start only once.' },`,
    },
  ],
  killedBy: { property: 'I2', also: ['I3'], scope: { workers: 1, tasks: 1, kills: 0, budgets: { cancel: 1 } } },
};
