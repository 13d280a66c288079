/**
 * Random runs: data that replays and shrinks.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compiledCharts } from '../../machines/index.ts';
import { arbitraries } from '../../properties/arbitraries.ts';
import { explore, replayRun } from '../../properties/explorer.ts';
import { readCorpus } from '../../properties/ladder/corpus.ts';
import { judgeLoneFuture } from '../../properties/lone-future.ts';
import type { Scope } from '../../properties/moves.ts';
import { mutant, mutants } from '../../properties/mutants.ts';
import { report, sequenceDiagram } from '../../properties/report.ts';
import { playTape, shrinkRun, tapeOf } from '../../properties/tape.ts';

const SCOPE: Scope = { workers: 2, tasks: 4, kills: 1, wishes: 2, faults: 2 };
const BUG = 'worker terminating.termed/timerFired is ignored';

describe('a choice tape', () => {
  it('is played to the end, and keeps every promise', () => {
    let moves = 0;
    for (let seed = 0; seed < 300; seed++) {
      const { run, violation } = playTape(SCOPE, tapeOf(seed, 60));
      expect(violation).toBeUndefined();
      moves += run.length;
    }
    expect(moves / 300).toBeGreaterThan(12);
  });

  it('makes the same run each time', () => {
    expect(playTape(SCOPE, tapeOf(3, 60))).toEqual(playTape(SCOPE, tapeOf(3, 60)));
  });

  it('finds a planted bug, and shrinks it to a run as short as the shortest', () => {
    const { charts } = mutant(BUG);
    const scope: Scope = { workers: 1, tasks: 1, kills: 0, wishes: 1, faults: 1 };
    const shortest = explore(scope, { charts }).violation;
    const found = Array.from({ length: 1_000 }, (_, seed) => playTape(scope, tapeOf(seed, 30), { charts }).violation);
    const violation = found.find((it) => it?.invariant.id === shortest?.invariant.id);
    if (!violation) throw new Error('the tapes did not find it');
    expect(shrinkRun(scope, violation, charts).run.length).toBeLessThanOrEqual((shortest?.run.length ?? 0) * 1.5);
  });

  it('is an arbitrary of fast-check, whose failure says how to see it again', () => {
    const small: Scope = { workers: 1, tasks: 1, kills: 0, wishes: 1 };
    const { charts } = mutant('executor running/shutdown is ignored');
    fc.assert(arbitraries(fc).promises(SCOPE), { numRuns: 50, seed: 1 });
    const failing = fc.check(arbitraries(fc).promises(small, charts), { numRuns: 500, seed: 1 });
    expect(failing.failed).toBe(true);
    expect(String(failing.errorInstance)).toMatch(/I30 is broken[\s\S]*shutdown: shutdown -> [\s\S]*replayRun\(/);
  });
});

describe('a counterexample', () => {
  const { charts } = mutant(BUG);
  const scope: Scope = { workers: 1, tasks: 1, kills: 0, wishes: 1, faults: 1 };

  it('is told in dense lines and drawn as a sequence diagram', () => {
    const { violation } = explore(scope, { charts });
    if (!violation) throw new Error('the planted bug was not found');
    const text = report(scope, violation, charts);
    expect(text).toContain('terminate: terminate -> publish c0, SIGTERM w0, grace timer w0');
    expect(text, 'where it comes from').toMatch(/^ {2}Source: \S/m);
    expect(text, 'the cells of its last step').toMatch(/^ {2}worker terminating\.termed\/timerFired -> /m);
    expect(sequenceDiagram(scope, violation.run, charts)).toContain(
      'User->>Core: terminate\n  Core-->>User: publish c0',
    );
  });

  it.each(readCorpus(new URL('../corpus/', import.meta.url)).own.map((entry) => [entry.id, entry] as const))(
    'of the corpus replays: %s',
    (_, { scope: within, run, violated, mutant: id }) => {
      expect(replayRun(within, run)).toBeUndefined();
      if (id !== undefined) expect(replayRun(within, run, mutant(id).charts)?.invariant.id).toBe(violated);
    },
  );
});

describe('a lone future', () => {
  it('is the one of CPython, and every mutant of its chart is noticed', () => {
    expect(judgeLoneFuture(compiledCharts)).toBeUndefined();
    const ofFutures = mutants().filter(({ id }) => id.startsWith('future '));
    expect(ofFutures.length).toBeGreaterThan(50);
    expect(ofFutures.filter(({ charts }) => judgeLoneFuture(charts) === undefined).map(({ id }) => id)).toEqual([]);
  });
});
