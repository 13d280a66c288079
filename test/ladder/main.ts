/**
 * `npm run verify`: climbs the ladder, prints a table, and leaves with 1 when a rung is under its floor.
 *
 * `--deep` widens the bounds, `--floor` less so: to what a commit must pass. `--json FILE` writes all numbers; `--docs
 * FILE` writes the report for people; `--only L3,L6` climbs only these; `--on` goes on where a rung has failed on which
 * all later ones stand.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { beyond } from '../../properties/ladder/beyond.ts';
import { equality, lint, reachability } from '../../properties/ladder/charts.ts';
import { corpus } from '../../properties/ladder/corpus.ts';
import { coverage } from '../../properties/ladder/coverage.ts';
import { exploration } from '../../properties/ladder/exploration.ts';
import { inductive } from '../../properties/ladder/induction.ts';
import { type Climbed, page, table } from '../../properties/ladder/page.ts';
import { automaticMutants, counterexamples, tapes } from '../../properties/ladder/power.ts';
import type { Rung } from '../../properties/ladder/rung.ts';
import { bugsOfOthers } from './bugs-of-others.ts';
import { commandsOnApi } from './commands.ts';
import { edgesOnRuntime } from './edges.ts';
import { realProcesses } from './real-processes.ts';
import { histories, simulation } from './simulation.ts';

/** Those that judge the machines alone are in properties/; those that run the runtime under properties are here. */
const RUNGS = [
  lint,
  reachability,
  equality,
  exploration,
  edgesOnRuntime,
  simulation,
  tapes,
  commandsOnApi,
  realProcesses(new URL('../../../docs/rungs/chaos.json', import.meta.url)),
  histories,
  bugsOfOthers(new URL('../../../test/mutants/run.mjs', import.meta.url)),
  automaticMutants,
  coverage,
  counterexamples,
  corpus,
  beyond,
  inductive,
];

/** What is told by a rung above these means nothing while one of them is under its floor. */
const FOUNDATIONS: readonly Rung[] = [lint, reachability, equality, exploration];

const { values } = parseArgs({
  options: {
    deep: { type: 'boolean', default: false },
    floor: { type: 'boolean', default: false },
    json: { type: 'string' },
    docs: { type: 'string' },
    only: { type: 'string' },
    on: { type: 'boolean', default: false },
  },
});
const only = values.only?.split(',');
/** On a terminal one line that is written over; elsewhere a line now and then, so that a log shows life. */
let told = performance.now();
const progress = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
  else if (text !== '' && performance.now() - told > 15_000) {
    told = performance.now();
    process.stderr.write(`     ${text}\n`);
  }
};

const climbed: Climbed[] = [];
const wanted = RUNGS.filter(({ id }) => only?.includes(id) ?? true);
for (const rung of wanted) {
  const started = performance.now();
  const outcome = await rung.climb({
    isDeep: values.deep,
    isFloor: values.floor,
    progress: (text) => progress(`${rung.id} ${text}`),
  });
  const seconds = (performance.now() - started) / 1000;
  climbed.push({ rung, outcome, seconds });
  progress('');
  console.log(`${outcome.isMet ? 'ok  ' : 'FAIL'} ${rung.id.padEnd(4)} ${outcome.number} (${seconds.toFixed(1)} s)`);
  for (const note of outcome.notes) console.log(note.replace(/^/gm, '       '));
  if (!outcome.isMet && FOUNDATIONS.includes(rung) && !values.on) break;
}
console.log(`\n${table(climbed)}`);
const left = wanted.slice(climbed.length).map(({ id }) => id);
if (left.length > 0)
  console.log(`Not climbed, since they stand on what has failed: ${left.join(', ')} (--on climbs them all the same).`);
if (values.json)
  writeFileSync(values.json, `${JSON.stringify(Object.fromEntries(climbed.map(plain)), undefined, 2)}\n`);
// A page without some of its rungs would say that they are gone.
if (values.docs && left.length === 0) writeFileSync(values.docs, page(climbed));
process.exitCode = climbed.every(({ outcome }) => outcome.isMet) ? 0 : 1;

function plain({ rung, outcome, seconds }: Climbed): [string, object] {
  return [rung.id, { ...outcome, floor: rung.floor, seconds }];
}
