/**
 * A run, move by move, forward and back.
 */
import type { Charts } from '../machines/index.ts';
import { type Breach, judge } from './catalogue.ts';
import { attemptTo } from './cores.ts';
import type { Edge } from './edge.ts';
import { fromWords, type Move, type Scope } from './moves.ts';
import { isOwed, LIVENESS } from './rest.ts';
import { checkedScope } from './scope.ts';
import { World } from './world.ts';

/**
 * Replays a run on a core of its own. It stands after so many moves, and can go to any other place: a core never goes
 * back, so that what lies before is played again.
 */
export class Replay {
  readonly scope: Scope;
  readonly run: readonly Move[];
  readonly #charts: Charts | undefined;
  #world: World;
  #position = 0;
  #edge: Edge | undefined;
  #breach: Breach | undefined;

  /**
   * @param charts by default the compiled tables
   * @throws RangeError for a run with words that are no move, TypeError or RangeError for what is no scope
   */
  constructor(scope: Scope, run: readonly Move[], charts?: Charts) {
    for (const move of run) fromWords(move);
    this.scope = checkedScope(scope);
    this.run = run;
    this.#charts = charts;
    this.#world = new World(scope, charts);
  }

  /** How many moves have been made. */
  get position(): number {
    return this.#position;
  }

  /** Where everything stands now. */
  get world(): World {
    return this.#world;
  }

  /** The step that the last move was, if the core was told of it. */
  get edge(): Edge | undefined {
    return this.#edge;
  }

  /** The promise that the last move has broken. */
  get breach(): Breach | undefined {
    return this.#breach;
  }

  /**
   * Makes the next move.
   *
   * @returns whether there was one to make: not at the end, nor after a broken promise
   * @throws RangeError when the next move cannot be made
   */
  forward(): boolean {
    const move = this.run[this.#position];
    if (move === undefined || this.#breach) return false;
    const possible = this.#world.moves();
    if (!possible.includes(move))
      throw new RangeError(
        `Move ${this.#position + 1}, '${move}', cannot be made here. What can: ${possible.join(', ') || 'nothing'}.`,
      );
    this.#position++;
    this.#edge = undefined;
    const told = attemptTo(() => this.#world.happen(move), []);
    if (told && 'invariant' in told) {
      this.#breach = told;
      return true;
    }
    this.#edge = told;
    this.#breach = told && judge(told);
    if (told && !this.#breach) this.#world.settle(told);
    if (!this.#breach && this.#position === this.run.length) this.#breach = this.#owed();
    return true;
  }

  /** What a run that leads to where nothing can happen any more has left undone. */
  #owed(): Breach | undefined {
    const why = this.#world.codes().length === 0 ? isOwed(this.#world) : undefined;
    return why === undefined ? undefined : { invariant: LIVENESS, why };
  }

  /** Takes the last move back. @returns whether there was one */
  back(): boolean {
    if (this.#position === 0) return false;
    this.goTo(this.#position - 1);
    return true;
  }

  /** Goes to the place after so many moves, or as far as the run leads. */
  goTo(position: number): void {
    if (position < this.#position) {
      this.#world = new World(this.scope, this.#charts);
      this.#position = 0;
      this.#edge = undefined;
      this.#breach = undefined;
    }
    while (this.#position < position && this.forward());
  }
}

/**
 * The promise that a run breaks, every move of it made.
 *
 * @throws RangeError when a move cannot be made
 */
export function breachIn(scope: Scope, run: readonly Move[], charts?: Charts): Breach | undefined {
  const replay = new Replay(scope, run, charts);
  replay.goTo(run.length);
  return replay.breach;
}
