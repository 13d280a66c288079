/**
 * `npm run mutate`: mutates runtime/, area by area, and writes what came of it.
 *
 *   npm run mutate                             all areas
 *   npm run mutate -- wire worker              these areas
 *   npm run mutate -- --mutate runtime/map.ts  one file, or several with a comma between
 *
 * Writes `coverage/mutation-AREA.json` and `coverage/mutation.json`, in Stryker's format, and `docs/rungs/mutate.json`:
 * the entries of files that were judged are replaced, those of others stay, and are null where there are none. Fails
 * where the score of all is below the floor, and where `equivalent.json` explains a mutant that there is none of, or that
 * is killed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { globSync } from 'tinyglobby';
import { areas } from './areas.mjs';
import { judge, total } from './record.mjs';

const FLOOR = 85;
const STRYKER = 'test/mutate/node_modules/@stryker-mutator/core/bin/stryker.js';
const RECORD = 'docs/rungs/mutate.json';

const { values, positionals } = parseArgs({
  options: { mutate: { type: 'string' }, concurrency: { type: 'string', default: '2' } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !areas.some((area) => area.name === name));
if (unknown.length > 0) {
  console.error(`No such area: ${unknown}. There are: ${areas.map(({ name }) => name)}.`);
  process.exit(2);
}

const equivalent = JSON.parse(readFileSync(new URL('./equivalent.json', import.meta.url), 'utf8'));
const files = {};
const wanted = values.mutate?.split(',');
for (const { name, mutate } of areas) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const inArea = globSync(mutate).filter((file) => wanted?.includes(file) ?? true);
  if (inArea.length === 0) continue;
  const report = `coverage/mutation-${name}.json`;
  rmSync(report, { force: true });
  const args = [STRYKER, 'run', 'test/mutate/stryker.config.mjs', '--concurrency', values.concurrency];
  args.push('--mutate', inArea.join());
  const { status } = spawnSync(process.execPath, args, {
    stdio: 'inherit',
    env: { ...process.env, PROCFUTURES_MUTATE_AREA: name },
  });
  if (existsSync(report)) Object.assign(files, JSON.parse(readFileSync(report, 'utf8')).files);
  else process.exitCode = status || 1;
  // After each area: all of them take an hour, and what was judged is kept where somebody cannot wait for it.
  putOnRecord();
}
writeFileSync(
  'coverage/mutation.json',
  JSON.stringify({ schemaVersion: '1.0', thresholds: { high: 90, low: FLOOR }, files }),
);

const { survivors, complaints } = judge(files, equivalent);
const record = putOnRecord();
for (const { file, line, mutator, from, to } of survivors) console.log(`${file}:${line} ${mutator}: ${from} -> ${to}`);
for (const complaint of complaints) console.error(complaint);
console.log(
  `${record.score} % of ${record.mutants} mutants killed; floor ${FLOOR} %; ${record.notJudged} files not judged`,
);
if (record.score < FLOOR || complaints.length > 0) process.exitCode = 1;

/** Writes what is known of each file by now, and returns it. */
function putOnRecord() {
  const { perFile } = judge(files, equivalent);
  const former = existsSync(RECORD) ? JSON.parse(readFileSync(RECORD, 'utf8')).perFile : {};
  const all = {};
  for (const file of globSync(areas.flatMap(({ mutate }) => mutate)).sort())
    all[file] = perFile[file] ?? former[file] ?? null;
  const notJudged = Object.values(all).filter((counts) => counts === null).length;
  const known = { floor: FLOOR, ...total(all), notJudged, perFile: all };
  writeFileSync(RECORD, `${JSON.stringify(known, null, 2)}\n`);
  return known;
}
