/**
 * Whether the promises are inductive, and whether it would be seen if they were not.
 */
import { describe, expect, it } from 'vitest';
import { invariants } from '../../properties/catalogue.ts';
import { explore, exploreAndKeep } from '../../properties/explorer.ts';
import { induce } from '../../properties/ladder/induction.ts';
import { mutant } from '../../properties/mutants.ts';
import { joined, partsOf } from '../../properties/parts.ts';

const SCOPE = { workers: 1, tasks: 1, kills: 1, wishes: 1, faults: 1 };

describe('an inside in parts', () => {
  it('joins again to what it was, for every inside that two workers can come to', () => {
    const { cores } = exploreAndKeep({ workers: 2, tasks: 2, kills: 1, budgets: { terminate: 1, garbage: 1 } });
    const workers = new Set<number>();
    for (let id = 0; id < cores.size; id++) {
      const parts = partsOf(cores.rowOf(id));
      expect([...joined(parts)]).toEqual([...cores.rowOf(id)]);
      workers.add(parts.workers.length);
    }
    expect([...workers].sort()).toEqual([0, 1, 2]);
  });
});

describe('induction', () => {
  it('goes through: from whatever state keeps every promise, each step leads to one that does', () => {
    const { reached, combined, kept, steps, broken } = induce(SCOPE);
    expect([...broken]).toEqual([]);
    expect(kept).toBeGreaterThan(reached);
    expect(combined).toBeGreaterThan(kept);
    expect(steps).toBeGreaterThan(10 * kept);
  });

  it('does not go through without the promise that nothing is open where nothing is handed out', () => {
    const weaker = invariants.filter(({ id }) => id !== 'I37');
    const { broken } = induce(SCOPE, { promises: weaker });
    expect([...broken.keys()]).toEqual(expect.arrayContaining(['I31', 'I33']));
    expect(broken.get('I31')).toMatch(/are left, after '\w+' in 'shuttingDown\.stopping', \d waiting, workers: /);
  });

  it('sees a chart that is wrong only where no run of the scope leads', () => {
    const quiet = { workers: 1, tasks: 1, kills: 0 };
    const { charts } = mutant('executor running/terminate is ignored');
    expect(explore(quiet, { charts }).violation).toBeUndefined();
    expect([...induce(quiet, { charts }).broken.keys()]).toContain('I30');
    expect([...induce(quiet).broken]).toEqual([]);
  });
});
