/** The table as a chart: look-ups that answer, or refuse by name. */
import { describe, expect, it } from 'vitest';
import { ImpossibleEvent, type Table } from '../../machines/chart.ts';
import { compiledCharts } from '../../machines/charts.ts';
import { executorTable } from '../../machines/compiled/executor.ts';
import { futureTable } from '../../machines/compiled/future.ts';
import { workerTable } from '../../machines/compiled/worker.ts';
import { tableChart } from '../../machines/table-chart.ts';

type Event = 'push' | 'pull';
const door: Table<Event, 'creak', 'light' | 'shut'> = {
  machine: 'door',
  states: ['open', 'closed.locked'],
  initial: { next: 1, effects: [] },
  tags: [['light'], ['shut']],
  cells: [
    { push: { next: 1, effects: ['creak'] }, pull: null },
    { push: { next: 1, effects: [] }, pull: { next: 0, effects: ['creak'] } },
  ],
};

describe('a chart from a table', () => {
  const chart = tableChart(door);

  it('answers with the cells of the table themselves, and allocates nothing', () => {
    expect(chart.initial).toBe(door.initial);
    expect(chart.transition(0, 'push')).toBe(door.cells[0]?.push);
    expect(chart.transition(1, 'pull')).toBe(door.cells[1]?.pull);
  });

  it('throws where the event is impossible, and names machine, state and event', () => {
    expect(() => chart.transition(0, 'pull')).toThrow(ImpossibleEvent);
    expect(() => chart.transition(0, 'pull')).toThrow("the door chart says that 'pull' cannot happen in 'open'");
  });

  it('throws for an event and for a state that it does not know', () => {
    expect(() => chart.transition(0, 'kick' as Event)).toThrow("'kick' cannot happen in 'open'");
    expect(() => chart.transition(7, 'push')).toThrow("'push' cannot happen in '#7'");
    expect(chart.name(7)).toBe('#7');
  });

  it('knows the tags of each state, and none of a state that does not exist', () => {
    expect([0, 1, 7].map((state) => chart.has(state, 'light'))).toEqual([true, false, false]);
    expect([0, 1, 7].map((state) => chart.has(state, 'shut'))).toEqual([false, true, false]);
    expect(chart.has(0, 'painted' as 'light')).toBe(false);
  });

  it('has the path of a state as its name', () => {
    expect([chart.name(0), chart.name(1)]).toEqual(['open', 'closed.locked']);
  });
});

describe('the charts that ship', () => {
  it.each([futureTable, workerTable, executorTable])('have few enough tags for one bit each: $machine', ({ tags }) => {
    expect(new Set<string>(tags.flat()).size).toBeLessThanOrEqual(31);
  });

  it.each([futureTable, workerTable, executorTable])('have one row and one list of tags a state: $machine', (table) => {
    expect(table.cells).toHaveLength(table.states.length);
    expect(table.tags).toHaveLength(table.states.length);
    expect(new Set<string>(table.states).size).toBe(table.states.length);
  });

  it('follow a future from PENDING to FINISHED', () => {
    const { future } = compiledCharts;
    const running = future.transition(future.initial.next, 'setRunningOrNotifyCancel').next;
    expect(future.has(running, 'running')).toBe(true);
    const { next, effects } = future.transition(running, 'setResult');
    expect([future.name(next), future.has(next, 'done'), effects]).toEqual(['FINISHED', true, ['publish']]);
  });
});
