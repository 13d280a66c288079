/**
 * The rules that keep the sources in order, each a function from a tree to sentences about what breaks it. A sentence
 * names the place, then says what to do. `test/tidy.test.ts` asks them of the project; `rules.test.ts` shows each at work.
 */
import { dirname } from 'node:path';
import { IMPURE } from '../../properties/ladder/impure.ts';
import { exportsOf, type Import, placesOf, type SourceFile, type Tree } from './source.ts';

/** Which modules a file may import; a pattern of the importing file, then one of what is imported. */
interface Direction {
  readonly from: RegExp;
  readonly except?: RegExp;
  /** Matches the target of a relative import that is forbidden. */
  readonly neverFile?: RegExp;
  /** Matches a package that is forbidden, as it is written. */
  readonly neverPackage?: RegExp;
  readonly because: string;
}

const DIRECTIONS: readonly Direction[] = [
  {
    from: /^machines\//,
    neverFile: /^(runtime|properties|test|examples|bench|docs)\//,
    because: 'machines/ decides and knows nobody: pass what it needs in an event.',
  },
  {
    from: /^machines\//,
    except: /^machines\/compile-cli\.ts$/,
    neverPackage: /^(?!xstate$)/,
    because: 'machines/ imports xstate and itself only: what touches the outside belongs to runtime/.',
  },
  {
    from: /^machines\/((core|dispatch|shutdown|vocabulary|events|effects)\.ts|compiled\/)/,
    neverPackage: /^@?xstate\b/,
    because: 'this file is on the hot path and in the main entry: ask the charts (Charts) instead of XState.',
  },
  {
    from: /^runtime\//,
    neverFile: /^(properties|test|examples|bench|docs)\//,
    because: 'runtime/ is production code: properties/ judges it from outside, through the recorded trace.',
  },
  {
    from: /^runtime\//,
    neverPackage: /^@?xstate\b/,
    because: 'runtime/ runs on the compiled tables: XState is loaded by procfutures/machines, tools and tests.',
  },
  {
    from: /^runtime\//,
    neverPackage: /^(?!node:|@?xstate\b)/,
    because: 'runtime/ imports Node and the project only: another dependency must be argued for in the README first.',
  },
  {
    from: /^properties\//,
    neverFile: /^(runtime|test|examples|bench|docs)\//,
    because: 'a property must be able to judge a trace from anywhere: it knows machines/ only.',
  },
  {
    from: /^properties\//,
    neverPackage: /^(?!node:|xstate$|fast-check$)/,
    because:
      'properties/ imports xstate, fast-check, Node and machines/ only; nothing else is installed with the package.',
  },
  {
    from: /^runtime\/child-process\//,
    neverFile: /^runtime\/(simulation\/|driver\.ts)/,
    because: 'a host knows the seam (runtime/host.ts), never another host or the driver.',
  },
  {
    from: /^runtime\/simulation\//,
    neverFile: /^runtime\/(child-process\/|driver\.ts)/,
    because: 'a host knows the seam (runtime/host.ts), never another host or the driver.',
  },
  {
    from: /^runtime\/worker\//,
    neverFile: /^(?!runtime\/(wire|worker)\/)/,
    because: 'a worker starts light: runtime/worker/ imports runtime/wire/ and itself only.',
  },
  {
    from: /^runtime\/wire\//,
    neverFile: /^(?!runtime\/wire\/)/,
    because: 'runtime/wire/ is loaded in every worker: it imports itself and Node only.',
  },
];

/** The folders whose files make up the package. */
const SHIPPED = /^(machines|runtime|properties)\//;

export function importDirections(tree: Tree): string[] {
  return [...tree.values()].flatMap((file) =>
    file.imports.flatMap((one) =>
      DIRECTIONS.filter(
        ({ from, except, neverFile, neverPackage }) =>
          from.test(file.path) &&
          except?.test(file.path) !== true &&
          (one.target === undefined ? neverPackage?.test(one.specifier) : neverFile?.test(one.target)) === true,
      ).map(({ because }) => `${file.path}:${one.line} imports ${one.specifier}: ${because}`),
    ),
  );
}

/** Also cycles of types: two files that need each other's types are one idea in two places. */
export function importCycles(tree: Tree): string[] {
  const complaints: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]) => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      const cycle = [...trail.slice(start), path].join(' -> ');
      complaints.push(`${cycle}: a cycle of imports; move what both need into a file below them.`);
      return;
    }
    if (done.has(path)) return;
    for (const target of targetsOf(tree, path)) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of tree.keys()) visit(path, []);
  return complaints;
}

