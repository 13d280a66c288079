/**
 * What a function of its input does not use: words for clocks, chance, timers, promises and the outside.
 */

/** What is looked for, and what to do instead. */
export const IMPURE: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/\bDate\b|\bperformance\b/, 'time is an event (timerFired) and an effect (startTimer)'],
  [/\bMath\s*\.\s*random\b|\bcrypto\b/, 'chance comes in with an event'],
  [/\b(?:set|clear)(?:Timeout|Interval|Immediate)\b|\bqueueMicrotask\b/, 'ask for a timer with the effect startTimer'],
  [/\bPromise\b|\basync\b|\bawait\b/, 'step() is synchronous; the runtime waits'],
  [/(?<![.\w])process\s*\.|\bglobalThis\b|\bconsole\b/, 'the outside belongs to runtime/'],
];
