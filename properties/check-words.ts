/**
 * The runs of `checkExecutor` as plain words, so that they can be made from a seed, shrunk, printed and given back.
 */
import { tapeOf } from './tape.ts';

/** What may be done to an executor, mild things first; whether a number follows, which picks the future. */
const VERBS = {
  submit: false,
  turn: false,
  await: true,
  watch: true,
  watchThrow: true,
  cancel: true,
  shutdown: false,
  shutdownCancel: false,
  shutdownNoWait: false,
} as const;

type Verb = keyof typeof VERBS;

type Chances = Readonly<Partial<Record<Verb, number>>>;

/** Ends are rare, or most runs would be short. */
const USUAL: Chances = {
  submit: 8,
  turn: 4,
  await: 4,
  watch: 3,
  cancel: 4,
  shutdown: 1,
  shutdownCancel: 1,
  shutdownNoWait: 1,
};
/** Ends that find many calls waiting. */
const CROWDED: Chances = { ...USUAL, submit: 20, turn: 2, await: 1, shutdown: 2, shutdownCancel: 3, shutdownNoWait: 2 };
/** One run in so many has a callback that throws; executors log these, and nobody reads on where there are too many. */
const THROWING = 8;

/** The words of one run, by its number; the same seed makes the same. */
export function wordsOf(seed: number, run: number, length: number): string[] {
  const tape = tapeOf(seed * 65_537 + run, length * 2);
  const chances = Object.entries(run % 3 === 2 ? CROWDED : USUAL) as [Verb, number][];
  const sum = chances.reduce((total, [, chance]) => total + chance, 0);
  let futures = 0;
  const words = Array.from({ length: 1 + ((tape[0] as number) % length) }, (_, i) => {
    let left = (tape[2 * i + 1] as number) % sum;
    const [verb] = chances.find(([, chance]) => {
      left -= chance;
      return left < 0;
    }) as [Verb, number];
    if (verb === 'submit' || (VERBS[verb] && futures === 0)) futures++;
    else return VERBS[verb] ? `${verb} ${(tape[2 * i + 2] as number) % futures}` : verb;
    return 'submit';
  });
  return run % THROWING === THROWING - 1 ? ['submit', 'watchThrow 0', ...words].slice(0, length) : words;
}

/** Whether a word says something that can be done. */
export function isWord(word: string): boolean {
  const [verb = '', number, ...rest] = word.split(' ');
  if (!Object.hasOwn(VERBS, verb) || rest.length > 0) return false;
  return VERBS[verb as Verb] ? /^\d+$/.test(number ?? '') : number === undefined;
}

/** Every word that there is, for the text of an error. */
export const ALL_WORDS = Object.entries(VERBS)
  .map(([verb, needsFuture]) => (needsFuture ? `'${verb} 0'` : `'${verb}'`))
  .join(', ');

/**
 * A run without the words at some places, in two versions: what is left means the same futures, or is left as it is.
 *
 * As it is, it may be what is wanted all the same: what a call comes to hangs on its number.
 */
export function withoutWords(words: readonly string[], places: readonly number[]): readonly (readonly string[])[] {
  const left = words.filter((_, at) => !places.includes(at));
  const submits = words.flatMap((word, at) => (word === 'submit' ? [at] : []));
  if (!submits.some((at) => places.includes(at))) return [left];
  // By its old number, the new number of each future; none when its submit is gone.
  const kept = submits.filter((at) => !places.includes(at));
  const renumbered = left.flatMap((word) => {
    const [verb, number] = word.split(' ');
    const future = kept.indexOf(submits[Number(number)] ?? -1);
    if (number === undefined) return [word];
    return future < 0 ? [] : [`${verb} ${future}`];
  });
  return [renumbered, left];
}

/** A run with something milder in one place, which says more about what is wrong where it is wrong all the same. */
export function milderWords(words: readonly string[], at: number): readonly (readonly string[])[] {
  const word = words[at] as string;
  const futures = words.slice(0, at).filter((before) => before === 'submit').length;
  const cancels = Array.from({ length: futures }, (_, number) => `cancel ${futures - 1 - number}`);
  let milder: readonly string[] = [];
  if (word === 'shutdownCancel') milder = [...cancels, 'shutdown'];
  else if (word === 'shutdownNoWait') milder = ['shutdown'];
  else if (word.startsWith('watchThrow')) milder = [word.replace('watchThrow', 'watch')];
  return milder.map((one) => words.with(at, one));
}
