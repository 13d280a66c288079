/**
 * The larger part of the main entry, left out of what an import loads.
 *
 * An ES module cannot load another one later and at once, which is what `new ProcessPoolExecutor` needs; `require()` can,
 * of a CommonJS file. So the chunk behind runtime/engine.ts becomes a function in `engine.cjs`, which gets what it shares
 * with `pool.js` and returns its own: every class exists once. `engine.js` is for entries that need it from the start.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

const FOLDER = 'dist/runtime/bundle/';
const STUB = 'engine-on-demand';
const LOAD = "createRequire(import.meta.url)('./engine.cjs')(share, import.meta.url)";

/** Puts a `require()` in the place of runtime/engine.ts, for whoever imports it. @type {import('rolldown').Plugin} */
export const engineOnDemand = {
  name: STUB,
  resolveId: (id, importer) => (id === './engine.ts' && importer ? STUB : null),
  load(id) {
    if (id !== STUB) return null;
    return `import { createRequire } from 'node:module';
      const share = () => WHAT_IS_SHARED;
      export const engine = () => ${LOAD}.engine();`;
  },
};

/** Once for each `pool.js`: hot reloading may load several, and `require()` would give all of them the first one's. */
const EXPORT = `
const made = new WeakMap();
module.exports = (share, here) => {
	if (!made.has(share)) made.set(share, make(share, here));
	return made.get(share);
};`;

/**
 * Makes a script of the chunk, line for line, so that its source map holds.
 *
 * The function is in parentheses, for V8 then compiles it at once; it would read all of it twice.
 */
export function writeEngine() {
  const [pool, engine] = ['pool', 'engine'].map((name) => readFileSync(`${FOLDER}${name}.js`, 'utf8'));
  const shared = /^import \{ (.+) \} from "\.\/pool\.js";$/m.exec(engine)?.[1];
  const [its, own] = [pool, engine].map((text) => /^export \{ (.+) \};$/m.exec(text)?.[1]);
  if (!shared || !its || !own || `${shared} ${its}`.includes(' as ')) throw new Error('bundle-engine.mjs: new names?');
  const script = engine
    .replace(
      `import { ${shared} } from "./pool.js";`,
      `"use strict"; const make = (function (share, here) { const { ${shared} } = share();`,
    )
    .replaceAll('import.meta.url', 'here')
    .replace(`export { ${own} };`, `return { ${own} }; });${EXPORT}`)
    .replace('engine.js.map', 'engine.cjs.map');
  writeFileSync(`${FOLDER}engine.cjs`, script);
  renameSync(`${FOLDER}engine.js.map`, `${FOLDER}engine.cjs.map`);
  const facade = ["import { createRequire } from 'node:module';", "import { share } from './pool.js';"];
  writeFileSync(`${FOLDER}engine.js`, `${facade.join('\n')}\nexport const { ${own} } = ${LOAD};\n`);
  writeFileSync(
    `${FOLDER}pool.js`,
    pool.replace('WHAT_IS_SHARED', `({ ${shared} })`).replace(`export { ${its} };`, `export { ${its}, share };`),
  );
}
