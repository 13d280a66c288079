/**
 * A reporter of vitest that judges docs/guarantees.md by the tests that ran: what the page names must have passed, and
 * the page must be the one that these tests write. A run of some tests only is not judged.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Reporter, TestModule } from 'vitest/node';
import { invariants } from '../../properties/catalogue.ts';
import { LIVENESS, NO_CRASH } from '../../properties/rest.ts';
import { complaints, filesCited, page, type Ran } from './page.ts';

const PAGE = fileURLToPath(new URL('../../docs/guarantees.md', import.meta.url));
const TESTS = fileURLToPath(new URL('..', import.meta.url));

/** Judges the page, or writes it. */
export class Guarantees implements Reporter {
  readonly #writes: boolean;

  constructor({ writes = false }: { writes?: boolean } = {}) {
    this.#writes = writes;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap(testsOf);
    if (isPartial(tests)) {
      if (this.#writes)
        fail([
          'a test that it is made of did not run: leave out what chooses tests, and add the file to the script in package.json',
        ]);
      return;
    }
    const known = { tests, properties: properties(), rungs: rungs() };
    const found = complaints(known);
    if (found.length > 0) return fail(found);
    const text = page(known);
    if (this.#writes) writeFileSync(PAGE, text);
    else if (readFileSync(PAGE, 'utf8') !== text)
      fail(['it is out of step with the tests that ran: run npm run guarantees, and read what has changed in it']);
  }
}

function fail(found: readonly string[]): void {
  process.exitCode = 1;
  console.error(['', 'FAIL docs/guarantees.md', ...found.map((it) => `  ${it}`), ''].join('\n'));
}

function testsOf(module: TestModule): Ran[] {
  const file = relative(TESTS, module.moduleId).replace(/\.test\.ts$/, '');
  return [...module.children.allTests()].map((test) => ({ file, title: test.name, state: test.result().state }));
}

/** Whether files or tests were chosen: no test of the project is ever skipped otherwise. */
function isPartial(tests: readonly Ran[]): boolean {
  const files = new Set(tests.map(({ file }) => file));
  return [...filesCited()].some((file) => !files.has(file)) || tests.some(({ state }) => state === 'skipped');
}

function properties(): Set<string> {
  return new Set([...invariants, LIVENESS, NO_CRASH].map(({ id }) => id));
}

/** The first cell of each row of its tables. */
function rungs(): Set<string> {
  const text = readFileSync(new URL('../../docs/verification.md', import.meta.url), 'utf8');
  return new Set([...text.matchAll(/^\| (L\d+\w?) \|/gm)].map(([, id]) => id as string));
}

/** Loaded by name: the reporter of every run. */
export default Guarantees;
