/**
 * L0 to L2: the charts themselves, before anything is composed of them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import type { AnyStateMachine } from 'xstate';
import { compile, lintMachine } from '../../machines/compile.ts';
import { compiledCharts, executorMachine, futureMachine, liveCharts, workerMachine } from '../../machines/index.ts';
import { judgeLoneFuture } from '../lone-future.ts';
import { mutant, shippedTables } from '../mutants.ts';
import { tapeOf } from '../tape.ts';
import { IMPURE } from './impure.ts';
import { chartsOf, grouped, type Rung, type Setting } from './rung.ts';

interface AnyTable {
  readonly machine: string;
  readonly states: readonly string[];
  readonly initial: { readonly next: number };
  readonly cells: readonly Readonly<
    Record<string, { readonly next: number; readonly effects: readonly string[] } | null>
  >[];
}

const MACHINES: readonly AnyStateMachine[] = [futureMachine, workerMachine, executorMachine];
/** In the order of the machines. */
function tablesOf({ planted }: Pick<Setting, 'planted'>): readonly AnyTable[] {
  const { future, worker, executor } = planted === undefined ? shippedTables : mutant(planted).tables;
  return [future, worker, executor];
}
/** Where the compiled machines lie, seen from the compiled ladder. */
const COMPILED = '../../machines/';

/** L0. */
export const lint: Rung = lintOf(new URL(COMPILED, import.meta.url));

/** L0 of the compiled machines in that folder. */
export function lintOf(folder: URL): Rung {
  return {
    id: 'L0',
    what: 'the charts follow the house rules, and machines/ has no clock, chance, promise or timer',
    floor: '0 violations',
    doesNotShow: 'that the charts are right',
    climb: () => {
      const notes = MACHINES.flatMap((machine) => lintMachine(machine));
      const files = readdirSync(folder).filter((name) => name.endsWith('.js') && name !== 'compile-cli.js');
      for (const name of files) {
        const code = readFileSync(new URL(name, folder), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*|'[^'\n]*'/g, '');
        for (const [pattern, instead] of IMPURE) {
          const found = pattern.exec(code);
          if (found) notes.push(`machines/${name} uses ${found[0]}: ${instead}`);
        }
      }
      if (files.length === 0) notes.push('no file of machines/ was found');
      return {
        number: `${notes.length} violations in ${files.length} files`,
        isMet: notes.length === 0,
        notes,
        data: {},
      };
    },
  };
}

/** States from which there should be no way back, by machine; a future that is CANCELLED has still to be notified. */
const ENDS: Readonly<Record<string, RegExp>> = {
  future: /^(?:CANCELLED_AND_NOTIFIED|FINISHED)$/,
  worker: /^dead$/,
  executor: /^joined\./,
};

/** Ways out of final states. */
function openEnds({ machine, states, cells }: AnyTable): string[] {
  const ends = states.flatMap((name, state) => (ENDS[machine]?.test(name) ? [{ name, state }] : []));
  if (ends.length === 0) return [`${machine}: no state is final`];
  return ends.flatMap(({ name, state }) =>
    Object.entries(cells[state] ?? {})
      .filter(([, cell]) => cell && cell.next !== state)
      .map(([event, cell]) => `${machine}: '${name}' is final, and ${event} leads to '${states[cell?.next ?? -1]}'`),
  );
}

