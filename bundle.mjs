/**
 * What is loaded at a start, as few files: Node takes about 0.8 ms for each module, and a worker keeps the source of all.
 *
 * `tsc` has checked and written every module to `dist/` before; here the entries over `runtime/` are written again, each
 * with all that it imports. The main entry and the simulation share their files, for a `Future` of one has to be a
 * `Future` of the other; so do the two modules that tests of the real host reach for. A worker never shares a process
 * with them in which that would matter, so its script is one file of its own. Comments stay in the sources.
 *
 * Of the shared files, `pool.js` is what users name, and `engine.cjs` the rest, loaded with the first pool:
 * bundle-engine.mjs.
 */
import { rolldown } from 'rolldown';
import { engineOnDemand, writeEngine } from './bundle-engine.mjs';

const output = { dir: 'dist', format: 'esm', sourcemap: true, comments: false };

/**
 * `const { … } = process.getBuiltinModule('node:fs')` in place of an import: an import reads every property of a builtin,
 * and behind some (`fs.promises`) is more of Node to load. Line for line, so that source maps hold.
 */
const builtinsAsTheyAre = {
  name: 'builtins-as-they-are',
  /** @param {string} code */
  renderChunk: (code) => ({
    code: code.replace(/^import \{ (.+) \} from ("node:\w+");$/gm, (_, names, builtin) => {
      return `const { ${names.replaceAll(' as ', ': ')} } = process.getBuiltinModule(${builtin});`;
    }),
    map: null,
  }),
};

/** Entries by their place in `dist/`. @param {...string} names */
const entries = (...names) => Object.fromEntries(names.map((name) => [name, `${name}.ts`]));

/** Every module that an import of the main entry needs. */
const needed = await modulesOf({ input: 'runtime/index.ts', plugins: [engineOnDemand] });

const bundles = [
  {
    input: entries(
      'runtime/index',
      'runtime/simulation/index',
      'runtime/child-process/host',
      'runtime/options',
      'runtime/engine',
    ),
    plugins: [engineOnDemand],
    output: {
      ...output,
      // One folder below runtime/, as the modules in it are that look for files beside them.
      chunkFileNames: 'runtime/bundle/[name].js',
      minifyInternalExports: false,
      codeSplitting: {
        groups: [
          { name: 'pool', test: (id) => needed.has(id), priority: 1 },
          { name: 'engine', test: /[\\/](machines|runtime)[\\/](?!simulation[\\/])/ },
        ],
      },
    },
  },
  { input: entries('runtime/worker/main'), output },
  // Not published. It reaches for modules below the entries, of which there would be two each: these and the bundled ones.
  { input: entries('test/ladder/main'), output },
];

for (const { input, output, plugins = [] } of bundles) {
  const bundle = await open({ input, plugins });
  await bundle.write(output);
  await bundle.close();
}
writeEngine();

// Through its API, as its command prints a table of sizes at every build.
/** @param {import('rolldown').InputOptions} options */
function open({ input, plugins }) {
  const external = [/^node:/, 'xstate', 'fast-check'];
  return rolldown({ input, external, plugins: [builtinsAsTheyAre, ...plugins], logLevel: 'warn' });
}

/** @param {import('rolldown').InputOptions} options */
async function modulesOf(options) {
  const bundle = await open(options);
  const { output } = await bundle.generate();
  await bundle.close();
  return new Set(output.flatMap((chunk) => chunk.moduleIds ?? []));
}
