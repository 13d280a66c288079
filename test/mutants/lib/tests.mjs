/**
 * Runs tests against mutants, in a copy of the project: the runtime phase.
 *
 * The copy has its own package.json, so that tests which import `procfutures` by name load the mutant's dist/.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { patchedFiles } from './catalogue.mjs';

const COPIED = /^(machines|runtime|properties|test|examples|docs|bench|\.ci|[^/]+\.(json|ts|md))$/;
const MAX_MS = 180_000;
/** Shorter than the project's own: what hangs here was made to. */
const TEST_TIMEOUT = '12_000';

/** A copy of the project with the compiled base as its dist/. */
export function makeStage({ root, dir }, base) {
  const stage = join(dir, 'stage');
  mkdirSync(join(stage, 'node_modules'), { recursive: true });
  for (const name of readdirSync(root))
    if (COPIED.test(name)) cpSync(join(root, name), join(stage, name), { recursive: true });
  // Linked one by one: what the test runner keeps in node_modules/ stays here.
  for (const name of readdirSync(join(root, 'node_modules')))
    if (name !== '.vite') symlinkSync(join(root, 'node_modules', name), join(stage, 'node_modules', name));
  cpSync(base, join(stage, 'dist'), { recursive: true });
  const config = join(stage, 'vitest.config.ts');
  writeFileSync(
    config,
    readFileSync(config, 'utf8').replaceAll(/testTimeout: \d+_\d+/g, `testTimeout: ${TEST_TIMEOUT}`),
  );
  return stage;
}

/** Runs the named test on a mutant. @returns whether it failed, as it should, and how */
export async function testMutant({ root, dir }, stage, base, changed, entry) {
  const files = [...patchedFiles(entry, root)];
  for (const [file, text] of files) writeFileSync(join(stage, file), text);
  cpSync(changed, join(stage, 'dist'), { recursive: true });
  try {
    const results = await runTests(dir, stage, [entry.killedBy]);
    const result = results.find(({ title }) => title === entry.killedBy.title);
    if (!result) return { killed: false, why: `the test was not run: ${results.problem ?? 'no test has that title'}` };
    // An error that reaches nobody fails the run, and no test of it.
    if (result.status === 'passed' && results.code !== 0) return { killed: true, why: 'an error was not caught' };
    return { killed: result.status === 'failed', why: (result.failureMessages?.[0] ?? result.status).split('\n')[0] };
  } finally {
    for (const [file] of files) {
      cpSync(join(root, file), join(stage, file));
      const built = file.replace(/\.ts$/, '.js');
      cpSync(join(base, built), join(stage, 'dist', built));
    }
  }
}

/** Runs the named tests on the project as it is. @returns those that do not pass */
export async function checkTests({ dir }, stage, tests) {
  const bad = [];
  for (const project of new Set(tests.map(projectOf))) {
    const mine = tests.filter((test) => projectOf(test) === project);
    const results = await runTests(dir, stage, mine);
    for (const { file, title } of mine) {
      const status = results.find((result) => result.title === title)?.status ?? results.problem ?? 'not found';
      if (status !== 'passed') bad.push(`${file}: '${title}' is ${status} without any mutant`);
    }
  }
  return bad;
}

/** The project of vitest.config.ts that runs a file. */
function projectOf({ file }) {
  if (/^test\/(machines|runtime|properties|tidy)\/|^test\/(tidy|diagrams)\.test\.ts$/.test(file)) return 'unit';
  return /^test\/(conformance|contract)\//.test(file) ? 'processes (tables)' : 'crash';
}

async function runTests(dir, stage, tests) {
  const output = join(dir, 'vitest.json');
  rmSync(output, { force: true });
  const pattern = tests.map(({ title }) => title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  const args = ['run', ...new Set(tests.map(({ file }) => file)), '--project', projectOf(tests[0])];
  args.push('-t', `(${pattern})`, '--reporter=json', `--outputFile=${output}`, '--no-color');
  const { text, code } = await run(stage, [join(stage, 'node_modules', 'vitest', 'vitest.mjs'), ...args]);
  endLeftovers(stage);
  try {
    const { testResults } = JSON.parse(readFileSync(output, 'utf8'));
    const results = testResults.flatMap(({ assertionResults }) => assertionResults);
    results.code = code;
    if (results.length === 0) results.problem = testResults.map(({ message }) => message).join(' ') || text.slice(-500);
    return results;
  } catch {
    return Object.assign([], { problem: text.slice(-500) });
  }
}

function run(cwd, args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        text += chunk;
      });
    const timer = setTimeout(() => kill(-child.pid), MAX_MS);
    child.once('exit', (code) => {
      clearTimeout(timer);
      kill(-child.pid);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ text, code });
    });
  });
}

/** A mutant may leave workers behind: those whose command line names our copy of the project, and nobody else's. */
function endLeftovers(stage) {
  if (process.platform !== 'linux') return;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
    if (Number(pid) !== process.pid && commandOf(pid).includes(stage)) kill(Number(pid));
}

function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already, which is what was wanted.
  }
}