/** L1, per machine; the composed half is with L10. */
export const reachability: Rung = {
  id: 'L1',
  what: 'every state of each chart can be reached, every final state is closed; a lone future is CPython’s',
  floor: '100 %',
  doesNotShow: 'that a state is reached within a running pool: see L10',
  climb: (setting) => {
    const notes: string[] = [];
    let [states, reached, transitions] = [0, 0, 0];
    for (const table of tablesOf(setting)) {
      const seen = new Set<number>();
      const open = [table.initial.next];
      for (let state = open.pop(); state !== undefined; state = open.pop()) {
        if (seen.has(state)) continue;
        seen.add(state);
        for (const cell of Object.values(table.cells[state] ?? {})) {
          if (!cell) continue;
          transitions++;
          open.push(cell.next);
        }
      }
      states += table.states.length;
      reached += seen.size;
      table.states.forEach((name, i) => {
        if (!seen.has(i)) notes.push(`${table.machine}: '${name}' cannot be reached`);
      });
      notes.push(...openEnds(table));
    }
    const future = judgeLoneFuture(chartsOf(setting) ?? compiledCharts);
    if (future !== undefined) notes.push(`the future chart: ${future}`);
    const data = { states, reached, transitions };
    return {
      number: `${reached} of ${states} states, ${transitions} transitions`,
      isMet: notes.length === 0,
      notes,
      data,
    };
  },
};

/** L2. */
export const equality: Rung = {
  id: 'L2',
  what: 'the compiled tables equal the XState machines: every cell, and random walks on both',
  floor: 'all cells, 0 divergences',
  doesNotShow: 'anything about XState itself, which is trusted to be what runs in Stately’s tools',
  climb: (setting) => {
    const notes: string[] = [];
    const [charts, tables] = [chartsOf(setting) ?? compiledCharts, tablesOf(setting)];
    const diverged = new Set<string>();
    let cells = 0;
    MACHINES.forEach((machine, i) => {
      const [fresh, shipped] = [compile(machine), tables[i]];
      cells += fresh.cells.reduce((sum, row) => sum + Object.keys(row).length, 0);
      if (JSON.stringify(fresh) !== JSON.stringify(shipped)) notes.push(...differences(fresh, shipped as AnyTable));
    });
    const steps = setting.isDeep ? 20_000 : 2_000;
    for (const chart of ['future', 'worker', 'executor'] as const) {
      const [compiled, live] = [charts[chart], liveCharts[chart]];
      const table = tables.find(({ machine }) => machine === chart) as AnyTable;
      let state = compiled.initial.next;
      for (const number of tapeOf(7, steps)) {
        const row = table.cells[state] as AnyTable['cells'][number];
        const events = Object.keys(row).filter((event) => row[event]);
        const event = events[number % events.length] as never;
        if (events.length === 0) state = compiled.initial.next;
        if (events.length === 0) continue;
        const [a, b] = [compiled.transition(state, event), live.transition(state, event)];
        if (JSON.stringify(a) !== JSON.stringify(b))
          diverged.add(`${chart} ${compiled.name(state)}/${event}: the live machine goes another way than the table`);
        state = a.next;
      }
    }
    const divergences = notes.length + diverged.size;
    const number = `${cells} cells, ${grouped(3 * steps)} random transitions, ${divergences} divergences`;
    notes.push(...diverged);
    return { number, isMet: divergences === 0 && cells > 300, notes, data: { cells, steps: 3 * steps } };
  },
};

/** Where a machine and the table that is checked in differ, and what to do. */
function differences(fresh: AnyTable, shipped: AnyTable): string[] {
  const cellsOf = ({ machine, states, cells }: AnyTable): Map<string, string> =>
    new Map(
      cells.flatMap((row, state) =>
        Object.entries(row).map(([event, cell]) => {
          const words = cell ? [`-> ${states[cell.next]}`, ...cell.effects].join(', ') : 'impossible';
          return [`${machine} ${states[state]}/${event}`, words] as const;
        }),
      ),
    );
  const [machine, table] = [cellsOf(fresh), cellsOf(shipped)];
  const list = [...new Set([...machine.keys(), ...table.keys()])]
    .filter((cell) => machine.get(cell) !== table.get(cell))
    .map((cell) => `${cell}: the machine says '${machine.get(cell) ?? 'nothing'}', the table '${table.get(cell)}'`);
  return [
    `machines/compiled/${fresh.machine}.ts, which is what runs, was not compiled from machines/${fresh.machine}.ts ` +
      "as it is. If the change of the machine is meant, run 'npm run tables' and verify again.",
    ...(list.length > 0 ? list.slice(0, 10) : ['a tag, the order of states or the beginning differs']),
  ];
}
