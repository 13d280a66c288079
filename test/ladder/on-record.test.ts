/**
 * Rungs on record: whether a bad record, and none, would be noticed.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { type ChaosRecord, realProcesses } from './real-processes.ts';

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

function climb(record: ChaosRecord | undefined): ReturnType<ReturnType<typeof realProcesses>['climb']> {
  const folder = mkdtempSync(join(tmpdir(), 'procfutures-record-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'chaos.json');
  if (record) writeFileSync(file, JSON.stringify(record));
  return realProcesses(pathToFileURL(file)).climb({ isDeep: false, progress() {} });
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
  expect(notes[0]).toMatch(/^there is no record: npm run chaos -- --episodes 1000 --json \S+chaos\.json$/);
});
