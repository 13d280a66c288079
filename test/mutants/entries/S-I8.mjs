/** @type {import('../entry.ts').Entry} */
export default {
  id: 'S-I8',
  bugs: [],
  origin: 'a slip that is easily made here',
  story: 'The queue is an array, and the next call is popped from its end.',
  patches: [
    {
      file: 'machines/dispatch.ts',
      replace: "import { dequeue } from './queue.ts';",
      with: "import { remove } from './queue.ts';",
    },
    {
      file: 'machines/dispatch.ts',
      replace: `    const work = dequeue(queue);
    if (!work) break;`,
      with: `    const work = queue.places.findLast((it) => it !== undefined);
    if (!work) break;
    remove(queue, work);`,
    },
  ],
  killedBy: { property: 'I8', scope: { workers: 1, tasks: 2, kills: 0 } },
};
