/**
 * `npm run verify`: climbs the ladder, prints a table, and leaves with 1 when a rung is under its floor, with 2 when it
 * was called wrongly. What it finds is left as a counterexample, which `--replay` shows again.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Climbed, page, table } from '../../properties/ladder/page.ts';
import { type Counterexample, chartsOf, type Rung } from '../../properties/ladder/rung.ts';
import { sequenceDiagram } from '../../properties/report.ts';
import { type Args, argsFrom, USAGE } from './args.ts';
import { replayInWords } from './replay.ts';
import { FOUNDATIONS, rungsOf } from './rungs.ts';

// From dist/test/ladder/.
const root = new URL('../../../', import.meta.url);
const rungs = rungsOf(root);

/** On a terminal one line that is written over; elsewhere a line now and then, so that a log shows life. */
let told = performance.now();
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
  else if (text !== '' && performance.now() - told > 15_000) {
    told = performance.now();
    process.stderr.write(`     ${text}\n`);
  }
}

/** npm runs scripts in the folder of the package, and its user may be elsewhere. */
function pathOf(file: string): string {
  return resolve(process.env.INIT_CWD ?? '.', file);
}

/** Climbs one rung after the other, up to one on which the others stand. */
async function climbAll({ deep, floor, on, only, plant }: Args): Promise<Climbed[]> {
  const climbed: Climbed[] = [];
  for (const rung of rungs.filter(({ id }) => only?.includes(id) ?? true)) {
    const started = performance.now();
    const setting = { isDeep: deep, isFloor: floor, planted: plant, progress: say(rung) };
    // A rung that fails by throwing has failed, and the others are climbed, and what they say is kept.
    const outcome = await Promise.resolve()
      .then(() => rung.climb(setting))
      .catch((error: Error) => ({
        number: 'it throws',
        isMet: false,
        notes: [error.stack ?? String(error)],
        data: {},
      }));
    const seconds = (performance.now() - started) / 1000;
    climbed.push({ rung, outcome, seconds });
    progress('');
    console.log(`${outcome.isMet ? 'ok  ' : 'FAIL'} ${rung.id.padEnd(5)} ${outcome.number} (${seconds.toFixed(1)} s)`);
    for (const note of outcome.notes) console.log(note.replace(/^/gm, '       '));
    if ('counterexample' in outcome && outcome.counterexample) keep(rung, outcome.counterexample);
    if (!outcome.isMet && FOUNDATIONS.includes(rung) && !on) break;
  }
  return climbed;
}

function say({ id }: Rung): (text: string) => void {
  return (text) => progress(`${id} ${text}`);
}

/** As a file that replays, and as a picture. */
function keep({ id }: Rung, counterexample: Counterexample): void {
  const folder = pathOf('coverage/counterexamples');
  mkdirSync(folder, { recursive: true });
  const { scope, run } = counterexample;
  writeFileSync(`${folder}/${id}.json`, `${JSON.stringify(counterexample, undefined, 2)}\n`);
  writeFileSync(`${folder}/${id}.mmd`, `${sequenceDiagram(scope, run, chartsOf(counterexample))}\n`);
  console.log(`       kept as coverage/counterexamples/${id}.json, drawn in ${id}.mmd (Mermaid); move by move:`);
  console.log(`       npm run verify -- --replay coverage/counterexamples/${id}.json --at ${run.length - 1}`);
}

async function climb(args: Args): Promise<boolean> {
  const { json, docs, only, plant } = args;
  if (plant !== undefined) console.log(`planted: ${plant}. The rungs that judge charts are to fail.\n`);
  // Before the climb, which takes minutes.
  for (const file of [json, docs]) if (file !== undefined) writeFileSync(pathOf(file), '', { flag: 'a' });
  const climbed = await climbAll(args);
  console.log(`\n${table(climbed)}`);
  const left = rungs.slice(climbed.length).map(({ id }) => id);
  if (only === undefined && left.length > 0)
    console.log(
      `Not climbed, since they stand on what has failed: ${left.join(', ')} (--on climbs them all the same).`,
    );
  const plain = climbed.map(({ rung, outcome, seconds }) => [rung.id, { ...outcome, floor: rung.floor, seconds }]);
  if (json !== undefined) writeFileSync(pathOf(json), `${JSON.stringify(Object.fromEntries(plain), undefined, 2)}\n`);
  if (docs !== undefined && left.length === 0) writeFileSync(pathOf(docs), page(climbed));
  return climbed.every(({ outcome }) => outcome.isMet);
}

let isGood = false;
try {
  const args = argsFrom(
    process.argv.slice(2),
    rungs.map(({ id }) => id),
  );
  if (args.help) {
    console.log(USAGE);
    isGood = true;
  } else if (args.replay === undefined) isGood = await climb(args);
  else {
    const words = replayInWords(readFileSync(pathOf(args.replay), 'utf8'), args.at);
    console.log(words.text);
    isGood = words.isKept;
  }
  process.exitCode = isGood ? 0 : 1;
} catch (error) {
  console.error(`${(error as Error).message}\n\n${USAGE}`);
  process.exitCode = 2;
}
