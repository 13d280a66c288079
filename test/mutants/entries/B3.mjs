/** @type {import('../entry.ts').Entry} */
export default {
  id: 'B3',
  origin: 'trio-parallel 43, loky 370, taskcluster 3080',
  story: 'A worker was told to leave; a call is written to it all the same and is lost with it.',
  patches: [
    {
      file: 'machines/worker.ts',
      replace: `        asked: {
          description: 'Asked to leave by message; killGrace runs.',
          on: {`,
      with: `        asked: {
          description: 'Asked to leave by message; killGrace runs.',
          tags: ['takesCalls'],
          on: {
            assign: { actions: ['sendCall'], description: 'It is still there.' },`,
    },
    {
      file: 'machines/worker.ts',
      replace: `on: {
            assign: { actions: ['sendCall'], description: 'It is still there.' }, ...isLeaving, terminate: terms,`,
      with: `on: {
            ...isLeaving,
            assign: { actions: ['sendCall'], description: 'It is still there.' },
            retire: { description: 'It retires already.' }, terminate: terms,`,
    },
  ],
  killedBy: { property: 'I18', also: ['P5'], scope: { workers: 1, tasks: 2, kills: 0, maxTasksPerChild: 1 } },
};
