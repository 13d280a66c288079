/**
 * Who goes next: at random with weights that differ from run to run, or by priorities that change a few times (PCT:
 * Burckhardt et al. 2010, which finds a bug of depth d with a known probability).
 */
import type { Happening } from '../../runtime/simulation/index.ts';
import type { Dice } from './dice.ts';

/** What a strategy chooses when it is the client's turn. */
export const CLIENT = -1;

/** Chooses the index of a happening, or {@link CLIENT}, if the client has anything left to do. */
export type Strategy = (enabled: readonly Happening[], hasClient: boolean) => number;

/** How a schedule is chosen: `random`, or PCT of a depth. */
export type Method = 'random' | 2 | 3 | 4 | 5;
export const METHODS: readonly Method[] = ['random', 2, 3, 4, 5];

/** Change points are drawn from so many events. */
const EXPECTED_LENGTH = 40;
const WEIGHTS = [1, 2, 4, 8, 16];

export function strategyOf(method: Method, dice: Dice): Strategy {
  return method === 'random' ? atRandom(dice) : byPriority(method, dice);
}

/** Each kind of happening has a weight of its own in each run; faults are rare in all. */
function atRandom(dice: Dice): Strategy {
  const weights = new Map<string, number>();
  const client = 8 * dice.pick(WEIGHTS);
  const weightOf = ({ type, isFault }: Happening): number => {
    if (isFault) return 1;
    let weight = weights.get(type);
    if (weight === undefined) {
      weight = 4 * dice.pick(WEIGHTS);
      weights.set(type, weight);
    }
    return weight;
  };
  return (enabled, hasClient) => {
    let sum = hasClient ? client : 0;
    for (const it of enabled) sum += weightOf(it);
    let left = dice.below(sum);
    for (let i = 0; i < enabled.length; i++) {
      left -= weightOf(enabled[i] as Happening);
      if (left < 0) return i;
    }
    return CLIENT;
  };
}

/** What the parent learns is told by its event loop; the rest a process does, or is done to it. */
const TOLD: ReadonlySet<string> = new Set(
  'spawns failsToSpawn rejects delivers misreads reportsExit endsCalls endsResults timesOut'.split(' '),
);
const CLIENT_ACTOR = 0;
const FAULT_ACTOR = 1;

/** The client, misfortune, each process, and what is told of each. */
function actorOf({ type, worker, isFault }: Happening): number {
  return isFault ? FAULT_ACTOR : 2 + 2 * worker + (TOLD.has(type) ? 1 : 0);
}

/** The actor with the highest priority goes; at each change point it becomes the lowest instead. */
function byPriority(depth: number, dice: Dice): Strategy {
  const priorities = new Map<number, number>();
  const changes = new Set(Array.from({ length: depth - 1 }, () => dice.below(EXPECTED_LENGTH)));
  let lowest = 0;
  let event = 0;
  const priorityOf = (actor: number): number => {
    let priority = priorities.get(actor);
    if (priority === undefined) {
      priority = 1 + dice.below(1_000_000);
      priorities.set(actor, priority);
    }
    return priority;
  };
  return (enabled, hasClient) => {
    let highest = hasClient ? CLIENT_ACTOR : actorOf(enabled[0] as Happening);
    for (const it of enabled) {
      const actor = actorOf(it);
      if (priorityOf(actor) > priorityOf(highest)) highest = actor;
    }
    if (changes.has(event++)) priorities.set(highest, --lowest);
    if (highest === CLIENT_ACTOR) return CLIENT;
    if (highest !== FAULT_ACTOR) return enabled.findIndex((it) => actorOf(it) === highest);
    const first = enabled.findIndex(({ isFault }) => isFault);
    return first + dice.below(enabled.length - first);
  };
}
