/**
 * A row of docs/guarantees.md that nothing shows cannot be written, and says what to do. That the page is the one that
 * the tests write is judged at the end of every whole run, by reporter.ts.
 */
import { describe, expect, it } from 'vitest';
import { crashes } from './crashes.ts';
import { openBugs } from './open-bugs.ts';
import { complaints, type Known, type Ran, type Rows } from './page.ts';
import { promises } from './promises.ts';
import type { Cited, Promised } from './row.ts';

/** A run in which everything that the rows cite has passed. */
function goodRun(): Known {
  const cited: Cited[] = [...promises, ...crashes].flatMap(({ tests = [] }) => [...tests]);
  for (const { letter } of crashes) if (letter) cited.push(['crash/any', `${letter} something`]);
  const tests: Ran[] = cited.map(([file, title]) => ({ file, title, state: 'passed' }));
  const properties = new Set(promises.flatMap((row) => [...(row.properties ?? [])]));
  return { tests, properties, rungs: new Set(['L3', 'L6', 'L7']) };
}

/** The rows with the first promise changed. */
function withFirst(change: Partial<Promised>): Rows {
  return { promises: [{ ...(promises[0] as Promised), ...change }, ...promises.slice(1)], crashes };
}

describe('the rows of docs/guarantees.md', () => {
  it('have nothing against a run in which all that they cite has passed', () => {
    expect(complaints(goodRun())).toEqual([]);
  });

  it('say of CPython that it breaks eighteen promises, and cite every open bug that there is to explain', () => {
    const brokenBy = promises.flatMap((row) => [...(row.brokenBy ?? []), ...(row.dentedBy ?? [])]);
    expect(promises.filter((row) => row.brokenBy).length).toBe(18);
    expect(Object.keys(openBugs).filter((id) => !brokenBy.includes(id))).toEqual([]);
  });

  it.each<[string, Rows, RegExp]>([
    [
      'a test that is gone',
      withFirst({ tests: [['conformance/future', 'no such test']] }),
      /there is no test 'no such/,
    ],
    ['a property that is gone', withFirst({ properties: ['I99'] }), /promise 1: there is no property I99/],
    ['an open bug that nobody explains', withFirst({ brokenBy: ['O99'] }), /promise 1: there is no O99/],
    [
      'a promise that only a sentence keeps from arising',
      { promises: bare({ cannotArise: 'so' }), crashes },
      /a test must/,
    ],
    ['a promise that nothing shows', { promises: bare({}), crashes }, /promise 1: nothing shows it/],
    ['a promise that is missing', { promises: promises.slice(1), crashes }, /there are 46 promises/],
    ['a way to die that is missing', { promises, crashes: crashes.slice(1) }, /^\(a\): .* no row/],
  ])('refuse %s', (_what, rows, says) => {
    expect(complaints(goodRun(), rows).join('\n')).toMatch(says);
  });

  it('refuse a test that has not passed', () => {
    const known = goodRun();
    const tests = known.tests.map((test, at) => (at === 0 ? { ...test, state: 'failed' as const } : test));
    expect(complaints({ ...known, tests }).join('\n')).toMatch(/promise 1: the test .* has not passed, it is failed/);
  });
});

/** The first promise without what shows it. */
function bare(change: Partial<Promised>): Promised[] {
  const { properties: _properties, tests: _tests, ...rest } = promises[0] as Promised;
  return [{ ...rest, ...change }, ...promises.slice(1)];
}
