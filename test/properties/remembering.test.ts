/**
 * Charts that remember their last transition: what the coverage of pairs is counted by.
 */
import { describe, expect, it } from 'vitest';
import { compiledCharts } from '../../machines/index.ts';
import { explore } from '../../properties/explorer.ts';
import { mutant } from '../../properties/mutants.ts';
import { allCells, type Passages, rememberingCharts } from '../../properties/remembering.ts';
import { playTape, tapeOf } from '../../properties/tape.ts';

const SCOPE = { workers: 1, tasks: 1, kills: 1, wishes: 1 } as const;
const newPassages = (): Passages => ({ cells: new Map(), pairs: new Map() });

describe('charts that remember', () => {
  it('go the way of the charts that ship: the same events, the same effects', () => {
    const steps = (charts = compiledCharts): string[] => {
      const lines: string[] = [];
      playTape(SCOPE, tapeOf(5, 60), {
        charts,
        invariants: [],
        onEdge: ({ event, effects, core }) => {
          lines.push(`${event.type} ${effects.map(({ type }) => type).join()} ${charts.executor.name(core.executor)}`);
        },
      });
      return lines;
    };
    expect(steps(rememberingCharts(compiledCharts, newPassages()))).toEqual(steps());
    expect(steps().length).toBeGreaterThan(5);
  });

  it('note every transition of the scope, and pairs only of transitions that follow on one machine', () => {
    const passages = newPassages();
    explore(SCOPE, { charts: rememberingCharts(compiledCharts, passages), invariants: [] });
    expect([...passages.cells.keys()].filter((cell) => !allCells.includes(cell))).toEqual([]);
    expect(passages.pairs.has('worker idle/assign > busy/exited')).toBe(true);
    expect(passages.pairs.has('future PENDING/setRunningOrNotifyCancel > RUNNING/setResult')).toBe(true);
    expect(passages.pairs.has('worker idle/assign > idle/exited')).toBe(false);
  });

  it('find fewer pairs where a chart has lost a transition', () => {
    const [whole, less] = [newPassages(), newPassages()];
    explore(SCOPE, { charts: rememberingCharts(compiledCharts, whole), invariants: [] });
    const { charts } = mutant('executor running/terminate is ignored');
    explore(SCOPE, { charts: rememberingCharts(charts, less), invariants: [] });
    expect(less.pairs.size).toBeLessThan(whole.pairs.size);
  });
});
