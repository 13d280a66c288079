/**
 * What must have happened at least once in a check: one in which too little happens would find nothing in anything.
 */

/** In the words of the report; each with what makes it likelier. */
const SIGHTS = {
  'a call ended with a result': 'some calls must return',
  'a call ended with an error': 'some calls must throw, as the given task does',
  'a call was cancelled': 'a cancel() must come before a call starts: take fewer workers, or longer runs',
  'a cancel came too late': 'a cancel() must come when a call runs or has ended: take longer runs',
  'a shutdown cancelled': 'cancelFutures must find a call that waits: take fewer workers, or longer runs',
  'a shutdown let calls finish': 'a shutdown() must find a call that waits: take fewer workers, or longer runs',
  'a shutdown did not wait': 'shutdown({ wait: false }) must find a call that is not done: take longer runs',
  'a submit was refused': 'a submit must follow a shutdown: take longer runs',
  'a callback threw': 'a callback that throws must be run: take longer runs',
} as const;

/** One thing that can be seen. */
export type Sight = keyof typeof SIGHTS;

/** All that can be seen. */
export const ALL_SIGHTS = Object.keys(SIGHTS) as readonly Sight[];

/** So many runs are enough to have seen everything, whatever the seed. */
export const RUNS_TO_SEE_ALL = 50;

/**
 * Says of each thing what it is and how it comes to be seen.
 *
 * @throws Error unless all was seen but for what cannot be
 */
export function demandSights(runs: number, seen: ReadonlySet<string>, unseen: readonly Sight[]): void {
  if (runs < RUNS_TO_SEE_ALL) return;
  const missing = ALL_SIGHTS.filter((sight) => !seen.has(sight) && !unseen.includes(sight));
  if (missing.length === 0) return;
  throw new Error(
    [
      `No promise was broken, but ${runs} runs show too little. In none of them was it seen that`,
      ...missing.map((sight) => `  ${sight}: ${SIGHTS[sight]}`),
      `What cannot happen with this executor belongs into the option: unseen: ${JSON.stringify(missing)}`,
    ].join('\n'),
  );
}
