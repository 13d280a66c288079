/**
 * The command line of `npm run chaos`.
 */
import { parseArgs } from 'node:util';

/** What is to be run. */
export interface Args {
  /** Say what can be asked for, and do nothing else. */
  readonly help: boolean;
  readonly episodes: number;
  readonly seed: string;
  /** How many episodes at a time. */
  readonly lanes: number;
  /** A plan to run instead of new ones, so many times. */
  readonly replay: string | undefined;
  readonly times: number;
  /** Drop steps from the plan for as long as it still fails. */
  readonly shrink: boolean;
  readonly json: string | undefined;
}

export const USAGE = `npm run chaos -- [options]

  --episodes N   how many (200)
  --seed S       any text; the same one gives the same plans (drawn, and printed)
  --lanes N      how many at a time (2)
  --replay FILE  run this plan (plan.json of a failing episode) instead
  --times N      with --replay: so many times (1)
  --shrink       with --replay: look for the shortest plan that still fails in one of --times runs (10)
  --json FILE    write the report there too`;

/** @throws TypeError for what is no option, RangeError for a wrong value */
export function argsFrom(words: readonly string[], drawSeed: () => string): Args {
  const { values } = parseArgs({
    args: [...words],
    options: {
      episodes: { type: 'string' },
      seed: { type: 'string' },
      lanes: { type: 'string' },
      replay: { type: 'string' },
      times: { type: 'string' },
      shrink: { type: 'boolean' },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const number = (name: 'episodes' | 'lanes' | 'times', fallback: number): number => {
    const value = Number(values[name] ?? fallback);
    if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`--${name} takes a whole number from 1.`);
    return value;
  };
  const shrink = values.shrink ?? false;
  if ((shrink || values.times !== undefined) && values.replay === undefined)
    throw new RangeError('--shrink and --times go with --replay FILE.');
  return {
    help: values.help,
    episodes: number('episodes', 200),
    seed: values.seed ?? drawSeed(),
    lanes: number('lanes', 2),
    replay: values.replay,
    times: number('times', shrink ? 10 : 1),
    shrink,
    json: values.json,
  };
}
