/**
 * Out of what moves are paid: budgets of their own first, then the two shared ones.
 */
import { FAULTS, PRICES, type Scope, VERBS, WISHES } from './moves.ts';

/**
 * What is left of each budget that was not empty from the start, in a fixed order, and a last place that is always
 * empty: whoever has no budget is paid from there.
 */
export type Purse = number[];

/** Where each verb, by its number, is paid from: places in a purse. */
export interface Prices {
  readonly full: Purse;
  readonly isFree: readonly boolean[];
  readonly own: readonly number[];
  readonly shared: readonly number[];
}

/** The prices within a scope. */
export function pricesOf({ tasks, kills, budgets = {}, wishes = 0, faults = 0 }: Scope): Prices {
  const sizes: Readonly<Record<string, number>> = { submit: tasks, crash: kills, ...budgets, wishes, faults };
  const kinds = Object.keys(sizes).filter((kind) => (sizes[kind] as number) > 0);
  const placeOf = (kind: string | null): number =>
    kind !== null && kinds.includes(kind) ? kinds.indexOf(kind) : kinds.length;
  return {
    full: [...kinds.map((kind) => sizes[kind] as number), 0],
    isFree: VERBS.map((verb) => PRICES[verb] === null),
    own: VERBS.map((verb) => placeOf(PRICES[verb])),
    shared: VERBS.map((verb) => placeOf(sharedBy(PRICES[verb]))),
  };
}

function sharedBy(kind: string | null): string | null {
  if ((WISHES as readonly (string | null)[]).includes(kind)) return 'wishes';
  return (FAULTS as readonly (string | null)[]).includes(kind) ? 'faults' : null;
}

/** Whether a move can be paid for. */
export function canPay({ isFree, own, shared }: Prices, purse: Purse, verb: number): boolean {
  return (
    (isFree[verb] as boolean) ||
    (purse[own[verb] as number] as number) > 0 ||
    (purse[shared[verb] as number] as number) > 0
  );
}

/** Takes one from the budget of its own, else from the shared one. */
export function pay({ isFree, own, shared }: Prices, purse: Purse, verb: number): void {
  if (isFree[verb]) return;
  const from = ((purse[own[verb] as number] as number) > 0 ? own[verb] : shared[verb]) as number;
  purse[from] = (purse[from] as number) - 1;
}
