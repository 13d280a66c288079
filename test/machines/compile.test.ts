/** Table = machine: a proof by cases, over every state and every event. */
import { readFileSync } from 'node:fs';
import { getAdjacencyMap as separateMap } from '@xstate/graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, createActor, createMachine, setup } from 'xstate';
import { getAdjacencyMap as builtInMap } from 'xstate/graph';
import { type Chart, ImpossibleEvent } from '../../machines/chart.ts';
import { compiledCharts } from '../../machines/charts.ts';
import {
  compile,
  eventsOf,
  isImpossible,
  leafStates,
  lintMachine,
  pathOf,
  pathOfValue,
  printTable,
  tagsOf,
} from '../../machines/compile.ts';
import { executorMachine } from '../../machines/executor.ts';
import { futureMachine } from '../../machines/future.ts';
import { liveCharts } from '../../machines/live-charts.ts';
import { workerMachine } from '../../machines/worker.ts';

type AnyChart = Chart<string, string, string>;
const anyChart = (chart: unknown): AnyChart => chart as AnyChart;

const subjects = ([futureMachine, workerMachine, executorMachine] as AnyStateMachine[]).map((machine) => ({
  id: machine.id,
  machine,
  compiled: anyChart(compiledCharts[machine.id as keyof typeof compiledCharts]),
  live: anyChart(liveCharts[machine.id as keyof typeof liveCharts]),
}));

/** What a chart answers, a refusal included, so that two charts can be compared. */
function ask(chart: AnyChart, state: number, event: string): unknown {
  try {
    return chart.transition(state, event);
  } catch (error) {
    if (error instanceof ImpossibleEvent) return { impossible: error.message };
    throw error;
  }
}

describe.each(subjects)('the $id table', ({ machine, compiled, live }) => {
  const leaves = leafStates(machine);
  const events = eventsOf(machine);

  it('says what the machine says, for every state and every event', () => {
    let possible = 0;
    for (const [state, leaf] of leaves.entries())
      for (const event of events) {
        const answer = ask(compiled, state, event);
        expect(answer, `${event} in ${pathOf(leaf)}: run 'npm run tables'`).toEqual(ask(live, state, event));
        expect('impossible' in (answer as object)).toBe(isImpossible(leaf, event));
        if (!isImpossible(leaf, event)) possible++;
      }
    expect(possible).toBeGreaterThan(leaves.length);
  });

  it('begins where the machine begins, and asks for the same', () => {
    expect(compiled.initial).toEqual(live.initial);
    expect(compiled.name(compiled.initial.next)).toBe(pathOfValue(machine.getInitialSnapshot({} as never).value));
  });

  it('has the names and the tags of the machine', () => {
    const tags = new Set(leaves.flatMap(tagsOf));
    expect(tags.size).toBeGreaterThan(0);
    for (const [state, leaf] of leaves.entries()) {
      expect(compiled.name(state)).toBe(pathOf(leaf));
      expect(live.name(state)).toBe(pathOf(leaf));
      for (const tag of tags) {
        expect(compiled.has(state, tag), `${pathOf(leaf)} has '${tag}'`).toBe(tagsOf(leaf).includes(tag));
        expect(live.has(state, tag)).toBe(tagsOf(leaf).includes(tag));
      }
    }
  });

  it('is checked in as the compiler prints it', () => {
    const text = readFileSync(new URL(`../../machines/compiled/${machine.id}.ts`, import.meta.url), 'utf8');
    const message = `machines/compiled/${machine.id}.ts is out of date: run 'npm run tables'`;
    expect(text === printTable(machine), message).toBe(true);
  });

  it('agrees with a living XState actor on random walks to the end', () => {
    const effects = new Set(
      [compiled.initial, ...compile(machine).cells.flatMap(Object.values)].flatMap((cell) => cell?.effects ?? []),
    );
    const walk = fc.array(fc.nat({ max: 255 }), { minLength: 60, maxLength: 80, size: 'max' });
    let finals = 0;
    fc.assert(
      fc.property(walk, (tape) => {
        const asked: string[] = [];
        const actions = Object.fromEntries([...effects].map((name) => [name, () => void asked.push(name)]));
        const actor = createActor(machine.provide({ actions } as never));
        actor.start();
        let state = compiled.initial.next;
        expect(asked.splice(0)).toEqual(compiled.initial.effects);
        for (const choice of tape) {
          if (actor.getSnapshot().status === 'done') break;
          const possible = events.filter((event) => !isImpossible(leaves[state]!, event));
          const event = possible[choice % possible.length]!;
          const cell = compiled.transition(state, event);
          actor.send({ type: event });
          state = cell.next;
          expect(pathOfValue(actor.getSnapshot().value)).toBe(compiled.name(state));
          expect(asked.splice(0)).toEqual(cell.effects);
        }
        if (leaves[state]?.type === 'final') finals++;
        actor.stop();
      }),
      { seed: 20260, numRuns: 100 },
    );
    expect(finals, 'the walks are too short to end').toBeGreaterThan(0);
  });
});

