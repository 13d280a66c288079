/** That the score of the mutants is honest: what lives counts, and only what is explained and lives is set apart. */
import { describe, expect, it } from 'vitest';
import type { Counts } from '../ladder/runtime-mutants.ts';

interface Scored extends Counts {
  readonly errors: number;
  readonly score: number;
}
interface Equivalent {
  readonly file: string;
  readonly line: string;
  readonly from: string;
  readonly to: string;
  readonly why: string;
}
interface RecordModule {
  judge(
    files: object,
    equivalent: readonly Equivalent[],
  ): { perFile: Record<string, Scored>; survivors: { line: number; from: string; to: string }[]; complaints: string[] };
  total(perFile: Record<string, Scored | null>): Scored;
}

// By its URL: a module without types.
const { judge, total } = (await import(new URL('./record.mjs', import.meta.url).href)) as RecordModule;

const file = 'runtime/x.ts';
const source = 'const a = 1;\n  if (a > 0) b();\n';

/** Mutants of `a > 0`, as Stryker reports them. */
const mutant = (status: string, replacement: string): object => ({
  status,
  replacement,
  mutatorName: 'EqualityOperator',
  location: { start: { line: 2, column: 7 }, end: { line: 2, column: 12 } },
});
const filesOf = (...mutants: object[]): object => ({ [file]: { source, mutants } });
const explained = (to: string): Equivalent => ({ file, line: 'if (a > 0) b();', from: 'a > 0', to, why: 'a is 1' });

describe('the score', () => {
  it('counts mutants that no test reaches as living, and those that time out as killed', () => {
    const { perFile, survivors } = judge(
      filesOf(mutant('Killed', '1'), mutant('Timeout', '2'), mutant('Survived', '3'), mutant('NoCoverage', '4')),
      [],
    );
    expect(perFile[file]).toMatchObject({ mutants: 4, killed: 1, timeout: 1, survived: 1, noCoverage: 1, score: 50 });
    expect(survivors).toMatchObject([
      { line: 2, from: 'a > 0', to: '3' },
      { line: 2, from: 'a > 0', to: '4' },
    ]);
  });

  it('leaves out what is explained', () => {
    const { perFile, survivors, complaints } = judge(filesOf(mutant('Killed', 'false'), mutant('Survived', 'true')), [
      explained('true'),
    ]);
    expect(perFile[file]).toMatchObject({ survived: 0, equivalent: 1, score: 100 });
    expect([survivors, complaints]).toEqual([[], []]);
  });

  it('is not rounded up to a floor that is not reached', () => {
    const counts = { mutants: 0, killed: 8_499, timeout: 0, survived: 1_501, noCoverage: 0, equivalent: 0, errors: 0 };
    expect(total({ [file]: { ...counts, score: 0 }, other: null }).score).toBe(84.9);
  });
});

describe('an explanation', () => {
  it('of a mutant that is killed is refused', () => {
    const { perFile, complaints } = judge(filesOf(mutant('Killed', 'true')), [explained('true')]);
    expect(perFile[file]).toMatchObject({ killed: 1, equivalent: 0 });
    expect(complaints).toMatchObject([expect.stringContaining('is killed: take it out.')]);
  });

  it('of a mutant that there is none of is refused, where its file was judged', () => {
    expect(judge(filesOf(), [explained('true')]).complaints).toMatchObject([
      expect.stringContaining('no mutant any more'),
    ]);
    expect(judge({}, [explained('true')]).complaints).toEqual([]);
  });
});
