/**
 * Random runs as plain data: a tape of numbers picks among the moves that are possible, so every number counts, and
 * schedule and workload shrink together.
 */
import type { Charts } from '../machines/index.ts';
import type { Edge } from './edge.ts';
import { attempt, replayRun, type Violation } from './explorer.ts';
import type { Invariant } from './invariants/invariant.ts';
import { inWords, type Move, PRICES, type Scope, VERBS, verbNumber } from './moves.ts';
import { isOwed, LIVENESS } from './rest.ts';
import { World } from './world.ts';

/** What a tape came to. */
export interface Play {
  readonly run: readonly Move[];
  readonly violation: Violation | undefined;
}

/** So many numbers at the start of a tape weigh the verbs; without them rare moves would end every run early. */
const WEIGHTS = VERBS.length;
/** Weights to choose from: never, seldom, as others, often. The first is what zero, the simplest number, stands for. */
const SCALE = [4, 1, 16, 0, 64] as const;
/** How much likelier what a pool is for is than wishes and faults. */
const ORDINARY = 40;
/** No number on a tape is greater. */
export const TAPE_MAX = 0x3fff;

/** Options of {@link playTape}. */
export interface PlayOptions {
  /** @defaultValue the compiled tables */
  readonly charts?: Charts;
  /** @defaultValue the whole catalogue */
  readonly invariants?: readonly Invariant[];
  /** Called with every good step. */
  readonly onEdge?: (edge: Edge) => void;
}

/**
 * Plays a tape: the first numbers are the weights of the verbs, each that follows picks one of the moves that are
 * possible then. When the tape is at its end, the mildest move is made until nothing can happen any more, wishes and
 * faults left aside, so that liveness is judged as well.
 */
export function playTape(scope: Scope, tape: readonly number[], options: PlayOptions = {}): Play {
  const { charts, invariants, onEdge } = options;
  const world = new World(scope, charts);
  const weights = VERBS.map((name, verb) => {
    const weight = SCALE[(tape[verb] ?? 0) % SCALE.length] as number;
    return PRICES[name] === null || name === 'submit' ? ORDINARY * Math.max(weight, 1) : weight;
  });
  const run: Move[] = [];
  for (let at = WEIGHTS; ; at++) {
    const codes = world.codes();
    const mild = codes.filter((code) => world.outside.prices.isFree[verbNumber(code)]);
    const picked = at < tape.length ? pick(codes, weights, tape[at] as number) : mild[0];
    if (picked === undefined) break;
    run.push(inWords(picked));
    const breach = attempt(world, picked, invariants, onEdge);
    if (breach) return { run, violation: { ...breach, run } };
  }
  const owed = isOwed(world);
  return { run, violation: owed === undefined ? undefined : { invariant: LIVENESS, why: owed, run } };
}

function pick(codes: readonly number[], weights: readonly number[], number: number): number | undefined {
  const weightOf = (code: number): number => weights[verbNumber(code)] as number;
  const sum = codes.reduce((total, code) => total + weightOf(code), 0);
  if (sum === 0) return codes[number % codes.length];
  let left = number % sum;
  return codes.find((code) => {
    left -= weightOf(code);
    return left < 0;
  });
}

/** A tape made of a seed: the same for the same seed, for ever. */
export function tapeOf(seed: number, length: number): number[] {
  let state = seed | 0;
  return Array.from({ length: WEIGHTS + length }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) & TAPE_MAX;
  });
}

/** Leaves out of a run what is not needed to break the same promise: nothing that is left can be left out alone. */
export function shrinkRun(scope: Scope, violation: Violation, charts?: Charts): Violation {
  let best = violation;
  for (let size = Math.ceil(best.run.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < best.run.length; ) {
      const shorter = [...best.run.slice(0, at), ...best.run.slice(at + size)];
      const found = replayRun(scope, shorter, charts);
      if (found?.invariant.id === violation.invariant.id && found.run.length < best.run.length) best = found;
      else at += size;
    }
  }
  return best;
}
