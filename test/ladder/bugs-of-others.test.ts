/** L9a can fail: a mutant that nobody kills is below its floor, and is named. */
import { expect, it } from 'vitest';
import { bugsOfOthers } from './bugs-of-others.ts';

it('a mutant that nobody kills, or another property, is under the floor and named', { timeout: 60_000 }, async () => {
  const runner = new URL('../mutants/run.mjs', import.meta.url);
  const said: string[] = [];
  const rung = bugsOfOthers(runner, new URL('../mutants/selftest/', import.meta.url));
  const { isMet, number, notes } = await rung.climb({ isDeep: false, progress: (text) => said.push(text) });
  expect(isMet).toBe(false);
  expect(number).toContain('0 of 2 mutants of the core killed');
  expect(notes).toEqual([
    expect.stringMatching(/^survivor is not killed .*: all \d+ states keep every promise$/),
    expect.stringMatching(/^wrong is not killed /),
  ]);
  expect(said.length).toBeGreaterThan(0);
});