function targetsOf(tree: Tree, path: string): string[] {
  const targets = (tree.get(path)?.imports ?? []).map(({ target }) => target);
  return [...new Set(targets)].filter((target): target is string => target !== undefined && tree.has(target));
}

/** Imports of files that are not there; such an import would also hide what lies behind it from the other rules. */
export function danglingImports(tree: Tree): string[] {
  return [...tree.values()].flatMap((file) =>
    file.imports
      .filter(({ target }) => target !== undefined && SHIPPED.test(target) && !tree.has(target))
      .map(({ specifier, line }) => `${file.path}:${line} imports ${specifier}: there is no such file.`),
  );
}

/** What is loaded, types left out, when one of `entries` is: each package with the way that leads to it. */
export function packagesReached(tree: Tree, entries: readonly string[]): Map<string, string> {
  const reached = new Map<string, string>();
  const seen = new Set<string>();
  const visit = (path: string, way: string) => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const one of (tree.get(path)?.imports ?? []).filter(({ isType }) => !isType)) {
      if (one.target === undefined) reached.set(one.specifier, `${way} -> ${one.specifier}`);
      else visit(one.target, `${way} -> ${one.target}`);
    }
  };
  for (const entry of entries) visit(entry, entry);
  return reached;
}

export function noXstateBehind(tree: Tree, entries: readonly string[]): string[] {
  return [...packagesReached(tree, entries)]
    .filter(([name]) => /^@?xstate\b/.test(name))
    .map(([, way]) => `${way}: the main entry and the workers never load XState; cut this way at its first arrow.`);
}

