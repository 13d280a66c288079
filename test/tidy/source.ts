/**
 * Reads sources for `test/tidy.test.ts`: which text is code, which is comment or string, what a file imports and exports.
 * Not a parser: a scanner that knows where strings, comments, templates and regular expressions end, which is enough to
 * ask simple questions and never to be fooled by a word in a comment.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

export interface SourceFile {
  /** Relative to the root of the tree, with slashes. */
  readonly path: string;
  readonly text: string;
  /** As long as `text`, comments replaced by blanks. */
  readonly uncommented: string;
  /** As long as `text`, comments and the insides of strings, templates and regular expressions replaced by blanks. */
  readonly code: string;
  readonly imports: readonly Import[];
}

export interface Import {
  /** As written: './future.ts', 'node:fs', 'xstate'. */
  readonly specifier: string;
  /** The file meant, relative to the root, for a relative specifier; undefined for a package. */
  readonly target: string | undefined;
  /** `import type` and `export type`: gone at run time. */
  readonly isType: boolean;
  readonly line: number;
}

/** All sources of a tree by their path. */
export type Tree = ReadonlyMap<string, SourceFile>;

const SKIPPED = new Set(['node_modules', 'dist', '.git', 'coverage']);

/** Reads the files with one of the extensions below `folders` of `root`; a folder that is not there holds none. */
export function readTree(root: string, folders: readonly string[], extension = /\.(ts|js|mjs|cjs)$/): Tree {
  const files = new Map<string, SourceFile>();
  const visit = (folder: string) => {
    if (!existsSync(join(root, folder))) return;
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = posix.join(folder, entry.name);
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) visit(path);
      else if (entry.isFile() && extension.test(entry.name)) {
        files.set(path, parse(path, readFileSync(join(root, path), 'utf8')));
      }
    }
  };
  folders.forEach(visit);
  return files;
}

/** A tree from texts, for the tests of the rules. */
export function plant(texts: Record<string, string>): Tree {
  return new Map(Object.entries(texts).map(([path, text]) => [path, parse(path, text)]));
}

export function parse(path: string, text: string): SourceFile {
  const { uncommented, code } = mask(text);
  return { path, text, uncommented, code, imports: importsOf(path, uncommented, code) };
}

/** The line (from 1) of a place in the text. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

/** Every place where `pattern` matches the code of a file, comments and strings left out. */
export function placesOf(file: SourceFile, pattern: RegExp, within: 'code' | 'uncommented' | 'text' = 'code') {
  const flags = pattern.flags.includes('g') ? pattern.flags : `${pattern.flags}g`;
  return [...file[within].matchAll(new RegExp(pattern, flags))].map((match) => ({
    place: `${file.path}:${lineAt(file.text, match.index)}`,
    match,
  }));
}

