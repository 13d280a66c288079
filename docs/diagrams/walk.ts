/**
 * What a picture shows of a machine, read from the machine alone: its states, its arrows, its answers.
 *
 * The cells come from the compiler that also writes the tables, so a picture cannot say anything that the tables deny.
 */
import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { compile, eventsOf, isImpossible, leafStates, pathOf } from '../../machines/compile.ts';

/** A state without states inside. */
export interface Leaf {
  readonly path: string;
  readonly name: string;
  readonly description: string;
  readonly final: boolean;
}

/** A state with states inside. */
export interface Composite {
  readonly path: string;
  readonly leaves: readonly string[];
  /** The leaf in which it begins. */
  readonly initial: string;
}

/** One possible cell: an arrow when `to` is another state, else an answer that leaves the state as it is. */
export interface Transition {
  readonly from: string;
  readonly event: string;
  readonly effects: readonly string[];
  readonly to: string;
  readonly description: string;
}

/** A machine, ready to be drawn. Everything is in document order. */
export interface Drawing {
  readonly id: string;
  readonly events: readonly string[];
  readonly leaves: readonly Leaf[];
  readonly composites: readonly Composite[];
  readonly initial: string;
  /** What the beginning of a life asks for. */
  readonly initialEffects: readonly string[];
  readonly arrows: readonly Transition[];
  readonly answers: readonly Transition[];
}

/** Reads a machine; impossible cells are left out. */
export function drawingOf(machine: AnyStateMachine): Drawing {
  const table = compile(machine);
  const nodes = leafStates(machine);
  const arrows: Transition[] = [];
  const answers: Transition[] = [];
  for (const [index, node] of nodes.entries())
    for (const event of eventsOf(machine)) {
      if (isImpossible(node, event)) continue;
      const definition = node.transitions.get(event)?.[0];
      const cell = table.cells[index]?.[event];
      if (!definition || !cell)
        throw new Error(`${machine.id}: the table has no cell for '${event}' in ${pathOf(node)}`);
      (definition.target ? arrows : answers).push({
        from: pathOf(node),
        event,
        effects: cell.effects,
        to: nameAt(table.states, cell.next),
        description: definition.description ?? '',
      });
    }
  return {
    id: machine.id,
    events: eventsOf(machine),
    leaves: nodes.map((node) => ({
      path: pathOf(node),
      name: node.key,
      description: node.description ?? '',
      final: node.type === 'final',
    })),
    composites: compositesOf(machine),
    initial: nameAt(table.states, table.initial.next),
    initialEffects: table.initial.effects,
    arrows,
    answers,
  };
}

function compositesOf(machine: AnyStateMachine): Composite[] {
  const found: Composite[] = [];
  const visit = (node: AnyStateNode): void => {
    const children = Object.values(node.states);
    if (children.length === 0) return;
    const inside = leafStates(machine).filter(
      (leaf) => leaf.path.slice(0, node.path.length).join() === node.path.join(),
    );
    if (node.path.length > 1)
      throw new Error(`${machine.id}: '${pathOf(node)}' nests deeper than the pictures can show`);
    if (node.path.length === 1)
      found.push({ path: pathOf(node), leaves: inside.map(pathOf), initial: pathOf(initialLeaf(node)) });
    for (const child of children) visit(child);
  };
  visit(machine.root);
  return found;
}

function initialLeaf(node: AnyStateNode): AnyStateNode {
  const first = node.initial?.target[0];
  return first ? initialLeaf(first) : node;
}

function nameAt(states: readonly string[], index: number): string {
  const name = states[index];
  if (name === undefined) throw new RangeError(`no state number ${index}`);
  return name;
}
