/** What holds at this moment: of a promise, and of the timers of this process. */

/** What a promise has come to by the time that all promises that can settle have. */
export async function now<T>(promise: Promise<T>): Promise<T | 'waits'> {
  await new Promise(setImmediate);
  return Promise.race([promise, Promise.resolve('waits' as const)]);
}

/** How many timers keep the event loop alive; those of the runner come and go between two turns. */
export function liveTimers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
}