/** machines/ is a function of its input. `compile-cli.ts` writes files: it is a tool. */
export function impurities(tree: Tree): string[] {
  return [...tree.values()]
    .filter(({ path }) => /^machines\//.test(path) && path !== 'machines/compile-cli.ts')
    .flatMap((file) =>
      IMPURE.flatMap(([pattern, instead]) =>
        placesOf(file, pattern).map(({ place, match }) => `${place} uses ${match[0]} in machines/: ${instead}.`),
      ),
    );
}

/** The subpaths of package.json's `exports`, without `./package.json`, and the folders with an `index.ts`. */
export function publicEntries(tree: Tree, exportMap: Record<string, unknown>): string[] {
  const folders = [...tree.keys()].filter((path) => path.endsWith('/index.ts')).map((path) => dirname(path));
  const exported = new Map(
    Object.entries(exportMap)
      .filter(([subpath]) => subpath !== './package.json')
      .map(([subpath, target]) => [
        (target as { default?: string }).default?.replace(/^\.\/dist\//, '').replace(/\/index\.js$/, '') ?? subpath,
        subpath,
      ]),
  );
  return [
    ...folders
      .filter((folder) => !exported.has(folder))
      .map(
        (folder) =>
          `${folder}/index.ts makes ${folder}/ a public entry, which package.json does not export: rename it.`,
      ),
    ...[...exported]
      .filter(([folder]) => !folders.includes(folder))
      .map(([folder, subpath]) => `package.json exports "${subpath}", but there is no ${folder}/index.ts behind it.`),
    ...(exportMap['./package.json'] === './package.json'
      ? []
      : ['package.json must export "./package.json" as itself.']),
  ];
}

const LINES = 300;
const COLUMNS = 120;

export function fileSizes(tree: Tree): string[] {
  return [...tree.values()]
    .filter(({ path }) => SHIPPED.test(path))
    .flatMap(({ path, text }) => {
      const lines = text.replace(/\n$/, '').split('\n');
      const wide = path.startsWith('machines/compiled/')
        ? []
        : lines.flatMap((line, i) => (line.length > COLUMNS ? [i + 1] : []));
      return [
        ...(lines.length > LINES ? [`${path} has ${lines.length} lines, more than ${LINES}: split it by idea.`] : []),
        ...wide.map((line) => `${path}:${line} is wider than ${COLUMNS} columns: break it.`),
      ];
    });
}

/** The charts may name states: that is where they live. */
const CHARTS = /^machines\/(compiled\/|(future|worker|executor)\.ts$)/;

/** `event.type` and `outcome.kind` tell members of a union apart; that one is called like a state is no matter. */
const TAG = /(?:^|[^\w])(?:type|kind)\s*$/;

/** What stands left of a comparison, or what the `switch` around a `case` asks about. */
function subjectOf(file: SourceFile, match: RegExpMatchArray): string {
  const before = file.code.slice(0, match.index);
  if (!match[0].startsWith('case')) return before;
  return /^[^()]*(?:\([^()]*\)[^()]*)*?(?=\)\s*\{)/.exec(before.slice(before.lastIndexOf('switch (') + 8))?.[0] ?? '';
}

/**
 * Comparisons with the name of a state, in machines/ outside the charts, and in runtime/.
 *
 * @param states The names of all states of all charts.
 */
export function stateComparisons(tree: Tree, states: ReadonlySet<string>): string[] {
  const name = `(?<quote>['"\`])(?:[\\w.]*\\.)?(?:${[...states].join('|')})\\k<quote>`;
  const comparisons = new RegExp(
    [
      `[!=]==?\\s*${name}`,
      `${name.replaceAll('quote', 'left')}\\s*[!=]==?`,
      `\\bcase\\s+${name.replaceAll('quote', 'label')}`,
      `\\.(?:includes|indexOf|has|matches|startsWith|endsWith)\\(\\s*${name.replaceAll('quote', 'argument')}`,
      `\\[[^\\]]*${name.replaceAll('quote', 'element')}[^\\]]*\\]\\s*\\.(?:includes|indexOf|some)\\b`,
    ].join('|'),
  );
  return [...tree.values()]
    .filter(({ path }) => /^(machines|runtime)\//.test(path) && !CHARTS.test(path))
    .flatMap((file) =>
      placesOf(file, comparisons, 'uncommented').filter(({ match }) => !TAG.test(subjectOf(file, match))),
    )
    .map(
      ({ place, match }) =>
        `${place} compares the name of a state (${match[0].replace(/\s+/g, ' ')}): a decision belongs to a chart; ` +
        'let a transition or its effect say it, or look it up in a table by state.',
    );
}

/** Put together so that this file does not break its own rule. */
const UNFINISHED = new RegExp(
  `\\b(?:${['TO', 'FIX', 'HA', 'XX'].map((head, i) => head + ['DO', 'ME', 'CK', 'X'][i]).join('|')})\\b`,
);

export function unfinishedWork(tree: Tree): string[] {
  return [...tree.values()]
    .flatMap((file) => placesOf(file, UNFINISHED, 'text'))
    .map(({ place, match }) => `${place} says ${match[0]}: do it now, or file it where it will be found.`);
}

export function silencedTests(tree: Tree): string[] {
  const modifier =
    /\b(?:it|test|describe|suite|bench)(?:\s*\.\s*\w+)*?\s*\.\s*(?<how>only|skip|skipIf|runIf|todo|fails)\b|\bx(?:it|describe)\s*\(|\b(?:context|ctx)\s*\.\s*skip\b|[{,]\s*(?:skip|todo|only|fails|retry)\s*:/;
  return (
    [...tree.values()]
      // A command holds no tests; `--only` is an option of one.
      .filter(({ path }) => /^test\/.*\.ts$/.test(path) && !/\/(?:main|args)\.ts$/.test(path))
      .flatMap((file) => placesOf(file, modifier))
      .map(
        ({ place, match }) =>
          `${place} has ${match[0].trim()}: every test runs, every time, once; make it pass or delete it.`,
      )
  );
}

export function undocumentedExports(tree: Tree, entries: readonly string[]): string[] {
  return entries.flatMap((entry) =>
    exportsOf(tree, entry)
      .filter(({ documented }) => !documented)
      .map(({ name, place }) => `${place} declares ${name}, which ${entry} exports: write its TSDoc comment.`),
  );
}

const DUMPS = /(?:^|\/)(?:utils?|helpers?|common|types|misc|shared|constants|lib)\.ts$/;

export function dumpingGrounds(tree: Tree): string[] {
  return [...tree.keys()]
    .filter((path) => SHIPPED.test(path) && DUMPS.test(path))
    .map((path) => `${path}: name the file after the one idea in it, or move each thing to where it is used.`);
}

/** Only what package.json promises to install can be loaded by a user. */
export function undeclaredPackages(tree: Tree, declared: readonly string[]): string[] {
  const packageOf = ({ specifier }: Import) =>
    specifier
      .split('/')
      .slice(0, specifier.startsWith('@') ? 2 : 1)
      .join('/');
  return [...tree.values()]
    .filter(({ path }: SourceFile) => SHIPPED.test(path))
    .flatMap((file) =>
      file.imports
        .filter((one) => one.target === undefined && !one.specifier.startsWith('node:'))
        .filter((one) => !declared.includes(packageOf(one)))
        .map((one) => `${file.path}:${one.line} imports ${one.specifier}, which package.json does not install.`),
    );
}
