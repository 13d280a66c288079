/** What is measured: the build beside this folder. This folder is a package of its own, so it cannot say `procfutures`. */
export { asCompleted, Future, ProcessPoolExecutor, tasksFrom, wait } from '../../dist/runtime/index.js';

/** The entry whose import is timed. */
export const MAIN_ENTRY = new URL('../../dist/runtime/index.js', import.meta.url);
