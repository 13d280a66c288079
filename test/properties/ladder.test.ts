/**
 * Rungs that judge files or mutants: whether they would fail.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { compiledCharts } from '../../machines/index.ts';
import { explore } from '../../properties/explorer.ts';
import { lintOf } from '../../properties/ladder/charts.ts';
import { corpusIn } from '../../properties/ladder/corpus.ts';
import { judgeMutants, kill } from '../../properties/ladder/power.ts';
import { mutant, shippedTables } from '../../properties/mutants.ts';
import { Replay } from '../../properties/replay.ts';
import { uselessness } from '../ladder/counterexamples.ts';

const setting = { isDeep: false, progress() {} };

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'procfutures-ladder-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

const urlOf = (path: string): URL => pathToFileURL(`${path}/`);

describe('L0', () => {
  it.each(['queueMicrotask(f);', 'const t = process.hrtime();', 'globalThis.crypto', 'await x', 'Math . random()'])(
    'finds %s in a machine',
    async (code) => {
      const at = folder();
      writeFileSync(join(at, 'core.js'), `// Date\nexport function step() { ${code} }\n`);
      const { isMet, notes } = await lintOf(urlOf(at)).climb(setting);
      expect(isMet).toBe(false);
      expect(notes.join()).toContain('machines/core.js uses ');
    },
  );

  it('fails where there is nothing to look at', async () => {
    expect(await lintOf(urlOf(folder())).climb(setting)).toMatchObject({ isMet: false });
  });
});

describe('L9b', () => {
  it('fails on a mutant that nothing kills and nobody has explained', () => {
    const same = { id: 'nothing is changed', charts: compiledCharts, tables: shippedTables };
    const { isMet, notes } = judgeMutants([mutant('executor running/shutdown is ignored'), same], setting);
    expect({ isMet, notes }).toEqual({ isMet: false, notes: ['survives: nothing is changed'] });
    // All small scopes are explored whole before it counts as a survivor: 4 s where nothing else runs.
  }, 60_000);

  it('fails on a mutant that is explained as a survivor and is killed', () => {
    const { charts, tables } = mutant('executor running/shutdown is ignored');
    const { isMet, notes } = judgeMutants([{ id: 'worker dead is not dead', charts, tables }], {
      ...setting,
      isDeep: true,
    });
    expect(isMet).toBe(false);
    expect(notes[0]).toMatch(/^explained as a survivor, and killed by /);
  });
});

describe('L11', () => {
  const planted = mutant('worker busy/exited is ignored');
  const found = kill(planted);
  const json = (change: object) =>
    JSON.stringify({ scope: found?.scope, run: found?.violation.run, violated: 'P2', why: '', ...change });

  it('passes a counterexample', () => {
    expect(uselessness(json({}), planted)).toBeUndefined();
  });

  it.each([
    ['another promise', { violated: 'I1' }, /breaks P2, not I1/],
    ['a run that stops too early', { run: ['submit', 'spawned 0'] }, /after 2 of 2 moves it breaks nothing/],
  ])('fails on %s', (_, change, why) => {
    expect(uselessness(json(change), planted)).toMatch(why);
  });

  it('fails on a bug that the charts have which ship', () => {
    expect(uselessness(json({}), { ...planted, charts: compiledCharts })).toMatch(/breaks nothing, not P2/);
  });
});

describe('a scope', () => {
  it.each([
    [{ workers: 1, tasks: 1, kill: 1 }, "A scope has no 'kill'"],
    [{ workers: 0, tasks: 1, kills: 0 }, 'The workers of a scope must be a whole number from 1, not 0.'],
    [{ workers: 1, tasks: 1 }, 'The kills of a scope must be a whole number from 0, not undefined.'],
    [{ workers: 1, tasks: 1, kills: 0, budgets: { cancels: 1 } }, "The budgets of a scope have no 'cancels'"],
    [{ workers: 1, tasks: 1, kills: 0, budgets: { cancel: -1 } }, "The budget of 'cancel' must be a whole number"],
    [null, 'A scope is an object'],
  ])('is refused where it is wrong: %j', (scope, why) => {
    expect(() => explore(scope as never)).toThrow(why);
    expect(() => new Replay(scope as never, [])).toThrow(why);
  });
});

describe('a replay', () => {
  const run = ['submit', 'spawned 0', 'boot 0', 'read 0'];
  const scope = { workers: 1, tasks: 1, kills: 0 };

  it('goes forward and back, and is where it was', () => {
    const replay = new Replay(scope, run);
    const names: string[] = [];
    do names.push(nameOf(replay));
    while (replay.forward());
    expect(names).toEqual(['no worker', 'spawning', 'booting', 'booting', 'busy']);
    while (replay.back()) expect(nameOf(replay)).toBe(names[replay.position]);
    expect(replay.position).toBe(0);
    replay.goTo(2);
    expect(replay.edge?.event.type).toBe('spawned');
  });

  it('skips no move that cannot be made, and says what can', () => {
    const replay = new Replay(scope, ['submit', 'boot 0']);
    expect(() => replay.goTo(2)).toThrow("Move 2, 'boot 0', cannot be made here. What can: spawned 0");
    expect(() => new Replay(scope, ['frob 1'])).toThrow("There is no move 'frob 1'.");
  });

  it('says at its end what is owed', () => {
    const { charts } = mutant('executor running/shutdown is ignored');
    const replay = new Replay({ ...scope, tasks: 0, budgets: { shutdown: 1 } }, ['shutdown'], charts);
    replay.goTo(1);
    expect(replay.breach).toBeDefined();
  });

  function nameOf({ world: { core } }: Replay): string {
    const [worker] = core.workers.values();
    return worker ? core.charts.worker.name(worker.state) : 'no worker';
  }
});

describe('L12', () => {
  const copy = (change: (at: string) => void): ReturnType<ReturnType<typeof corpusIn>['climb']> => {
    const at = folder();
    cpSync(new URL('../corpus', import.meta.url), at, { recursive: true });
    change(at);
    return corpusIn(urlOf(at)).climb(setting);
  };
  const edit = (at: string, name: string, change: (it: Record<string, never>) => object): void => {
    const file = join(at, name);
    writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, 'utf8')))));
  };
  const entry = 'result-after-exit-is-lost';

  it('passes as it is', async () => {
    expect(await copy(() => {})).toMatchObject({ isMet: true, notes: [] });
  });

  it.each<[string, (at: string) => void, RegExp]>([
    ['an entry that is gone', (at) => rmSync(join(at, `${entry}.json`)), /was acknowledged and is not there/],
    [
      'words that are no move',
      (at) => edit(at, `${entry}.json`, (it) => ({ ...it, run: ['frob 1'] })),
      /no move 'frob 1'/,
    ],
    [
      'a move that cannot be',
      (at) => edit(at, `${entry}.json`, (it) => ({ ...it, run: ['boot 0'] })),
      /cannot be made/,
    ],
    [
      'a mutant that is found by another promise',
      (at) => edit(at, `${entry}.json`, (it) => ({ ...it, violated: 'I1' })),
      /no longer breaks I1/,
    ],
    [
      'another graph',
      (at) =>
        edit(at, 'digest.json', (it) => ({
          ...it,
          graphs: [{ scope: { workers: 1, tasks: 1, kills: 0 }, states: 1, digest: 'x' }],
        })),
      /the graph of W1 T1 K0.* has changed: \d+ states/,
    ],
  ])('fails on %s', async (_, change, why) => {
    const { isMet, notes } = await copy(change);
    expect(isMet).toBe(false);
    expect(notes.join('\n')).toMatch(why);
  });
});
