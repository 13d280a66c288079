/**
 * The package as its user finds it: what can be imported, what is loaded by it, what its types need. These tests read
 * `dist/`; the packed tarball and other versions of Node are the business of `.ci/run`.
 */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packagesReached } from '../tidy/rules.ts';
import { readTree } from '../tidy/source.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const entries = Object.entries<{ types: string; default: string }>(manifest.exports).filter(
  ([, target]) => typeof target === 'object',
);

/** A project in which the package is installed and nothing else: XState, above all, is not there. */
let project: string;

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'procfutures-bare-'));
  const installed = join(project, 'node_modules', 'procfutures');
  mkdirSync(installed, { recursive: true });
  cpSync(join(root, 'package.json'), join(installed, 'package.json'));
  for (const folder of manifest.files.filter((path: string) => path.startsWith('dist/'))) {
    // A folder that is missing fails the test of its own entry, below.
    if (existsSync(join(root, folder))) cpSync(join(root, folder), join(installed, folder), { recursive: true });
  }
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

interface Ended {
  readonly code: number | string | null | undefined;
  readonly output: string;
}

function run(file: string, ...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(file, args, { cwd: project, timeout: 25_000, killSignal: 'SIGKILL' }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, output: `${stdout}${stderr}` });
    });
  });
}

/** Runs a module in the bare project. */
function runModule(name: string, text: string): Promise<Ended> {
  writeFileSync(join(project, name), text);
  return run(process.execPath, join(project, name));
}

describe('the export map', () => {
  it.each(entries)('%s resolves to a built module and to its types, both packed', async (subpath, target) => {
    for (const path of [target.default, target.types]) {
      expect(existsSync(join(root, path)), `${path} is missing: run npm run build`).toBe(true);
      const packed = manifest.files.some((folder: string) => path.startsWith(`./${folder}/`));
      expect(packed, `package.json's files leave out ${path}`).toBe(true);
    }
    const url = import.meta.resolve(subpath.replace(/^\./, 'procfutures'));
    expect(fileURLToPath(url)).toBe(join(root, target.default));
  });

  it('types come first in each entry, since the first condition that matches wins', () => {
    for (const [, target] of entries) expect(Object.keys(target)).toEqual(['types', 'default']);
  });

  it('lets nothing else be imported', async () => {
    const { code, output } = await runModule('deep.js', "import 'procfutures/dist/runtime/index.js';");

    expect(output).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED');
    expect(code).toBe(1);
  });
});

describe('where XState is not installed', () => {
  it.each(['procfutures', 'procfutures/worker', 'procfutures/simulation'])('%s loads', async (entry) => {
    const ended = await runModule(
      'load.js',
      `import * as entry from '${entry}'; console.log(Object.keys(entry).length);`,
    );

    expect(ended.output).toMatch(/^[1-9]\d*\n$/);
    expect(ended.code).toBe(0);
  });

  it('procfutures/machines does not, so the other answers mean something', async () => {
    const ended = await runModule('machines.js', "import 'procfutures/machines';");

    expect(ended.output).toMatch(/Cannot find package 'xstate'/);
    expect(ended.code).toBe(1);
  });

  it('a worker starts and runs a task', async () => {
    writeFileSync(join(project, 'tasks.js'), 'export const twice = (n) => 2 * n;');
    const ended = await runModule(
      'pool.js',
      `import { ProcessPoolExecutor, tasksFrom } from 'procfutures';
       const { twice } = tasksFrom(new URL('./tasks.js', import.meta.url));
       const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
       console.log(await pool.submit(twice, 21));
       await pool.shutdown();`,
    );

    expect(ended).toEqual({ code: 0, output: '42\n' });
  });

  it('require() loads the main entry, for projects that are CommonJS', async () => {
    const ended = await runModule(
      'main.cjs',
      "console.log(typeof require('procfutures').ProcessPoolExecutor, typeof require('procfutures/worker').isWorker);",
    );

    // Node 20 says once that require() of a module is experimental.
    expect(ended.output).toMatch(/^function boolean\n/);
    expect(ended.code).toBe(0);
  });
});

