/**
 * L9c: mutation of the runtime by rule, as `npm run mutate` has left it on record.
 */
import { grouped, type Rung } from '../../properties/ladder/rung.ts';
import { onRecord } from './on-record.ts';

/** How many mutants there were, and what became of them. */
export interface Counts {
  readonly mutants: number;
  /** By a test that failed, and by one that no longer came to its end. */
  readonly killed: number;
  readonly timeout: number;
  readonly survived: number;
  readonly noCoverage: number;
  /** Of those that lived, the ones that change nothing that can be seen, each with its reason. */
  readonly equivalent: number;
}

/** Of a file that no run has judged yet: nothing. */
type Known = Counts | null;

/** What `npm run mutate` writes. */
export interface MutationRecord extends Counts {
  readonly perFile: Readonly<Record<string, Known>>;
}

const FLOOR = 85;

/**
 * L9c.
 *
 * @param record where `npm run mutate` has written
 */
export function runtimeMutants(record: URL): Rung {
  return onRecord<MutationRecord>({
    id: 'L9c',
    what: 'the runtime around the charts, changed by rule in one place at a time (Stryker), judged by its tests',
    floor: `>= ${FLOOR} % killed, every file judged`,
    doesNotShow: 'what is left out of it, and why: test/mutate/',
    command: ['run', 'mutate'],
    record,
    judge: ({ perFile, ...all }) => {
      const judged = Object.entries(perFile).flatMap(([file, counts]) => (counts ? [{ file, counts }] : []));
      const unknown = Object.keys(perFile).filter((file) => perFile[file] === null);
      const worst = judged.filter(({ counts }) => rate(counts) < FLOOR).sort((a, b) => rate(a.counts) - rate(b.counts));
      return {
        number:
          `${grouped(all.killed + all.timeout)} of ${grouped(judgedOf(all))} mutants killed ` +
          `(${rate(all).toFixed(1)} %), ${all.equivalent} equivalent; ${judged.length} of ` +
          `${judged.length + unknown.length} files judged`,
        isMet: rate(all) >= FLOOR && unknown.length === 0 && judged.length > 0,
        notes: [
          ...worst.map(({ file, counts }) => inWords(file, counts)),
          ...(unknown.length > 0 ? [`not judged yet: ${unknown.join(', ')}`] : []),
        ],
      };
    },
  });
}

function judgedOf({ killed, timeout, survived, noCoverage }: Counts): number {
  return killed + timeout + survived + noCoverage;
}

function rate(counts: Counts): number {
  return (100 * (counts.killed + counts.timeout)) / judgedOf(counts);
}

function inWords(file: string, counts: Counts): string {
  const { survived, noCoverage } = counts;
  return `${file}: ${rate(counts).toFixed(0)} % killed, ${survived} have lived, ${noCoverage} were not run`;
}
