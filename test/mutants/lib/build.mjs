/**
 * Compiles the project and its mutants into a temporary directory; the project's own dist/ is never touched.
 *
 * The sources are patched, not the built code: snippets read as the sources do, and cannot be out of step with them. One run
 * of the compiler makes all mutants, since it erases types file by file.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { patchedFiles } from './catalogue.mjs';

/** A place for everything that is built; `remove` takes it away. */
export function makeWorkshop(root) {
  const dir = mkdtempSync(join(tmpdir(), 'procfutures-mutants-'));
  writeFileSync(join(dir, 'package.json'), '{ "type": "module" }\n');
  symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'));
  return { root, dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

function compile(root, args) {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  execFileSync(process.execPath, [compiler, ...args, '--noCheck', '--declaration', 'false', '--sourceMap', 'false'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

/** The project as it is, compiled. */
export function buildBase({ root, dir }) {
  const base = join(dir, 'base');
  compile(root, ['-p', join(root, 'tsconfig.json'), '--outDir', base]);
  return base;
}

/** The changed files of each entry, compiled: a map from id to a directory that holds only those. */
export function buildMutants({ root, dir }, entries) {
  const [sources, out] = [join(dir, 'sources'), join(dir, 'changed')];
  for (const entry of entries)
    for (const [file, text] of patchedFiles(entry, root)) {
      const path = join(sources, entry.id, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { rootDir: sources, outDir: out, noResolve: true, types: [] },
    include: [sources],
  };
  writeFileSync(join(dir, 'tsconfig.json'), JSON.stringify(config));
  if (entries.length > 0) compile(root, ['-p', join(dir, 'tsconfig.json')]);
  return new Map(entries.map(({ id }) => [id, join(out, id)]));
}

/** A whole mutant, ready to be explored: the base with the changed files in place. */
export function assemble({ dir }, base, changed, id) {
  const mutant = join(dir, 'mutants', id);
  for (const folder of ['machines', 'properties'])
    cpSync(join(base, folder), join(mutant, folder), { recursive: true });
  cpSync(changed, mutant, { recursive: true });
  return mutant;
}
