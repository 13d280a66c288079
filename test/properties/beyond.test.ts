/**
 * Beyond the bound: what is counted as a state of a new kind.
 */
import { describe, expect, it } from 'vitest';
import { kindsIn } from '../../properties/ladder/beyond.ts';

const scope = (workers: number, tasks: number) => ({ workers, tasks, kills: 0, budgets: { terminate: 1 } });

describe('kinds of states', () => {
  it('grow with the number of calls until several wait, and then no more, though the states do', () => {
    const [one, two, three, four] = [1, 2, 3, 4].map((tasks) => kindsIn(scope(1, tasks)));
    expect(two?.kinds.size).toBeGreaterThan(one?.kinds.size ?? 0);
    expect(three?.kinds.size).toBeGreaterThan(two?.kinds.size ?? 0);
    expect([...(four?.kinds ?? [])].sort()).toEqual([...(three?.kinds ?? [])].sort());
    expect(four?.states).toBeGreaterThan(three?.states ?? 0);
  });

  it('tell workers apart by state and calls, and count no more than several of them', () => {
    const { kinds, phases } = kindsIn(scope(2, 2));
    expect(kinds).toContain('running, 0 wait, 1 x busy 1, 1 x idle 0');
    expect(kinds).toContain('running, 0 wait, 2 x busy 1');
    expect(phases).toContain('busy 1 | running, 0 wait');
    expect([...kindsIn(scope(3, 3)).kinds].filter((kind) => kind.includes('3 x'))).toEqual([]);
  });

  it('are not counted in an exploration that was not completed', () => {
    expect(() => kindsIn(scope(2, 2), { maxStates: 20 })).toThrow(/not explored to its end/);
  });
});
