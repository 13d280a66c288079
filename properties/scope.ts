/**
 * Scopes that somebody has written: whether they are any.
 */
import { FAULTS, type Scope, WISHES } from './moves.ts';

const COUNTS = ['workers', 'tasks', 'kills', 'wishes', 'faults', 'maxTasksPerChild'] as const;
const OTHERS = ['budgets', 'costs'] as const;

/**
 * Takes a scope that somebody has written.
 *
 * @throws TypeError for what is no scope, or names what none has; RangeError for a number that makes no sense
 */
export function checkedScope(scope: Scope): Scope {
  if (typeof scope !== 'object' || scope === null)
    throw new TypeError('A scope is an object: { workers, tasks, kills }.');
  const budgets = scope.budgets ?? {};
  const known: readonly string[] = [...COUNTS, ...OTHERS];
  const strange = Object.keys(scope).find((name) => !known.includes(name));
  if (strange !== undefined) throw new TypeError(`A scope has no '${strange}'; it has ${known.join(', ')}.`);
  const kinds: readonly string[] = [...WISHES, ...FAULTS];
  const odd = Object.keys(budgets).find((name) => !kinds.includes(name));
  if (odd !== undefined) throw new TypeError(`The budgets of a scope have no '${odd}'; they have ${kinds.join(', ')}.`);
  const least = { workers: 1, tasks: 0, kills: 0, wishes: 0, faults: 0, maxTasksPerChild: 1 };
  for (const name of COUNTS) {
    const value = scope[name];
    if (value === undefined && (name === 'wishes' || name === 'faults' || name === 'maxTasksPerChild')) continue;
    const isForEver = name === 'maxTasksPerChild' && value === Number.POSITIVE_INFINITY;
    if (!isForEver && !(Number.isSafeInteger(value) && (value as number) >= least[name]))
      throw new RangeError(`The ${name} of a scope must be a whole number from ${least[name]}, not ${String(value)}.`);
  }
  for (const [name, value] of Object.entries(budgets))
    if (!(Number.isSafeInteger(value) && value >= 0))
      throw new RangeError(`The budget of '${name}' must be a whole number from 0, not ${String(value)}.`);
  return scope;
}
