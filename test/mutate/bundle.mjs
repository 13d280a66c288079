/** A test file and all sources behind it, as one module that can be evaluated again and again. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const vitest = new URL('./vitest.mjs', import.meta.url).href;

/** Sources in the place of what is built; the leak check looks at the whole process, which is not one test's here. */
const ALIASES = [
  [/^procfutures$/, 'runtime/index.ts'],
  [/^procfutures\/(machines|properties)$/, '$1/index.ts'],
  [/^procfutures\/(simulation|worker)$/, 'runtime/$1/index.ts'],
  [/^(?:\.\.\/)+dist\/(.*)\.js$/, '$1.ts'],
  [/^(?:\.\.\/)+helpers\/leaks\.ts$/, 'test/helpers/warnings.ts'],
];

const plugin = {
  name: 'mutants',
  resolveId(specifier) {
    if (specifier === 'vitest') return { id: vitest, external: 'absolute' };
    const alias = ALIASES.find(([pattern]) => pattern.test(specifier));
    return alias && resolve(specifier.replace(...alias));
  },
  transform(code, id) {
    // Worker processes run the built code, which has no mutants.
    const built = id.endsWith('runtime/child-process/command.ts')
      ? code.replaceAll('../worker/main.js', mainOf(id))
      : code;
    // A module looks for files beside itself, not beside the bundle. This one only speaks of it, in a message.
    if (id.endsWith('runtime/task.ts')) return built;
    const url = `const moduleUrl = ${JSON.stringify(pathToFileURL(id).href)};`;
    return built.includes('import.meta.url') ? `${url} ${built.replaceAll('import.meta.url', 'moduleUrl')}` : built;
  },
};

const mainOf = (id) => pathToFileURL(resolve(id, '../../../dist/runtime/worker/main.js')).href;

/** Bundles a test file below the current folder. @returns {Promise<string>} the file that was written */
export async function bundleTests(path) {
  const bundle = await rolldown({
    input: path,
    external: [/^node:/, 'xstate', 'fast-check'],
    plugins: [plugin],
    logLevel: 'silent',
    treeshake: false,
  });
  const file = resolve('bundled', `${path}.mjs`);
  await bundle.write({ file, format: 'esm', codeSplitting: false });
  await bundle.close();
  return file;
}