describe.each(subjects)('the $id machine', ({ machine }) => {
  it('keeps the rules for machines', () => {
    expect(lintMachine(machine)).toEqual([]);
  });

  it('looks the same through @xstate/graph and xstate/graph, and reaches every state', () => {
    // The whole alphabet, since `events` replaces the default one and does not extend it.
    const alphabet = eventsOf(machine).map((type) => ({ type }));
    const built = summary(builtInMap(machine as never, { events: alphabet } as never));
    expect(summary(separateMap(machine as never, { events: alphabet } as never))).toEqual(built);
    expect(Object.keys(built).sort()).toEqual(leafStates(machine).map(pathOf).sort());
    for (const row of Object.values(built)) expect(Object.keys(row)).toHaveLength(alphabet.length);
  });

  it('moves in the graph as the table does', () => {
    const alphabet = eventsOf(machine).map((type) => ({ type }));
    const graph = summary(builtInMap(machine as never, { events: alphabet } as never));
    const table = compile(machine);
    for (const [state, row] of table.cells.entries())
      for (const [event, cell] of Object.entries(row))
        expect(graph[table.states[state]!]?.[event]).toBe(table.states[cell?.next ?? state]);
  });
});

/** An adjacency map as state -> event -> state. */
function summary(map: unknown): Record<string, Record<string, string>> {
  type Snapshot = { value: unknown };
  type Node = { state: Snapshot; transitions: Record<string, { event: { type: string }; state: Snapshot }> };
  const nodes = Object.values(map as Record<string, Node>);
  return Object.fromEntries(
    nodes.map(({ state, transitions }) => [
      pathOfValue(state.value),
      Object.fromEntries(
        Object.values(transitions).map(({ event, state: next }) => [event.type, pathOfValue(next.value)]),
      ),
    ]),
  );
}

describe('lintMachine', () => {
  const here = { description: 'Here.' };
  /** A machine of two states that keeps the rules, but for what `a` has besides. */
  const bad = (a: object, more: object = {}): string[] =>
    lintMachine(
      createMachine({
        id: 'bad',
        initial: 'a',
        states: { a: { ...here, on: { go: {} }, ...a }, b: { ...here, on: { go: {} } }, ...more },
      } as never),
    );
  const goes = { target: 'b', description: 'It goes.' };

  it('has nothing against a machine that keeps the rules', () => {
    expect(bad({ on: { go: goes } })).toEqual([]);
  });

  it('finds a guard', () => {
    const machine = setup({ guards: { may: () => true } }).createMachine({
      id: 'bad',
      initial: 'a',
      states: {
        a: { ...here, on: { go: { ...goes, guard: 'may' } } },
        b: { ...here, on: { go: {} } },
      },
    });
    expect(lintMachine(machine)).toEqual(["bad: state 'a', event 'go': guards decide; the core raises the fact"]);
  });

  it('finds a choice between transitions', () => {
    expect(bad({ on: { go: [goes, goes] } })).toEqual([
      "bad: state 'a', event 'go': guards decide; the core raises the fact",
    ]);
  });

  it('finds an inline action', () => {
    expect(bad({ on: { go: { ...goes, actions: [() => {}] } } })).toEqual([
      "bad: state 'a', event 'go': actions by name only",
    ]);
  });

  it('finds a state that does not list an event', () => {
    expect(bad({ on: {} })).toEqual([
      "bad: state 'a', event 'go': not listed; say what happens, why nothing does, or {}",
    ]);
  });

  it('finds eventless transitions', () => {
    expect(bad({ always: { target: 'b' } })).toEqual(["bad: state 'a' has eventless transitions"]);
  });

  it('finds delayed transitions', () => {
    expect(bad({ after: { 10: { target: 'b' } } })).toContain(
      "bad: state 'a' has delayed transitions; time is an effect and an event",
    );
  });

  it('finds an invoked actor', () => {
    expect(bad({ invoke: { src: 'somebody' } })).toContain("bad: state 'a' invokes an actor");
  });

  it('finds a wildcard', () => {
    expect(bad({ on: { go: goes, '*': goes } })).toContain("bad: state 'a', event '*': no wildcards");
  });

  it('finds a transition without a description', () => {
    expect(bad({ on: { go: { target: 'b' } } })).toEqual(["bad: state 'a', event 'go': has no description"]);
  });

  it('finds a state without a description', () => {
    expect(bad({ description: undefined })).toEqual(["bad: state 'a' has no description"]);
  });

  it('finds a parallel state', () => {
    const inside = { description: 'In.', on: { go: {} } };
    expect(bad({}, { c: { type: 'parallel', states: { one: inside, two: inside } } })).toEqual([
      "bad: state 'c' is parallel",
    ]);
  });

  it('finds a history state', () => {
    expect(
      bad({}, { c: { initial: 'in', states: { in: { ...here, on: { go: {} } }, past: { type: 'history' } } } }),
    ).toContain("bad: state 'c.past' is history");
  });

  it('finds a transition of a composite state, which would hide those of its leaves', () => {
    expect(bad({}, { c: { initial: 'in', on: { go: goes }, states: { in: { ...here, on: { go: {} } } } } })).toEqual([
      "bad: state 'c' hides transitions of its leaves",
    ]);
  });
});
