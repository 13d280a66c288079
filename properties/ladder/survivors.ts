/**
 * Automatic mutants that no property can kill, each with the reason: they change nothing that anybody could see.
 */

/** A pattern of mutants, and why they are equivalent to what ships. */
export const survivors: readonly (readonly [pattern: RegExp, why: string])[] = [
  [
    /^worker (?:spawning|booting)\/\w+ loses noteStarting$/,
    'a worker is noted as starting from its birth: the note says again what is so already',
  ],
  [
    /^executor .* does fail(?:Killed|Terminated) before cancelPending$/,
    'all of it happens in one step; in which order calls are told that a forced stop took them is promised to nobody',
  ],
  [/^worker dead /, 'a dead worker is forgotten in the step in which it dies: nobody asks what it is'],
  [
    /^worker lost\.(?:deaf|severed)\/spawnFailed /,
    'nothing can be reported of a process that never was: the cell is there for hosts that do not know',
  ],
  [
    /^worker (?:lost\.severed|spawning)\/faulted /,
    'a host reads nothing after the first fault, and nothing before a process exists',
  ],
];
