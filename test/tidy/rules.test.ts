/** Each house rule at work: on a planted tree that breaks it, and on the nearest one that does not. */
import { describe, expect, it } from 'vitest';
import * as rules from './rules.ts';
import { exportsOf, mask, parse, plant } from './source.ts';

describe('reading sources', () => {
  it('takes words in comments, strings, templates and regular expressions for no code', () => {
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: source text that is to be read.
    const text = [
      "const a = 'Date'; // Date",
      '/* Date */ const b = `Date ${Date.now() /* Date */} Date ${`inner Date ${c}`} Date`;',
      'const d = /Date[/]Date/.test(x) ? 1 / 2 : `}`;',
      'return /Date/;',
      "const e = 'it\\'s Date';",
      'const f = { g: `${{ h: 1 }.h}Date` }; Date;',
    ].join('\n');
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: as above.

    expect(mask(text).code.match(/Date/g)).toEqual(['Date', 'Date']);
    expect(mask(text).code).toHaveLength(text.length);
    expect(mask(text).uncommented.match(/Date/g)).toHaveLength(12);
  });

  it('takes a slash after a value for a division', () => {
    expect(mask('const x = (a + b) / c; const y = d[0] / Date / 2;').code).toContain('Date');
    expect(mask('const total = count / Date; // x / y').code).toContain('Date');
  });

  it('finds every form of import, and which of them are gone at run time', () => {
    const { imports } = parse(
      'runtime/a.ts',
      [
        "import { a, type B } from './b.ts';",
        "import type { C } from '../machines/c.ts';",
        "import './d.ts';",
        "export * from './e.ts';",
        "export type { F } from './f.ts';",
        "const g = await import('node:g');",
        "type H = typeof import('./h.ts');",
        "new URL('./i.js', import.meta.url);",
        'import {',
        '  type J,',
        "} from 'j';",
        "const no = `import './k.ts'`; // import './l.ts'",
        "import type from './m.ts';",
      ].join('\n'),
    );

    expect(imports.map(({ specifier, target, isType }) => [specifier, target, isType]).sort()).toEqual(
      [
        ['./b.ts', 'runtime/b.ts', false],
        ['../machines/c.ts', 'machines/c.ts', true],
        ['./d.ts', 'runtime/d.ts', false],
        ['./e.ts', 'runtime/e.ts', false],
        ['./f.ts', 'runtime/f.ts', true],
        ['node:g', undefined, false],
        ['./h.ts', 'runtime/h.ts', true],
        ['./i.js', 'runtime/i.ts', false],
        // The braces stay under verbatimModuleSyntax: the module is loaded.
        ['j', undefined, false],
        ['./m.ts', 'runtime/m.ts', false],
      ].sort(),
    );
  });

  it('follows exports to their declarations', () => {
    const tree = plant({
      'a/index.ts': "/** Header. */\n\nexport { one, type Two as Deux } from './b.ts';\nexport * from './c.ts';\n",
      'a/b.ts': '/** One. */\nexport function one(): void {}\nexport interface Two {}\n',
      'a/c.ts': "export { four } from './d.ts';\n/**\n * Three.\n */\nexport class Three {}\n",
      'a/d.ts': '/** Four. */\nconst four = 4;\nexport { four };\n',
    });

    expect(exportsOf(tree, 'a/index.ts')).toEqual([
      { name: 'one', place: 'a/b.ts:2', documented: true },
      { name: 'Deux', place: 'a/b.ts:3', documented: false },
      { name: 'four', place: 'a/d.ts:2', documented: true },
      { name: 'Three', place: 'a/c.ts:5', documented: true },
    ]);
  });
});

