/**
 * Applies every mutant of the catalogue and sees who kills it.
 *
 *   node test/mutants/run.mjs              those that a property kills: explored, a second or less each
 *   node test/mutants/run.mjs --runtime    those that a test kills, each test in a run of its own: minutes
 *
 *   --only ID[,ID]  some of them          --json FILE  the verdicts as data
 *   --root DIR      judge this checkout   --write      docs/mutants.md and its runs in test/corpus anew, when
 *                                         all is as it should be
 *   --entries DIR   other entries than those of the catalogue
 *
 * Exits with 1 when a mutant survives, is killed by another than the one that is named, or is stale.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { assemble, buildBase, buildMutants, makeWorkshop } from './lib/build.mjs';
import { complaints, loadEntries, namedBy, omissions, usesCharts } from './lib/catalogue.mjs';
import { Explorer } from './lib/explore.mjs';
import { matrix, row, runs, summary } from './lib/report.mjs';
import { checkTests, makeStage, testMutant } from './lib/tests.mjs';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    json: { type: 'string' },
    root: { type: 'string' },
    entries: { type: 'string' },
    runtime: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const root = options.root ?? fileURLToPath(new URL('../..', import.meta.url));
const all = await loadEntries(options.entries && pathToFileURL(`${resolve(options.entries)}/`));
const wanted = options.only?.split(',');
const entries = all.filter(({ id }) => !wanted || wanted.includes(id));
const unknown = wanted?.filter((id) => !all.some((entry) => entry.id === id)) ?? [];
const problems = unknown.map((id) => `there is no entry ${id}`);
problems.push(...complaints(entries, root));
if (!wanted && !options.entries) problems.push(...omissions(all));
const mutants = entries.filter(({ patches, killedBy }) => patches && (killedBy.file !== undefined) === options.runtime);

const workshop = makeWorkshop(root);
try {
  const verdicts = mutants.length > 0 && problems.length === 0 ? await judge() : [];
  if (options.json) writeFileSync(options.json, `${JSON.stringify({ problems, verdicts }, undefined, 2)}\n`);
  console.log(summary(all, verdicts, problems));
  if (problems.length > 0 || verdicts.some(({ ok }) => !ok)) process.exitCode = 1;
  else if (options.write && !wanted && !options.runtime) {
    writeFileSync(join(root, 'docs', 'mutants.md'), matrix(all, verdicts));
    writeFileSync(join(root, 'test', 'corpus', 'catalogue.json'), runs(all, verdicts));
  }
} finally {
  workshop.remove();
}

/** The runs of the regression corpus, but for those that this writes. */
function corpus(root) {
  const folder = join(root, 'test', 'corpus');
  const names = readdirSync(folder).filter(
    (name) => name.endsWith('.json') && !['digest.json', 'catalogue.json'].includes(name),
  );
  return names.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
}

async function judge() {
  const base = buildBase(workshop);
  const changed = buildMutants(workshop, mutants);
  const stage = options.runtime ? makeStage(workshop, base) : undefined;
  if (stage) {
    console.log('The tests, without any mutant:');
    problems.push(
      ...(await checkTests(
        workshop,
        stage,
        mutants.map(({ killedBy }) => killedBy),
      )),
    );
    console.log(problems.length === 0 ? '  all pass' : problems.map((line) => `  ${line}`).join('\n'));
  }
  const verdicts = [];
  const explorer = new Explorer();
  for (const entry of mutants) {
    const started = performance.now();
    const found = stage
      ? await testMutant(workshop, stage, base, changed.get(entry.id), entry)
      : await explorer.explore({
          base,
          mutant: assemble(workshop, base, changed.get(entry.id), entry.id),
          scope: entry.killedBy.scope,
          usesCharts: usesCharts(entry),
          corpus: corpus(root),
        });
    const verdict = {
      id: entry.id,
      ...found,
      ok: stage ? found.killed : namedBy(entry).every((property) => found.broken.includes(property)),
    };
    verdict.seconds = (performance.now() - started) / 1000;
    verdicts.push(verdict);
    console.log(row(entry, verdict));
  }
  explorer.close();
  return verdicts;
}