describe('what the built modules load', () => {
  const built = readTree(root, ['dist/machines', 'dist/runtime', 'dist/properties']);

  it.each(['runtime/index', 'runtime/worker/index', 'runtime/simulation/index'])(
    '%s.js loads Node and itself only',
    (entry) => {
      expect(built.has(`dist/${entry}.js`)).toBe(true);
      const packages = [...packagesReached(built, [`dist/${entry}.js`]).keys()];

      expect(packages.filter((name) => !name.startsWith('node:'))).toEqual([]);
    },
  );

  it('the main entry is two files and a worker one, as each file takes time and memory', () => {
    const filesOf = (path: string): string[] => built.get(path)?.imports.flatMap(({ target }) => target ?? []) ?? [];

    expect(filesOf('dist/runtime/index.js')).toEqual(['dist/runtime/bundle/pool.js']);
    expect(filesOf('dist/runtime/bundle/pool.js'), 'engine.cjs is required, later').toEqual([]);
    // Named, not imported: the script that a worker runs.
    expect(readFileSync(join(root, 'dist/runtime/bundle/engine.cjs'), 'utf8')).toContain('"../worker/main.js"');
    expect(filesOf('dist/runtime/worker/main.js'), 'npm run build bundles it: bundle.mjs').toEqual([]);
  });

  it.each(['main.js', 'main.cjs'])(
    'what makes a pool run is loaded with the first one, and once, from %s',
    async (name) => {
      const load = name.endsWith('.cjs') ? "require('procfutures')" : "await import('procfutures')";
      const ended = await runModule(
        name,
        `const { Module } = process.getBuiltinModule('node:module');
       const count = () => Object.keys(Module._cache).filter((path) => path.endsWith('engine.cjs')).length;
       const { Executor, Future, ProcessPoolExecutor, inline, wait } = ${load};
       void (async () => {
         const before = [new Future().cancel(), typeof inline(() => 1), typeof wait, count()];
         const pools = [new ProcessPoolExecutor({ maxWorkers: 1 }), new ProcessPoolExecutor({ maxWorkers: 1 })];
         const future = pools[0].submit(inline(() => 1));
         console.log(...before, count(), future instanceof Future, pools[1] instanceof Executor, await future);
         await Promise.all(pools.map((pool) => pool.shutdown()));
       })();`,
      );

      expect(ended.output).toMatch(/^true object function 0 1 true true 1\n/);
      expect(ended.code).toBe(0);
    },
  );

  it('a second copy of it, as hot reloading makes them, has classes of its own and works', async () => {
    const ended = await runModule(
      'twice.js',
      `const url = new URL('./node_modules/procfutures/dist/runtime/bundle/pool.js', import.meta.url).href;
       for (const { Future, inline, ProcessPoolExecutor } of [await import('procfutures'), await import(url + '?again')]) {
         const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
         const future = pool.submit(inline(() => 1));
         console.log(future instanceof Future, await future);
         await pool.shutdown();
       }`,
    );

    expect(ended).toEqual({ code: 0, output: 'true 1\ntrue 1\n' });
  });

  it('no builtin is imported, for an import of node:fs alone takes three times what an empty module does', () => {
    for (const path of ['bundle/pool.js', 'bundle/engine.cjs', 'worker/main.js'])
      expect(readFileSync(join(root, 'dist/runtime', path), 'utf8'), 'bundle.mjs').not.toMatch(/^import .*"node:/m);
  });

  it('a future of the simulation is a Future of the main entry', async () => {
    const ended = await runModule(
      'same.js',
      `import { Future, inline, ProcessPoolExecutor } from 'procfutures';
       import { simulate } from 'procfutures/simulation';
       const { pool } = simulate();
       console.log(pool instanceof ProcessPoolExecutor, pool.submit(inline(() => 1)) instanceof Future);`,
    );

    expect(ended).toEqual({ code: 0, output: 'true true\n' });
  });
});

describe('the types of the main entry', () => {
  const program = `
    import { ProcessPoolExecutor, tasksFrom, wait, type Future } from 'procfutures';
    import { isWorker } from 'procfutures/worker';
    const { isPrime } = tasksFrom<typeof import('./prime.js')>(new URL('./prime.js', import.meta.url));
    const pool = new ProcessPoolExecutor({ maxWorkers: 4 });
    const future: Future<boolean> = pool.submit(isPrime, 7);
    const yes: boolean = await future;
    for await (const prime of pool.map(isPrime, [2, 3])) console.log(prime satisfies boolean, yes, isWorker);
    await wait([future], { timeout: 10 });
    await pool.shutdown();
  `;

  it('need no XState and hold under the strictest settings of a user', async () => {
    expect(await compile(program)).toEqual({ code: 0, output: '' });
  });

  it.each([
    ['an argument of a wrong type', program.replace('isPrime, 7', "isPrime, '7'"), /TS2345|TS2769/],
    ['a result of a wrong type', program.replace('const yes: boolean', 'const yes: string'), /TS2322/],
    ['an option that does not exist', program.replace('maxWorkers', 'maxWorker'), /TS2353|TS2561/],
  ])('refuse %s', async (_, text, error) => {
    const { code, output } = await compile(text);

    expect(output).toMatch(error);
    expect(code).not.toBe(0);
  });

  async function compile(text: string): Promise<Ended> {
    writeFileSync(join(project, 'main.ts'), text);
    writeFileSync(join(project, 'prime.ts'), 'export function isPrime(n: number): boolean { return n > 1; }');
    const compilerOptions = {
      target: 'es2022',
      lib: ['es2023', 'esnext.disposable'],
      module: 'nodenext',
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      noEmit: true,
      types: ['node'],
      typeRoots: [join(root, 'node_modules', '@types')],
    };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['main.ts'] }));
    return run(process.execPath, join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', project);
  }
});

describe('what is published', () => {
  it('every built module has its source: nothing of a file that was renamed or deleted', () => {
    const sources = readTree(root, ['machines', 'runtime', 'properties']);
    const built = readTree(root, ['dist/machines', 'dist/runtime', 'dist/properties'], /\.js$/);
    const orphans = [...built.keys()]
      .filter((path) => !path.startsWith('dist/runtime/bundle/'))
      .filter((path) => !sources.has(path.replace('dist/', '').replace(/\.js$/, '.ts')));

    expect(orphans, 'delete dist/ and run npm run build').toEqual([]);
  });

  it('the lock file names no registry, so that npm ci works with any', () => {
    expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved": "(?!file:)/);
  });

  it('says where it runs, under which licence, and that importing it has no side effects', () => {
    expect(manifest).toMatchObject({
      type: 'module',
      license: 'MIT',
      sideEffects: false,
      // Where process.getBuiltinModule is: bundle.mjs.
      engines: { node: '^20.19.0 || >=22.12.0' },
    });
    expect(manifest.dependencies).toEqual({ xstate: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
    expect(manifest.peerDependenciesMeta['fast-check'].optional).toBe(true);
  });
});
