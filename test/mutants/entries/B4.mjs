/** @type {import('../entry.ts').Entry} */
export default {
  id: 'B4',
  origin: 'celery 3085, loky 641',
  story: 'A worker that was to be replaced is taken for one that crashed.',
  patches: [
    {
      file: 'machines/worker-cells.ts',
      replace: `export const gone = {
  target: '#worker.dead',
  actions: ['stopTimer', 'release'],`,
      with: `export const gone = {
  target: '#worker.dead',
  actions: ['stopTimer', 'reportLost', 'release'],`,
    },
  ],
  killedBy: { property: 'I21', scope: { workers: 1, tasks: 1, kills: 0, maxTasksPerChild: 1 } },
};
