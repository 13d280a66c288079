/**
 * Rungs on record: whether a bad record, and none, would be noticed.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Rung } from '../../properties/ladder/rung.ts';
import { type ChaosRecord, realProcesses } from './real-processes.ts';
import { type MutationRecord, runtimeMutants } from './runtime-mutants.ts';

const good: ChaosRecord = {
  episodes: 200,
  seed: 'a',
  eventsValidated: 9_000,
  mismatches: 0,
  orphans: 0,
  histories: 2_000,
  badHistories: 0,
  failures: [],
  missingWitnesses: [],
  ok: true,
};

function climb(record: ChaosRecord | undefined): ReturnType<Rung['climb']> {
  return climbOn(realProcesses, record);
}

function climbOn(rungOf: (record: URL) => Rung, record: object | undefined): ReturnType<Rung['climb']> {
  const folder = mkdtempSync(join(tmpdir(), 'procfutures-record-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'record.json');
  if (record) writeFileSync(file, JSON.stringify(record));
  return rungOf(pathToFileURL(file)).climb({ isDeep: false, progress() {} });
}

it('a record at the floor is enough', async () => {
  const { isMet, notes, number } = await climb(good);
  expect({ isMet, notes }).toEqual({ isMet: true, notes: [] });
  expect(number).toMatch(/^200 episodes .*\(on record\)$/);
});

it.each([
  ['too few episodes', { episodes: 199 }],
  ['nothing validated', { eventsValidated: 0 }],
  ['a step that comes out differently', { mismatches: 1 }],
  ['a process left behind', { orphans: 1 }],
  ['a history that nothing explains', { badHistories: 1 }],
  ['a run that has failed', { ok: false }],
])('%s is under the floor', async (_, part) => {
  expect(await climb({ ...good, ...part })).toMatchObject({ isMet: false });
});

it('what failed, and what was never seen, is told', async () => {
  const failures = [{ problems: [{ check: 'leaks', text: 'process 7 is left' }] }];
  const { notes } = await climb({ ...good, ok: false, failures, missingWitnesses: ['event kill'] });
  expect(notes).toEqual(['leaks: process 7 is left', 'never seen: event kill']);
});

it('without a record the rung is under its floor, and says what to run', async () => {
  const { isMet, notes } = await climb(undefined);
  expect(isMet).toBe(false);
  expect(notes[0]).toMatch(/^there is no record: npm run chaos -- --episodes 1000 --json \S+record\.json$/);
});

describe('mutants of the runtime', () => {
  const counts = { mutants: 100, killed: 80, timeout: 5, survived: 10, noCoverage: 0, equivalent: 5 };
  const judge = (change: Partial<MutationRecord>) =>
    climbOn(runtimeMutants, { ...counts, perFile: { 'runtime/a.ts': counts }, ...change });

  it('at the floor are enough, equivalent ones left out of the count', async () => {
    expect(await judge({})).toMatchObject({
      isMet: true,
      notes: [],
      number: expect.stringMatching(/^85 of 95 .*89\.5 %/),
    });
  });

  it('are not enough where a file was not judged', async () => {
    const { isMet, notes, number } = await judge({ perFile: { 'runtime/a.ts': counts, 'runtime/b.ts': null } });
    expect({ isMet, notes }).toEqual({ isMet: false, notes: ['not judged yet: runtime/b.ts'] });
    expect(number).toContain('1 of 2 files judged');
  });

  it('below it are not, and the files are named that are', async () => {
    const bad = { ...counts, killed: 60, survived: 30 };
    const { isMet, notes } = await judge({ ...bad, perFile: { 'runtime/a.ts': counts, 'runtime/b.ts': bad } });
    expect(isMet).toBe(false);
    expect(notes).toEqual(['runtime/b.ts: 68 % killed, 30 have lived, 0 were not run']);
  });
});
