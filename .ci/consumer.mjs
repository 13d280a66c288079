/**
 * A project of somebody else's: installs the packed tarball outside the tree and runs a first program in it, as ESM, as
 * CommonJS, and as the TypeScript that the README shows, compiled with the compiler that this project uses.
 *
 *     node .ci/consumer.mjs TARBALL DIRECTORY
 *
 * The directory stays, with `smoke.mjs` in it, for the runs on other versions of Node.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const [tarball, directory] = process.argv.slice(2).map((path) => resolve(path));
assert(tarball !== undefined && directory !== undefined, 'usage: node .ci/consumer.mjs TARBALL DIRECTORY');
const root = fileURLToPath(new URL('..', import.meta.url));
const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const write = (name, text) => writeFileSync(join(directory, name), text);

/** Runs a program of the consumer to its end; its output, or an error that shows what it said. */
function run(...args) {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: directory,
    encoding: 'utf8',
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  assert(status === 0, `node ${args.join(' ')} ended with ${signal ?? status}:\n${stdout}${stderr}`);
  return stdout;
}

mkdirSync(directory, { recursive: true });
write('package.json', JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
execFileSync(
  'npm',
  [
    'install',
    '--silent',
    tarball,
    `typescript@${devDependencies.typescript}`,
    `@types/node@${devDependencies['@types/node']}`,
  ],
  { cwd: directory, stdio: 'inherit' },
);
for (const file of ['smoke.mjs', 'smoke-tasks.mjs']) {
  copyFileSync(fileURLToPath(new URL(file, import.meta.url)), join(directory, file));
}
const isPrime = `function isPrime(n) {
  for (let i = 2; i * i <= n; i++) if (n % i === 0) return false;
  return n > 1;
}`;
const body = `
  const pool = new ProcessPoolExecutor({ maxWorkers: 2 });
  console.log(await pool.submit(isPrime, 112272535095293));
  const found = [];
  for await (const prime of pool.map(isPrime, [2, 3, 5, 8])) found.push(prime);
  console.log(found.join(' '));
  await pool.shutdown();
`;
const expected = 'true\ntrue true true false\n';

write('esm-tasks.js', `export ${isPrime}`);
write(
  'esm.js',
  `import { ProcessPoolExecutor, tasksFrom } from 'procfutures';
   const { isPrime } = tasksFrom(new URL('./esm-tasks.js', import.meta.url));
   ${body}`,
);
assert.equal(run('esm.js'), expected);
console.log('ESM: ok');

write('cjs-tasks.cjs', `exports.isPrime = ${isPrime}`);
write(
  'cjs.cjs',
  `const { ProcessPoolExecutor, tasksFrom } = require('procfutures');
   const { join } = require('node:path');
   const { isPrime } = tasksFrom(join(__dirname, 'cjs-tasks.cjs'));
   (async () => { ${body} })();`,
);
assert.equal(run('cjs.cjs'), expected);
console.log('CommonJS: ok');

const program = readmeProgram();
write('tasks.ts', program.tasks);
write('main.ts', program.main);
write(
  'tsconfig.json',
  JSON.stringify({
    compilerOptions: {
      target: 'es2022',
      lib: ['es2023', 'esnext.disposable'],
      module: 'nodenext',
      strict: true,
      outDir: 'out',
      rootDir: '.',
      types: ['node'],
    },
    files: ['main.ts', 'tasks.ts'],
  }),
);
run(join('node_modules', 'typescript', 'bin', 'tsc'), '-p', '.');
const said = run('out/main.js');
assert(said.trim() !== '', 'the program in the README prints nothing: let it show a result');
assert(
  !/undefined|\[object Object\]/.test(said),
  `the program in the README prints what nobody wants to read:\n${said}`,
);
console.log(`TypeScript, the program of the README: ok\n${said.replace(/^/gm, '  ').trimEnd()}`);

// Every entry type-checks where fast-check, an optional peer, is not there; what is declared is checked as well.
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const entries = Object.keys(exports).filter((entry) => exports[entry].types);
write(
  'entries.ts',
  entries.map((entry) => `export * as ${nameOf(entry)} from '${join('procfutures', entry)}';`).join('\n'),
);
assert(!existsSync(join(directory, 'node_modules', 'fast-check')), 'fast-check is an optional peer: who installed it?');
run(
  ...[join('node_modules', 'typescript', 'bin', 'tsc'), '--noEmit', '--strict', '--module', 'nodenext'],
  ...['--target', 'es2022', '--lib', 'es2023,esnext.disposable', '--types', 'node', '--ignoreConfig', 'entries.ts'],
);
console.log(`types of ${entries.length} entries without fast-check: ok`);

// The main entry and the workers must do without XState: hide it, and run the first program again.
const xstate = join(directory, 'node_modules', 'xstate');
assert(existsSync(xstate), 'XState was not installed with the package, so procfutures/machines cannot work');
assert.match(
  run('-e', "import('procfutures/machines').then((m) => console.log(Object.keys(m).join()))"),
  /futureMachine/,
);
renameSync(xstate, `${xstate}.hidden`);
assert.equal(run('esm.js'), expected);
renameSync(`${xstate}.hidden`, xstate);
console.log('the main entry without XState: ok');

/** A name that a module of an entry can be exported under. */
function nameOf(entry) {
  return `entry${entry.replace(/\W/g, '')}`;
}

/** The two files of the README's first program: its first block of TypeScript that names both. */
function readmeProgram() {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  for (const [, block] of readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)) {
    const [, tasks, main] = /^\/\/ tasks\.ts\b.*\n([\s\S]*?)^\/\/ main\.ts\b.*\n([\s\S]*)$/m.exec(block) ?? [];
    if (main !== undefined) return { tasks, main };
  }
  throw new Error(
    'README.md needs a ```ts block with a line "// tasks.ts", its code, a line "// main.ts" and its code',
  );
}