describe('import directions', () => {
  it.each([
    ['machines/core.ts', '../runtime/future.ts'],
    ['machines/core.ts', '../properties/safety.ts'],
    ['machines/core.ts', 'xstate'],
    ['machines/dispatch.ts', 'xstate'],
    ['machines/compiled/future.ts', 'xstate'],
    ['machines/compile.ts', 'node:fs'],
    ['machines/future.ts', 'fast-check'],
    ['runtime/driver.ts', '../properties/trace.ts'],
    ['runtime/driver.ts', 'xstate'],
    ['runtime/driver.ts', 'execa'],
    ['properties/safety.ts', '../runtime/driver.ts'],
    ['properties/safety.ts', 'vitest'],
    ['runtime/child-process/host.ts', '../simulation/host.ts'],
    ['runtime/child-process/host.ts', '../driver.ts'],
    ['runtime/simulation/host.ts', '../child-process/host.ts'],
    ['runtime/simulation/host.ts', '../driver.ts'],
    ['runtime/worker/main.ts', '../errors.ts'],
    ['runtime/worker/main.ts', '../../machines/events.ts'],
    ['runtime/wire/frames.ts', '../errors.ts'],
  ])('%s must not import %s, not even its types', (path, specifier) => {
    for (const statement of [`import { x } from '${specifier}';`, `import type { X } from '${specifier}';`]) {
      expect(rules.importDirections(plant({ [path]: statement }))).toEqual([
        expect.stringContaining(`${path}:1 imports ${specifier}: `),
      ]);
    }
  });

  it.each([
    ['machines/future.ts', 'xstate'],
    ['machines/live-charts.ts', 'xstate'],
    ['machines/core.ts', './events.ts'],
    ['machines/compile-cli.ts', 'node:fs'],
    ['runtime/driver.ts', '../machines/core.ts'],
    ['runtime/driver.ts', 'node:events'],
    ['properties/arbitraries.ts', 'fast-check'],
    ['properties/safety.ts', '../machines/vocabulary.ts'],
    ['runtime/child-process/host.ts', '../host.ts'],
    ['runtime/worker/main.ts', '../wire/frames.ts'],
    ['runtime/worker/main.ts', 'node:fs'],
    ['examples/hash-tree.ts', 'procfutures'],
  ])('%s may import %s', (path, specifier) => {
    expect(rules.importDirections(plant({ [path]: `import { x } from '${specifier}';` }))).toEqual([]);
  });

  it('shows a cycle with its whole way round', () => {
    const tree = plant({
      'machines/a.ts': "import { b } from './b.ts';",
      'machines/b.ts': "import type { c } from './c.ts';",
      'machines/c.ts': "import { b } from './b.ts';",
    });

    expect(rules.importCycles(tree)).toEqual([
      'machines/b.ts -> machines/c.ts -> machines/b.ts: a cycle of imports; move what both need into a file below them.',
    ]);
  });

  it('finds an import of a file that is not there', () => {
    const tree = plant({ 'machines/a.ts': "import { b } from './b.ts';" });

    expect(rules.danglingImports(tree)).toEqual(['machines/a.ts:1 imports ./b.ts: there is no such file.']);
  });

  it('finds XState however far behind an entry, and worker scripts named by URL, but not behind types', () => {
    const tree = plant({
      'runtime/index.ts': "export { a } from './a.ts';",
      'runtime/a.ts': "import type { X } from 'xstate';\nnew URL('./worker/main.js', import.meta.url);",
      'runtime/worker/main.ts': "import { b } from '../../machines/b.ts';",
      'machines/b.ts': "import { setup } from 'xstate';",
    });

    expect(rules.noXstateBehind(tree, ['runtime/index.ts'])).toEqual([
      'runtime/index.ts -> runtime/a.ts -> runtime/worker/main.ts -> machines/b.ts -> xstate: ' +
        'the main entry and the workers never load XState; cut this way at its first arrow.',
    ]);
  });

  it('finds a package that nobody would have installed', () => {
    const tree = plant({ 'runtime/a.ts': "import x from '@scope/x/y';\nimport 'z/w';\nimport 'node:fs';" });

    expect(rules.undeclaredPackages(tree, ['z'])).toEqual([
      'runtime/a.ts:1 imports @scope/x/y, which package.json does not install.',
    ]);
  });
});

describe('public entries', () => {
  const entry = (folder: string) => ({ types: `./dist/${folder}/index.d.ts`, default: `./dist/${folder}/index.js` });

  it('accepts a map that has exactly the folders with an index.ts', () => {
    const tree = plant({ 'runtime/index.ts': '', 'runtime/worker/index.ts': '' });
    const map = { '.': entry('runtime'), './worker': entry('runtime/worker'), './package.json': './package.json' };

    expect(rules.publicEntries(tree, map)).toEqual([]);
  });

  it('finds an index.ts too many, one too few, and a package.json that is not exported', () => {
    const tree = plant({ 'runtime/index.ts': '', 'runtime/wire/index.ts': '' });

    expect(rules.publicEntries(tree, { '.': entry('runtime'), './machines': entry('machines') })).toEqual([
      'runtime/wire/index.ts makes runtime/wire/ a public entry, which package.json does not export: rename it.',
      'package.json exports "./machines", but there is no machines/index.ts behind it.',
      'package.json must export "./package.json" as itself.',
    ]);
  });

  it('finds an export without a comment, and takes the header of the file for none', () => {
    const tree = plant({
      'runtime/index.ts': "export { a, b } from './a.ts';",
      'runtime/a.ts': '/** What this file is. */\n\nexport const a = 1;\n/** B. */\nexport const b = 2;\n',
    });

    expect(rules.undocumentedExports(tree, ['runtime/index.ts'])).toEqual([
      'runtime/a.ts:3 declares a, which runtime/index.ts exports: write its TSDoc comment.',
    ]);
  });
});

