/**
 * The house rules, asked of the sources themselves. Each failure names the place and says what to do; the rules live in
 * `tidy/rules.ts`, and `tidy/rules.test.ts` shows that each can fail.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { executorMachine } from '../machines/executor.ts';
import { futureMachine } from '../machines/future.ts';
import { workerMachine } from '../machines/worker.ts';
import * as rules from './tidy/rules.ts';
import { readTree } from './tidy/source.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

const shipped = readTree(root, ['machines', 'runtime', 'properties']);
const sources = readTree(root, ['machines', 'runtime', 'properties', 'examples', 'bench', 'docs']);
const everything = readTree(root, ['machines', 'runtime', 'properties', 'examples', 'bench', 'docs', 'test', '.ci']);

const entries = [
  'runtime/index.ts',
  'machines/index.ts',
  'properties/index.ts',
  'runtime/simulation/index.ts',
  'runtime/worker/index.ts',
];

/** The keys of all states of a machine, nested ones included. */
function stateNames(node: { readonly states?: object }): string[] {
  return Object.entries(node.states ?? {}).flatMap(([name, child]) => [name, ...stateNames(child)]);
}

const states = new Set([futureMachine, workerMachine, executorMachine].flatMap((machine) => stateNames(machine)));

describe('who imports whom', () => {
  it('the sources are all there to be judged', () => {
    expect(entries.filter((path) => !shipped.has(path))).toEqual([]);
    expect(rules.danglingImports(everything)).toEqual([]);
  });

  it('properties -> machines <- runtime, and what each folder may know besides', () => {
    expect(rules.importDirections(sources)).toEqual([]);
  });

  it('no file imports itself, by whatever way round', () => {
    expect(rules.importCycles(everything)).toEqual([]);
  });

  it('the main entry, the simulation and the workers load no XState', () => {
    const light = [...entries.filter((path) => path.startsWith('runtime/'))];
    light.push(...[...shipped.keys()].filter((path) => path.startsWith('runtime/worker/')));
    expect(rules.noXstateBehind(shipped, light)).toEqual([]);
    // The same question to an entry that does load it, so that an empty answer means something.
    expect(rules.noXstateBehind(shipped, ['machines/index.ts'])).not.toEqual([]);
  });

  it('the package imports only what it installs', () => {
    const declared = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)];
    expect(rules.undeclaredPackages(shipped, declared)).toEqual([]);
  });
});

describe('what is public', () => {
  it('a folder is a public entry exactly when it holds an index.ts', () => {
    expect(rules.publicEntries(sources, manifest.exports)).toEqual([]);
  });

  it('there are five public entries, and package.json', () => {
    expect(Object.keys(manifest.exports)).toEqual([
      '.',
      './machines',
      './properties',
      './simulation',
      './worker',
      './package.json',
    ]);
  });

  it('every public export has a TSDoc comment', () => {
    expect(rules.undocumentedExports(shipped, entries)).toEqual([]);
  });
});

describe('machines decide', () => {
  it('machines/ has no clock, chance, timer, promise or outside', () => {
    expect(rules.impurities(sources)).toEqual([]);
  });

  it('outside the charts and their tables, no code compares the name of a state', () => {
    expect(states).toContain('CANCELLED_AND_NOTIFIED');
    expect(states).toContain('shuttingDown');
    expect(states).toContain('retiring');
    expect(rules.stateComparisons(shipped, states)).toEqual([]);
  });
});

describe('what the sources look like', () => {
  it('no file of the package has more than 300 lines or a line of more than 120 columns', () => {
    expect(rules.fileSizes(shipped)).toEqual([]);
  });

  it('no file is a dumping ground', () => {
    expect(rules.dumpingGrounds(shipped)).toEqual([]);
  });

  it('nothing is marked as unfinished', () => {
    expect(rules.unfinishedWork(everything)).toEqual([]);
  });

  it('no test is silenced, singled out or retried', () => {
    expect(rules.silencedTests(everything)).toEqual([]);
  });
});
