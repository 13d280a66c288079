/**
 * What is promised of every executor, whoever wrote it: CPython's contract as far as it can be judged from outside.
 */

/** In the order in which they were made; a number, once published, keeps its promise. */
export const PROMISES = {
  C1: 'Every accepted future settles.',
  C2: 'A future goes from PENDING to RUNNING to done; once done, it and its outcome stay as they are.',
  C3: 'cancel() answers true exactly when the future is cancelled.',
  C4: 'A callback runs once, in order of registration, when the future is done; at once if it is done already.',
  C5: 'After a shutdown, submit throws an Error, and what was refused never starts.',
  C6: 'shutdown() resolves, and every future is done when it does.',
  C7: 'cancelFutures cancels every call that has not started, in that instant.',
  C8: 'result() settles as the future has.',
  C9: 'A call that was cancelled never starts.',
  C10: 'What is allowed does not throw, and submit returns a future.',
  C11: 'A callback is given its future.',
  C12: 'A callback that throws stops neither the others nor the executor.',
  C13: 'A call ends with what its function has returned or thrown.',
  C14: 'The function of a call runs once; only that of a cancelled one does not run.',
  C15: 'Calls start in the order in which they were submitted.',
  C16: 'No more calls run at the same time than there are workers.',
  C17: 'Only cancel() and cancelFutures cancel; a plain shutdown() lets finish what was accepted.',
  C18: 'shutdown({ wait: false }) resolves at once, while calls still run.',
} as const;

/** Which promise. */
export type PromiseId = keyof typeof PROMISES;

/** A promise that was not kept. */
export class Broken extends Error {
  readonly id: PromiseId;

  constructor(id: PromiseId, why: string) {
    super(why);
    this.id = id;
  }
}
