/**
 * Properties of any executor with our contract, judged from outside: through `submit`, `cancel`, callbacks and
 * `shutdown` alone, and through the functions that it runs.
 *
 * Runs are lists of words, made from a seed, shrunk by leaving words out, and replayed by giving them back.
 */
import { type Checked, type CheckOptions, checkedOptions, type ExecutorLike } from './check-options.ts';
import { PROMISES, type PromiseId } from './check-promises.ts';
import { milderWords, withoutWords, wordsOf } from './check-words.ts';
import { catchEscapes } from './functions.ts';
import { demandSights, type Sight } from './sights.ts';
import { Trial } from './trial.ts';

/** What {@link checkExecutor} has done when it has found nothing. */
export interface CheckReport {
  readonly runs: number;
  readonly events: number;
  /** What happened at least once; a check in which too little of it did shows little, and fails from 50 runs on. */
  readonly seen: ReadonlySet<Sight>;
  /** The promises that could not be judged by what the options tell, such as `C16: …` without `workers`. */
  readonly unjudged: readonly string[];
}

type Attempt<E extends ExecutorLike> = (words: readonly string[], timeout?: number) => Promise<Trial<E>>;

/**
 * Tries an executor against CPython’s contract, in 18 promises: every call runs once, in order, and its future settles
 * once, as the function ended; cancels, callbacks and shutdowns do what they say.
 *
 * @param factory makes a fresh executor for each run; it is shut down at the end
 * @throws Error when a promise is broken: the shrunk events, what happened in each, and the line of code that replays
 * them; or when 50 or more runs have not shown everything that can happen
 * @throws TypeError or RangeError for an option that is unknown or wrong, before anything runs
 */
export async function checkExecutor<E extends ExecutorLike>(
  factory: () => E | Promise<E>,
  options: CheckOptions<E>,
): Promise<CheckReport> {
  const checked = checkedOptions(factory, options);
  const { runs, length, seed, timeout, replay } = checked;
  const seen = new Set<Sight>();
  let events = 0;
  const attempt: Attempt<E> = async (words, within = timeout) => {
    const trial = new Trial(await factory(), { ...checked, timeout: within });
    await trial.make(words);
    return trial;
  };
  const count = replay ? 1 : runs;
  const stopCatching = catchEscapes();
  try {
    for (let run = 0; run < count; run++) {
      const words = replay ?? wordsOf(seed, run, length);
      const trial = await attempt(words);
      events += words.length;
      for (const what of trial.seen) seen.add(what);
      if (trial.broken === undefined) continue;
      const shrunk = await shrink(words, trial, attempt, timeout);
      throw new Error(inText(shrunk.words, shrunk.trial));
    }
  } finally {
    stopCatching();
  }
  if (!replay) demandSights(count, seen, checked.unseen);
  return { runs: count, events, seen, unjudged: unjudged(checked) };
}

/** Leaves out events, and makes milder ones, as long as the same promise stays broken. */
async function shrink<E extends ExecutorLike>(
  words: readonly string[],
  trial: Trial<E>,
  attempt: Attempt<E>,
  timeout: number,
): Promise<{ words: readonly string[]; trial: Trial<E> }> {
  const isSame = (again: Trial<E>) => again.broken?.id === trial.broken?.id;
  // What hangs would take the whole time in each attempt; the last one takes it, and decides.
  const short = Math.min(timeout, Math.max(timeout / 10, 100));
  let best = words;
  const firstOf = async (simpler: readonly (readonly string[])[]): Promise<boolean> => {
    for (const some of simpler) {
      if (!isSame(await attempt(some, short))) continue;
      best = some;
      return true;
    }
    return false;
  };
  const leaveOut = (places: readonly number[]) => firstOf(withoutWords(best, places));
  for (let size = Math.ceil(words.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let at = 0; at < best.length; )
      if (!(await leaveOut(Array.from({ length: size }, (_, i) => at + i)))) at += size;
  // A call may be there only for the turn that it takes, and neither goes without the other.
  for (let at = 0; at < best.length; at++)
    for (let other = at + 1; best[at] === 'submit' && other < best.length; )
      if (await leaveOut([at, other])) other = at + 1;
      else other++;
  for (let at = 0; at < best.length; at++) await firstOf(milderWords(best, at));
  const confirmed = await attempt(best);
  return isSame(confirmed) ? { words: best, trial: confirmed } : { words, trial };
}

function unjudged<E extends ExecutorLike>({ takesTask, outcome, starts, hasStarted, workers }: Checked<E>): string[] {
  const isJudged: Partial<Record<PromiseId, boolean>> = {
    C9: takesTask || starts !== undefined || hasStarted !== undefined,
    C13: takesTask || outcome !== undefined,
    C14: takesTask || starts !== undefined,
    C15: takesTask || starts !== undefined,
    C16: takesTask && workers !== undefined,
    C18: takesTask,
  };
  const ids = Object.keys(PROMISES) as PromiseId[];
  return ids.filter((id) => isJudged[id] === false).map((id) => `${id}: ${PROMISES[id]}`);
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
    "  import { checkExecutor } from 'procfutures/properties';",
    `  await checkExecutor(factory, { ...options, replay: ${JSON.stringify(words)} });`,
  ].join('\n');
}
