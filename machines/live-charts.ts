/**
 * The other side of the seam: XState itself decides every transition, by its pure `transition()`.
 *
 * Some thousand times slower than the tables and never loaded by the main entry; it makes "XState machines driven by a
 * runtime" literally true, and shows by whole test suites that the tables are nothing but an optimisation.
 */
import { type AnyStateMachine, initialTransition, transition } from 'xstate';
import { type Chart, type Charts, ImpossibleEvent } from './chart.ts';
import { isImpossible, leafStates, pathOf, pathOfValue, snapshotAt } from './compile.ts';
import { executorMachine } from './executor.ts';
import { futureMachine } from './future.ts';
import type { StateIndex } from './vocabulary.ts';
import { workerMachine } from './worker.ts';

/** The chart of a machine, asked live. */
export function liveChart<Event extends string, Effect extends string, Tag extends string>(
  machine: AnyStateMachine,
): Chart<Event, Effect, Tag> {
  const leaves = leafStates(machine);
  const indexOf = new Map(leaves.map((leaf, index) => [pathOf(leaf), index]));
  const toCell = ([snapshot, actions]: ReturnType<typeof transition>) => ({
    next: indexOf.get(pathOfValue(snapshot.value)) ?? -1,
    effects: actions.map((action: { type: string }) => action.type as Effect),
  });
  const leafAt = (state: StateIndex) => {
    const leaf = leaves[state];
    if (!leaf) throw new RangeError(`the ${machine.id} machine has no state number ${state}`);
    return leaf;
  };
  return {
    initial: toCell(initialTransition(machine)),
    transition(state, event) {
      const leaf = leafAt(state);
      if (isImpossible(leaf, event)) throw new ImpossibleEvent(machine.id, pathOf(leaf), event);
      return toCell(transition(machine, snapshotAt(machine, leaf), { type: event }));
    },
    has: (state, tag) => snapshotAt(machine, leafAt(state)).hasTag(tag),
    name: (state) => pathOf(leafAt(state)),
  };
}

/** The three machines, asked live. */
export const liveCharts: Charts = {
  future: liveChart(futureMachine),
  worker: liveChart(workerMachine),
  executor: liveChart(executorMachine),
};
