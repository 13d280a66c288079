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

/** Rungs that another command climbs, or that are still to come. */
const ELSEWHERE: readonly (readonly [id: string, what: string, where: string])[] = [
  ['L7', 'real processes, killed at random, their traces verified', '`npm run chaos`'],
  ['L9c', 'mutation of the runtime', '`npm run mutate`: not run over all of it yet, and not at its 85 %'],
  ['L13', 'beyond the bound: inductive invariants, another checker', 'not there yet'],
];

/** One line a rung: what it came to beside its floor. */
export function table(climbed: readonly Climbed[]): string {
  return climbed
    .map(
      ({ rung, outcome }) =>
        `${rung.id.padEnd(4)} ${outcome.isMet ? 'met  ' : 'UNDER'} ${outcome.number}; floor: ${rung.floor}`,
    )
    .join('\n');
}

/** The report as a page of Markdown. */
export function page(climbed: readonly Climbed[]): string {
  return [
    '# How this library is verified',
    '',
    'Written by `npm run verify -- --docs docs/verification.md`: the numbers are those of the last run on record.',
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
    '## What this command does not climb',
    '',
    '| rung | what | where |',
    '| --- | --- | --- |',
    ...ELSEWHERE.map(([id, what, where]) => `| ${id} | ${what} | ${where} |`),
    '',
    ...climbed.flatMap(({ rung, outcome }) =>
      outcome.notes.length === 0 ? [] : [`## Notes to ${rung.id}`, '', ...outcome.notes.map((note) => `- ${note}`), ''],
    ),
  ].join('\n');
}
