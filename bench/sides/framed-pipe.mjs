/**
 * The floor of many calls: a pipe to each child, up to 512 calls in one v8 frame, and nothing else. No
 * cancellation, no error, no death: what a pool adds to this is what it costs.
 *
 * All calls of a frame share one serializer, which a pool must not do: the objects of different calls could become one.
 */
import { once } from 'node:events';
import { frame, readFrames } from './frames.mjs';
import { endChild, socketChild } from './processes.mjs';

const CALLS_PER_FRAME = 512;
const CHILD = new URL('./framed-pipe-child.mjs', import.meta.url);

/**
 * `batch` gives all calls at once and gets all results at once. `each` makes a promise for each call, as every pool
 * does, and collects calls until the turn of the event loop ends.
 *
 * @param {number} workers
 */
export async function framedPipe(workers) {
  /** @type {unknown[]} */
  let results = [];
  let missing = 0;
  let finish = (/** @type {unknown[]} */ _results) => {};
  /** @type {((value: unknown) => void)[]} */
  let resolvers = [];
  /** @type {[number, string, unknown][]} */
  let calls = [];
  let turn = 0;
  const children = Array.from({ length: workers }, () => socketChild(CHILD));
  for (const { socket } of children) {
    readFrames(socket, (/** @type {[number, unknown][]} */ answers) => {
      if (missing === 0) {
        for (const [id, value] of answers) resolvers[id](value);
        return;
      }
      for (const [id, value] of answers) results[id] = value;
      missing -= answers.length;
      if (missing === 0) finish(results);
    });
  }
  const flush = () => {
    if (calls.length === 0) return;
    children[turn++ % workers].socket.write(frame(calls));
    calls = [];
  };
  const call = (/** @type {string} */ name, /** @type {unknown} */ item) =>
    new Promise((resolve) => {
      if (calls.length === 0) setImmediate(flush);
      calls.push([resolvers.push(resolve) - 1, name, item]);
      if (calls.length === CALLS_PER_FRAME) flush();
    });
  const each = async (/** @type {string} */ name, /** @type {readonly unknown[]} */ items) => {
    resolvers = [];
    return Promise.all(items.map((item) => call(name, item)));
  };
  const batch = (/** @type {string} */ name, /** @type {readonly unknown[]} */ items) =>
    new Promise((resolve) => {
      finish = resolve;
      results = new Array(items.length);
      missing = items.length;
      for (let first = 0; first < items.length; first += CALLS_PER_FRAME, turn++) {
        const some = items.slice(first, first + CALLS_PER_FRAME).map((item, i) => [first + i, name, item]);
        children[turn % workers].socket.write(frame(some));
      }
    });
  await Promise.all(children.map(({ child }) => once(child, 'spawn')));
  await batch('inc', [1]);
  return { batch, each, close: () => Promise.all(children.map(({ child }) => endChild(child))) };
}
