/**
 * Automatic mutants that no property can kill, each with the reason: they change nothing that anybody could see.
 */

/** A pattern of mutants, and why they are equivalent to what ships. */
export const survivors: readonly (readonly [pattern: RegExp, why: string])[] = [
  [
    /^executor .* does fail(?:Killed|Terminated) before cancelPending$/,
    'all of it happens in one step; in which order calls are told that a forced stop took them is promised to nobody',
  ],
  [/^worker dead /, 'a dead worker is forgotten in the step in which it dies: nobody asks what it is'],
];
