/**
 * One deadline for many waits, by the monotonic clock (bpo-34819).
 */

/** Counts from its making. */
export class Deadline {
  readonly #end: number | undefined;

  /** @param timeout - milliseconds; `undefined` for no deadline */
  constructor(timeout: number | undefined) {
    this.#end = timeout === undefined ? undefined : performance.now() + timeout;
  }

  /**
   * Whether the event came in time. What comes in the same turn as the deadline has come; it rejects as the event does.
   */
  async allows(event: Promise<unknown>): Promise<boolean> {
    if (this.#end === undefined) {
      await event;
      return true;
    }
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, Math.max(0, (this.#end as number) - performance.now()), false);
    });
    try {
      return await Promise.race([event.then(() => true), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