describe('purity of machines/', () => {
  it.each([
    'Date.now()',
    'performance.now()',
    'Math.random()',
    'setTimeout(f, 1)',
    'queueMicrotask(f)',
    'Promise.resolve()',
    'async () => {}',
    'process.pid',
    "console.log('x')",
  ])('refuses %s', (code) => {
    expect(rules.impurities(plant({ 'machines/a.ts': `const x = ${code};` }))).toHaveLength(1);
    expect(rules.impurities(plant({ 'machines/compile-cli.ts': `const x = ${code};` }))).toEqual([]);
    expect(
      rules.impurities(plant({ 'machines/a.ts': `// ${code}\nconst x = '${code.replaceAll("'", '')}';` })),
    ).toEqual([]);
  });

  it('lets the word stand where it means something else', () => {
    expect(
      rules.impurities(plant({ 'machines/a.ts': 'const update = asynchronous.process; event.process.x();' })),
    ).toEqual([]);
  });
});

describe('comparisons of state names', () => {
  const states = new Set(['PENDING', 'idle', 'busy', 'terminating']);

  it.each([
    "state === 'idle'",
    "'idle' !== state",
    'state == "PENDING"',
    "switch (s) { case 'busy': }",
    "switch (event.type) { case 'x': } switch (stateOf(event.type)) { case 'busy': }",
    "['idle', 'busy'].includes(state)",
    "state.startsWith('idle')",
    "IDLE.has('idle')",
    "snapshot.matches('terminating')",
    "state === 'terminating.killed'.length || state === 'worker.idle'",
  ])('finds %s', (code) => {
    for (const path of ['machines/core.ts', 'runtime/future.ts', 'machines/dispatch.ts']) {
      expect(rules.stateComparisons(plant({ [path]: code }), states)).toHaveLength(1);
    }
  });

  it.each([
    "kind === 'submit'",
    "outcome.kind !== 'idle'",
    "switch (event.type) { case 'submit': break; case 'idle': break; }",
    "const counts = { idle: 0, state: 'idle' }",
    "// state === 'idle'",
    "table['idle']",
    "activity('idle')",
  ])('leaves %s alone', (code) => {
    expect(rules.stateComparisons(plant({ 'machines/core.ts': code }), states)).toEqual([]);
  });

  it('leaves the charts, their tables and the properties alone', () => {
    const text = "state === 'idle'";
    const tree = plant({
      'machines/worker.ts': text,
      'machines/compiled/worker.ts': text,
      'properties/safety.ts': text,
    });

    expect(rules.stateComparisons(tree, states)).toEqual([]);
  });
});

describe('what sources look like', () => {
  it('finds files that are too long and lines that are too wide', () => {
    const tree = plant({
      'machines/a.ts': 'x\n'.repeat(301),
      'machines/b.ts': 'x\n'.repeat(300),
      'runtime/c.ts': `\n${'x'.repeat(121)}\n${'x'.repeat(120)}\n`,
      'machines/compiled/d.ts': 'x'.repeat(1000),
      'test/e.ts': 'x\n'.repeat(1000),
    });

    expect(rules.fileSizes(tree)).toEqual([
      'machines/a.ts has 301 lines, more than 300: split it by idea.',
      'runtime/c.ts:2 is wider than 120 columns: break it.',
    ]);
  });

  it.each(['runtime/utils.ts', 'machines/helpers.ts', 'properties/common.ts', 'runtime/wire/types.ts'])(
    'refuses %s',
    (path) => {
      expect(rules.dumpingGrounds(plant({ [path]: '' }))).toEqual([
        `${path}: name the file after the one idea in it, or move each thing to where it is used.`,
      ]);
    },
  );

  it('finds work that is marked as unfinished, also in comments', () => {
    const mark = ['TO', 'DO'].join('');

    expect(rules.unfinishedWork(plant({ 'runtime/a.ts': `\n// ${mark}: later` }))).toEqual([
      `runtime/a.ts:2 says ${mark}: do it now, or file it where it will be found.`,
    ]);
  });

  it.each([
    "it.only('x', f)",
    "describe.skip('x', f)",
    "it.todo('x')",
    "test.concurrent.skip('x', f)",
    "it.skipIf(true)('x', f)",
    "it.fails('x', f)",
    "xit('x', f)",
    'context.skip()',
    "it('x', { retry: 2 }, f)",
  ])('refuses %s', (code) => {
    expect(rules.silencedTests(plant({ 'test/a.test.ts': code }))).toHaveLength(1);
  });

  it('knows a test from a comment about one, and a word from a modifier', () => {
    const tree = plant({
      'test/a.test.ts': "// it.only('x')\nit('skips nothing', f); it.each(only)('x', f); list.skip(2);",
    });

    expect(rules.silencedTests(tree)).toEqual([]);
  });
});
