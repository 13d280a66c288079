/** A bare child of `fork`: imports its tasks, answers each message with one. */
const { inc } = await import('../tasks/tasks.mjs');

process.on('message', (/** @type {number} */ x) => process.send(inc(x)));