/** After these a slash begins a regular expression, else it divides. */
const BEFORE_REGEXP =
  /(^|[=(,:;!&|?{}[+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|void|delete|throw|new|await|yield))$/;

/** Blanks the comments, and for `code` also the insides of literals; line breaks stay, so places stay. */
export function mask(text: string): { uncommented: string; code: string } {
  const uncommented = text.split('');
  const code = text.split('');
  const blank = (into: string[], from: number, to: number) => {
    for (let i = from; i < to; i++) if (into[i] !== '\n') into[i] = ' ';
  };
  /** Where templates are open: the depth of braces at which the code inside `${…}` ends. */
  const templates: number[] = [];
  let depth = 0;
  let i = 0;

  /** The end of the code that stands before a place, blanks left out. */
  const codeBefore = (place: number) => {
    let end = place;
    while (end > 0 && /\s/.test(code[end - 1]!)) end -= 1;
    return code.slice(Math.max(0, end - 12), end).join('');
  };

  /** From the first character inside a template to the one after its end, or after the `${` that interrupts it. */
  const template = (from: number) => {
    let end = from;
    while (end < text.length && text[end] !== '`' && !text.startsWith('${', end)) end += text[end] === '\\' ? 2 : 1;
    blank(code, from, Math.min(end, text.length));
    if (text[end] !== '$') return end + 1;
    templates.push(depth++);
    return end + 2;
  };

  while (i < text.length) {
    const character = text[i]!;
    let end = i + 1;
    if (text.startsWith('//', i) || (i === 0 && text.startsWith('#!'))) {
      end = text.indexOf('\n', i);
      if (end < 0) end = text.length;
      blank(uncommented, i, end);
      blank(code, i, end);
      i = end;
      continue;
    }
    if (text.startsWith('/*', i)) {
      end = text.indexOf('*/', i + 2) + 2;
      if (end < 2) end = text.length;
      blank(uncommented, i, end);
      blank(code, i, end);
      i = end;
      continue;
    }
    if (character === "'" || character === '"') {
      while (end < text.length && text[end] !== character && text[end] !== '\n') end += text[end] === '\\' ? 2 : 1;
      blank(code, i + 1, Math.min(end, text.length));
      end += 1;
    } else if (character === '`') {
      end = template(i + 1);
    } else if (character === '/' && BEFORE_REGEXP.test(codeBefore(i))) {
      let inClass = false;
      while (end < text.length && text[end] !== '\n' && (inClass || text[end] !== '/')) {
        if (text[end] === '[') inClass = true;
        if (text[end] === ']') inClass = false;
        end += text[end] === '\\' ? 2 : 1;
      }
      blank(code, i + 1, Math.min(end, text.length));
      end += 1;
    } else if (character === '{') {
      depth += 1;
    } else if (character === '}') {
      depth -= 1;
      if (templates.at(-1) === depth) {
        templates.pop();
        end = template(i + 1);
      }
    }
    i = end;
  }
  return { uncommented: uncommented.join(''), code: code.join('') };
}

const IMPORTS = [
  // import x from 'y'; import 'y'; export … from 'y'
  /\b(?<keyword>import|export)\s+(?<type>type\s+(?!from\b))?(?:[\w*\s{},$]*?\bfrom\s*)?(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>/g,
  // import('y'), also as a type: import('y').Z
  /\bimport\s*\(\s*(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>/g,
  // new URL('./main.js', import.meta.url): how a worker script is named
  /\bnew\s+URL\s*\(\s*(?<quote>['"])(?<specifier>\.[^'"\n]+)\k<quote>\s*,\s*import\.meta\.url/g,
];

function importsOf(path: string, uncommented: string, code: string): Import[] {
  return IMPORTS.flatMap((pattern) =>
    [...uncommented.matchAll(pattern)]
      // Inside a string or template the words are no import.
      .filter((match) => /^(import|export|new)/.test(code.slice(match.index)))
      .map((match) => {
        const { specifier = '', type } = match.groups ?? {};
        const isDynamicType = /^import\s*\(/.test(match[0]) && isTypePosition(code, match.index);
        return {
          specifier,
          target: specifier.startsWith('.') ? fileMeant(path, specifier) : undefined,
          isType: type !== undefined || isDynamicType,
          line: lineAt(uncommented, match.index),
        };
      }),
  );
}

/** A source may name another by the `.js` that it will be; what is built says what it means. */
function fileMeant(from: string, specifier: string): string {
  const target = posix.join(dirname(from), specifier);
  return from.endsWith('.ts') ? target.replace(/\.js$/, '.ts') : target;
}

/** `typeof import('x')` and `foo: import('x').Bar` are types; `await import('x')`, `= import('x')` and so on load. */
function isTypePosition(code: string, index: number): boolean {
  return /(\btypeof|[:<|&])\s*$/.test(code.slice(0, index));
}

/** A name that a file exports, and whether a TSDoc comment stands before its declaration. */
export interface Export {
  readonly name: string;
  readonly place: string;
  readonly documented: boolean;
}

/** What the public entry `path` exports, declarations followed through re-exports. */
export function exportsOf(tree: Tree, path: string, seen = new Set<string>()): Export[] {
  const file = tree.get(path);
  if (file === undefined || seen.has(path)) return [];
  seen.add(path);
  const found: Export[] = [];

  for (const { match } of placesOf(
    file,
    /\bexport\s+(?:type\s+)?\{(?<names>[^}]*)\}(?:\s*from\s*(['"])(?<from>.+?)\2)?/,
    'uncommented',
  )) {
    const { names = '', from } = match.groups ?? {};
    for (const item of names
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean)) {
      const [, local = '', exported = local] = /^(?:type\s+)?(\w+)(?:\s+as\s+(\w+))?$/.exec(item) ?? [];
      const target = from === undefined ? path : resolve(path, from);
      // What comes from a package is documented there.
      if (target !== undefined) found.push({ ...declarationOf(tree, target, local), name: exported });
    }
  }
  for (const { match } of placesOf(
    file,
    /\bexport\s+(?:type\s+)?\*\s*(?:as\s+(?<as>\w+)\s*)?from\s*(['"])(?<from>.+?)\2/,
    'uncommented',
  )) {
    const target = resolve(path, match.groups!.from!);
    if (target !== undefined) found.push(...exportsOf(tree, target, seen));
  }
  for (const { match } of placesOf(file, new RegExp(`\\bexport\\s+${DECLARATION}(?<name>\\w+)`))) {
    found.push(declarationOf(tree, path, match.groups!.name!));
  }
  // An overloaded function is declared several times and documented once.
  return found.filter((one, index) => found.findIndex(({ name }) => name === one.name) === index);
}

const DECLARATION =
  '(?:default\\s+)?(?:declare\\s+)?(?:abstract\\s+)?(?:async\\s+)?(?:class|function\\s*\\*?|const|let|interface|type|enum)\\s+';

function resolve(from: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.join(dirname(from), specifier) : undefined;
}

function declarationOf(tree: Tree, path: string, name: string, hops = 0): Export {
  const file = tree.get(path);
  if (file === undefined) return { name, place: path, documented: false };
  const declarations = placesOf(file, new RegExp(`(?:^|\\n)(?<declaration>(?:export\\s+)?${DECLARATION}${name}\\b)`));
  const first = declarations[0];
  if (first !== undefined) {
    const start = first.match.index + first.match[0].length - first.match.groups!.declaration!.length;
    const documented = declarations.some(({ match }) => {
      const at = match.index + match[0].length - match.groups!.declaration!.length;
      const comment = /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*$/.exec(file.text.slice(0, at));
      // Not the header of the file: that one is followed by a blank line or an import.
      return comment !== null && !/\*\/\s*\n\s*\n/.test(`${comment[0].slice(-200)}`);
    });
    return { name, place: `${path}:${lineAt(file.text, start)}`, documented };
  }
  // Declared elsewhere and passed on here.
  for (const { specifier } of file.imports) {
    const target = resolve(path, specifier);
    if (target === undefined || hops > 8) continue;
    const mentions = new RegExp(`\\{[^}]*\\b${name}\\b[^}]*\\}\\s*from\\s*['"]${specifier.replaceAll('.', '\\.')}['"]`);
    if (mentions.test(file.uncommented)) return declarationOf(tree, target, name, hops + 1);
  }
  return { name, place: path, documented: false };
}
