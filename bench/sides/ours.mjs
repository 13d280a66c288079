/** procfutures, as its README shows it. */
import { ProcessPoolExecutor, tasksFrom } from '../lib/project.mjs';

/** @type {ReturnType<typeof tasksFrom<typeof import('../tasks/tasks.mjs')>>} */
export const tasks = tasksFrom(new URL('../tasks/tasks.mjs', import.meta.url));

/** Opens a pool whose workers have all run something. @param {number} workers @param {object} [options] */
export async function openOurs(workers, options = {}) {
  const pool = new ProcessPoolExecutor({ maxWorkers: workers, ...options });
  await Promise.all(Array.from({ length: 50 * workers }, (_, i) => pool.submit(tasks.inc, i)));
  return pool;
}
