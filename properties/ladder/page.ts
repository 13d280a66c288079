/**
 * The ladder as text: the table at the end of a run, and docs/verification.md.
 */
import type { Outcome, Rung } from './rung.ts';

/** A rung that was climbed. */
export interface Climbed {
  readonly rung: Rung;
  readonly outcome: Outcome;
  readonly seconds: number;
}

/** One line a rung: what it came to beside its floor. */
export function table(climbed: readonly Climbed[]): string {
  return climbed
    .map(
      ({ rung, outcome }) =>
        `${rung.id.padEnd(5)} ${outcome.isMet ? 'met  ' : 'UNDER'} ${outcome.number}; floor: ${rung.floor}`,
    )
    .join('\n');
}

/** The report as a page of Markdown. */
export function page(climbed: readonly Climbed[]): string {
  return [
    '# How this library is verified',
    '',
    'Written by `npm run verify -- --floor --docs docs/verification.md`: the numbers are those of the last run on',
    'record.',
    'Everything below drives the code that ships: the production `step` and its compiled charts. There is no second',
    'model of the executor, only one of the operating system around it, which is wider than what any system does.',
    '',
    '| rung | what | number | floor | what it does not show |',
    '| --- | --- | --- | --- | --- |',
    ...climbed.map(({ rung, outcome }) => {
      const number = outcome.isMet ? outcome.number : `${outcome.number} **(under the floor)**`;
      return `| ${rung.id} | ${rung.what} | ${number} | ${rung.floor} | ${rung.doesNotShow} |`;
    }),
    '',
    'Rungs on record are climbed by commands of their own (`npm run chaos`, `npm run mutate`), and by `--deep`. Not',
    'there: an export of the machines for another checker (TLA+).',
    '',
    ...climbed.flatMap(({ rung, outcome }) =>
      outcome.notes.length === 0 ? [] : [`## Notes to ${rung.id}`, '', ...outcome.notes.map((note) => `- ${note}`), ''],
    ),
  ].join('\n');
}
