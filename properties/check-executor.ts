/**
 * Properties of any executor with our contract, judged from outside: through `submit`, `cancel`, callbacks and
 * `shutdown` alone.
 *
 * Runs are lists of words, made from a seed, shrunk by leaving words out, and replayed by giving them back.
 */
import { tapeOf } from './tape.ts';
import { type CheckOptions, type ExecutorLike, Trial } from './trial.ts';

/** What {@link checkExecutor} has done when it has found nothing. */
export interface CheckReport {
  readonly runs: number;
  readonly events: number;
  /** What happened at least once; a check in which too little of it did shows little. */
  readonly seen: ReadonlySet<string>;
}

/** What may be done to an executor, mild things first; a number picks the future. */
const VERBS = ['submit', 'turn', 'await', 'watch', 'cancel', 'shutdown', 'shutdownCancel'] as const;
/** Ends are rare, or most runs would be short. */
const CHANCES = [8, 4, 4, 3, 4, 1, 1] as const;

/**
 * Tries an executor: every future settles exactly once, a cancelled call never runs, callbacks run once and in order,
 * a shutdown refuses, cancels and joins as it should.
 *
 * @param factory makes a fresh executor for each run; it is shut down at the end
 * @throws Error when a promise is broken: the shrunk events, what happened in each, and the line of code that replays
 * them
 */
export async function checkExecutor<E extends ExecutorLike>(
  factory: () => E | Promise<E>,
  options: CheckOptions<E>,
): Promise<CheckReport> {
  const { runs = 100, length = 20, seed = 1, replay } = options;
  const seen = new Set<string>();
  let events = 0;
  const attempt = async (words: readonly string[]): Promise<Trial<E>> => {
    const trial = new Trial(await factory(), options);
    await trial.make(words);
    return trial;
  };
  const count = replay ? 1 : runs;
  for (let run = 0; run < count; run++) {
    const words = replay ?? wordsOf(seed * 65_537 + run, length);
    const trial = await attempt(words);
    events += words.length;
    for (const what of trial.seen) seen.add(what);
    if (trial.broken === undefined) continue;
    const shrunk = await shrink(words, trial, attempt);
    throw new Error(inText(shrunk.words, shrunk.trial));
  }
  return { runs: count, events, seen };
}

function wordsOf(seed: number, length: number): string[] {
  const tape = tapeOf(seed, length * 2);
  const sum = CHANCES.reduce((total, chance) => total + chance, 0);
  return Array.from({ length: 1 + ((tape[0] as number) % length) }, (_, i) => {
    let left = (tape[2 * i + 1] as number) % sum;
    const verb = VERBS.find((_verb, at) => {
      left -= CHANCES[at] as number;
      return left < 0;
    });
    const needsFuture = verb === 'await' || verb === 'watch' || verb === 'cancel';
    return needsFuture ? `${verb} ${(tape[2 * i + 2] as number) % 8}` : (verb as string);
  });
}

/** Leaves out events as long as the same promise stays broken. */
async function shrink<E extends ExecutorLike>(
  words: readonly string[],
  trial: Trial<E>,
  attempt: (words: readonly string[]) => Promise<Trial<E>>,
): Promise<{ words: readonly string[]; trial: Trial<E> }> {
  let best = { words, trial };
  for (let size = Math.ceil(words.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < best.words.length; ) {
      const shorter = [...best.words.slice(0, at), ...best.words.slice(at + size)];
      const again = await attempt(shorter);
      if (again.broken?.id === trial.broken?.id) best = { words: shorter, trial: again };
      else at += size;
    }
  }
  return best;
}

function inText<E extends ExecutorLike>(words: readonly string[], { broken, lines }: Trial<E>): string {
  return [
    `${broken?.id} is broken: ${broken?.sentence}`,
    `  ${broken?.why}`,
    '',
    `The run, ${words.length} ${words.length === 1 ? 'event' : 'events'}, and where every future was then:`,
    ...lines.map((line) => `  ${line}`),
    '',
    'To see it again:',
    `  await checkExecutor(factory, { ...options, replay: ${JSON.stringify(words)} })`,
  ].join('\n');
}
