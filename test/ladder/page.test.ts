/**
 * The report that is checked in: of the rungs that there are, in their words, and none of them under its floor. Its
 * numbers are those of a run on record; `npm run verify -- --floor --docs docs/verification.md` writes them anew.
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { rungsOf } from './rungs.ts';

const root = new URL('../../', import.meta.url);
const text = readFileSync(new URL('docs/verification.md', root), 'utf8');
const rows = [...text.matchAll(/^\| (L\d+\w*) \| (.*) \| (.*) \| (.*) \| (.*) \|$/gm)].map(([, ...cells]) => cells);

it('docs/verification.md has a row for every rung, as it is now: write it anew where it has not', () => {
  const words = rungsOf(root).map(({ id, what, floor, doesNotShow }) => [id, what, floor, doesNotShow]);
  expect(rows.map(([id, what, , floor, doesNotShow]) => [id, what, floor, doesNotShow])).toEqual(words);
});

it('no rung was under its floor when it was written, and each had a number', () => {
  expect(rows.filter(([, , number = '']) => !/\d/.test(number) || number.includes('**'))).toEqual([]);
});
