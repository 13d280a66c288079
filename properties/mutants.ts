/**
 * Automatic mutants of the compiled tables: what production would be if a chart had been drawn wrong in one place.
 *
 * Each is the tables that ship with one cell or tag changed; the core around them is production code, untouched.
 */
import type { Cell, Charts, Table } from '../machines/chart.ts';
import { compiledCharts } from '../machines/charts.ts';
import { executorTable } from '../machines/compiled/executor.ts';
import { futureTable } from '../machines/compiled/future.ts';
import { workerTable } from '../machines/compiled/worker.ts';
import { tableChart } from '../machines/table-chart.ts';

/** One wrong chart. */
export interface Mutant {
  /** Chart, place and change, as in `worker busy/exited loses startDrainTimer`. */
  readonly id: string;
  readonly charts: Charts;
  readonly tables: Tables;
}

/** The three tables of an executor. */
export interface Tables {
  readonly future: typeof futureTable;
  readonly worker: typeof workerTable;
  readonly executor: typeof executorTable;
}

/** Those that ship. */
export const shippedTables: Tables = { future: futureTable, worker: workerTable, executor: executorTable };

/** A change to one table, in words and as another table. */
interface Change<T> {
  readonly what: string;
  readonly table: T;
}

/** All mutants, always in the same order. */
export function mutants(): Mutant[] {
  const charts = compiledCharts;
  return [
    ...changes(futureTable).map(({ what, table }) => ({
      id: what,
      charts: { ...charts, future: tableChart(table) },
      tables: { ...shippedTables, future: table },
    })),
    ...changes(workerTable).map(({ what, table }) => ({
      id: what,
      charts: { ...charts, worker: tableChart(table) },
      tables: { ...shippedTables, worker: table },
    })),
    ...changes(executorTable).map(({ what, table }) => ({
      id: what,
      charts: { ...charts, executor: tableChart(table) },
      tables: { ...shippedTables, executor: table },
    })),
  ];
}

/** The mutant of that name. @throws RangeError when there is none */
export function mutant(id: string): Mutant {
  const found = mutants().find((it) => it.id === id);
  if (!found) throw new RangeError(`There is no mutant '${id}': has the chart changed?`);
  return found;
}

function changes<Event extends string, Effect extends string, Tag extends string>(
  table: Table<Event, Effect, Tag>,
): Change<Table<Event, Effect, Tag>>[] {
  const list: Change<Table<Event, Effect, Tag>>[] = [];
  const { machine, states, initial } = table;
  for (const [effect, rest] of withoutEach(initial.effects))
    list.push({
      what: `${machine} begins without ${effect}`,
      table: { ...table, initial: { ...initial, effects: rest } },
    });
  states.forEach((name, state) => {
    const row = table.cells[state] as Readonly<Record<Event, Cell<Effect> | null>>;
    for (const event of Object.keys(row) as Event[]) {
      const cell = row[event];
      if (!cell) continue;
      for (const [what, other] of cellChanges(cell, state, states)) {
        const cells = table.cells.map((it, i) => (i === state ? { ...row, [event]: other } : it));
        list.push({ what: `${machine} ${name}/${event} ${what}`, table: { ...table, cells } });
      }
    }
    for (const [tag, rest] of withoutEach(table.tags[state] as readonly Tag[])) {
      const tags = table.tags.map((it, i) => (i === state ? rest : it));
      list.push({ what: `${machine} ${name} is not '${tag}'`, table: { ...table, tags } });
    }
  });
  return list;
}

function cellChanges<Effect extends string>(
  cell: Cell<Effect>,
  state: number,
  states: readonly string[],
): [what: string, cell: Cell<Effect> | null][] {
  const { next, effects } = cell;
  const list: [string, Cell<Effect> | null][] = [['is impossible', null]];
  if (next !== state || effects.length > 0) list.push(['is ignored', { next: state, effects: [] }]);
  // A worker that was released is forgotten: its state is nobody's business any more.
  const isLast = (effects as readonly string[]).includes('release');
  if (next !== state && !isLast) list.push(['stays', { next: state, effects }]);
  const other = (next + 1) % states.length;
  if (other !== state && !isLast) list.push([`leads to ${states[other]}`, { next: other, effects }]);
  for (const [effect, rest] of withoutEach(effects)) list.push([`loses ${effect}`, { next, effects: rest }]);
  for (let i = 0; i + 1 < effects.length; i++) {
    const [a, b] = [effects[i] as Effect, effects[i + 1] as Effect];
    if (isNote(a) || isNote(b)) continue;
    list.push([`does ${b} before ${a}`, { next, effects: effects.with(i, b).with(i + 1, a) }]);
  }
  return list;
}

/** What is only noted inside the core: its place among what is asked of the world shows nowhere. */
function isNote(effect: string): boolean {
  return effect.startsWith('note') || effect === 'reportLost' || effect === 'drop';
}

function withoutEach<T>(list: readonly T[]): [left: T, rest: readonly T[]][] {
  return list.map((left, place) => [left, list.filter((_, i) => i !== place)]);
}
