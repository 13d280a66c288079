/**
 * The command line of `npm run verify`.
 */
import { parseArgs } from 'node:util';
import { mutant } from '../../properties/mutants.ts';

/** What is to be climbed, and where the outcome goes. */
export interface Args {
  /** Say what can be asked for, and do nothing else. */
  readonly help: boolean;
  readonly deep: boolean;
  readonly floor: boolean;
  readonly on: boolean;
  /** Ids of rungs; all without it. */
  readonly only: readonly string[] | undefined;
  readonly plant: string | undefined;
  readonly json: string | undefined;
  readonly docs: string | undefined;
  /** A counterexample to replay instead, and the move after which to look closely. */
  readonly replay: string | undefined;
  readonly at: number | undefined;
}

export const USAGE = `npm run verify -- [options]

  --floor        the bounds that a change must pass to land, minutes instead of seconds
  --deep         wider ones, and what takes an hour
  --only L3,L6   these rungs alone
  --on           go on where a rung is under its floor on which the later ones stand
  --plant ID     plant an automatic mutant ('worker busy/exited is ignored') and see what would be said of it
  --json FILE    write all numbers there
  --docs FILE    write the report for people there; takes all rungs
  --replay FILE  replay a counterexample that was written, move by move; --at N to look closely after N moves`;

/** @throws TypeError for what is no option, RangeError for a wrong value */
export function argsFrom(words: readonly string[], rungs: readonly string[]): Args {
  const { values } = parseArgs({
    args: [...words],
    options: {
      deep: { type: 'boolean', default: false },
      floor: { type: 'boolean', default: false },
      on: { type: 'boolean', default: false },
      only: { type: 'string' },
      plant: { type: 'string' },
      json: { type: 'string' },
      docs: { type: 'string' },
      replay: { type: 'string' },
      at: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const only = values.only?.split(',');
  const unknown = only?.filter((id) => !rungs.includes(id)) ?? [];
  if (unknown.length > 0)
    throw new RangeError(`--only: there is no rung ${unknown.join(', ')}; ${rungs.join(', ')} are.`);
  if (values.docs !== undefined && (only || values.plant !== undefined))
    throw new RangeError('--docs takes all rungs, on what ships: a page without some would say that they are gone.');
  if (values.plant !== undefined) mutant(values.plant);
  const at = values.at === undefined ? undefined : Number(values.at);
  if (at !== undefined && (!Number.isSafeInteger(at) || at < 0)) throw new RangeError('--at takes a number of moves.');
  if (at !== undefined && values.replay === undefined) throw new RangeError('--at goes with --replay FILE.');
  const { help, deep, floor, on, plant, json, docs, replay } = values;
  return { help, deep, floor, on, only, plant, json, docs, replay, at };
}
