/**
 * Tells live executors that the process is leaving.
 *
 * One 'exit' listener per process, put in front of the user's own, so that a `submit` inside one of those is refused.
 * Inside it nothing asynchronous will ever run again: all that can be done is to send SIGKILL.
 */

/** Whoever has worker processes that must not outlive this one. */
export interface Leaver {
  leave(): void;
}

const live = new Set<Leaver>();
let isWatching = false;
let isLeaving = false;

/** Tells `leaver` when the process leaves, until {@link unwatchExit}. */
export function watchExit(leaver: Leaver): void {
  live.add(leaver);
}

/** Forgets a leaver that has no processes any more. */
export function unwatchExit(leaver: Leaver): void {
  live.delete(leaver);
}

/** Installs the listener if need be. @returns whether the process is leaving already */
export function processIsLeaving(): boolean {
  if (!isWatching) {
    isWatching = true;
    process.prependListener('exit', () => {
      isLeaving = true;
      for (const leaver of live) leaver.leave();
    });
  }
  // The listener comes too late for an executor that is made inside another 'exit' listener; Node keeps its own mark.
  return isLeaving || (process as { _exiting?: boolean })._exiting === true;
}
