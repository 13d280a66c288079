/**
 * From an XState machine to a flat table: every leaf state times every event.
 *
 * The machines use no guards, no context and no eventless transitions (checked here), so one valuation per cell is all
 * there is, and the table equals the machine for every possible run: a proof by cases. Formal background: XState 5.33,
 * `transition()` returns the next snapshot and the actions without running them.
 */
import { type AnyStateMachine, type AnyStateNode, initialTransition, transition } from 'xstate';
import type { Cell, Table } from './chart.ts';

type AnyTable = Table<string, string, string>;

/** All leaf states, in document order; their position is their index for ever. */
export function leafStates(machine: AnyStateMachine): AnyStateNode[] {
  const leaves: AnyStateNode[] = [];
  const visit = (node: AnyStateNode): void => {
    const children = Object.values(node.states);
    if (children.length === 0) leaves.push(node);
    for (const child of children) visit(child);
  };
  visit(machine.root);
  return leaves;
}

/** A leaf's path below the root, as in `terminating.asked`. */
export function pathOf(node: AnyStateNode): string {
  return node.path.join('.');
}

/** Every event of a machine, sorted as they first occur. */
export function eventsOf(machine: AnyStateMachine): string[] {
  const events = new Set<string>();
  for (const leaf of leafStates(machine)) for (const event of leaf.transitions.keys()) events.add(event);
  return [...events];
}

/**
 * What the rules for machines forbid, one sentence each; empty when there is nothing to object to.
 *
 * Every leaf lists every event; no guards, context, `always`, `after`, `invoke`, history, parallel states or wildcards;
 * a cell that does nothing says why in its `description`, or is `{}`: impossible.
 */
export function lintMachine(machine: AnyStateMachine): string[] {
  const complaints: string[] = [];
  const events = eventsOf(machine);
  const visit = (node: AnyStateNode): void => {
    const at = `${machine.id}: state '${pathOf(node) || '(root)'}'`;
    if (node.type === 'parallel' || node.type === 'history') complaints.push(`${at} is ${node.type}`);
    if (node.always?.length) complaints.push(`${at} has eventless transitions`);
    if (node.after.length > 0) complaints.push(`${at} has delayed transitions; time is an effect and an event`);
    if (node.invoke.length > 0) complaints.push(`${at} invokes an actor`);
    const isLeaf = Object.keys(node.states).length === 0;
    if (!isLeaf && node.transitions.size > 0) complaints.push(`${at} hides transitions of its leaves`);
    if (isLeaf && node.id !== machine.root.id && !node.description) complaints.push(`${at} has no description`);
    for (const event of isLeaf ? events : []) {
      const [definition, ...more] = node.transitions.get(event) ?? [];
      const cell = `${at}, event '${event}'`;
      if (!definition) complaints.push(`${cell}: not listed; say what happens, why nothing does, or {}`);
      else if (more.length > 0 || definition.guard) complaints.push(`${cell}: guards decide; the core raises the fact`);
      else if ((definition.target || definition.actions.length > 0) && !definition.description)
        complaints.push(`${cell}: has no description`);
      for (const action of definition?.actions ?? [])
        if (typeof action !== 'string' && (typeof action !== 'object' || 'exec' in action))
          complaints.push(`${cell}: actions by name only`);
      if (event === '*') complaints.push(`${cell}: no wildcards`);
    }
    for (const child of Object.values(node.states)) visit(child);
  };
  visit(machine.root);
  return complaints;
}

/** The table of a machine. */
export function compile(machine: AnyStateMachine): AnyTable {
  const leaves = leafStates(machine);
  const events = eventsOf(machine);
  const indexOf = new Map(leaves.map((leaf, index) => [pathOf(leaf), index]));
  const toCell = ([snapshot, actions]: ReturnType<typeof transition>): Cell<string> => ({
    next: indexOf.get(pathOfValue(snapshot.value)) ?? -1,
    effects: actions.map((action: { type: string }) => action.type),
  });
  return {
    machine: machine.id,
    states: leaves.map(pathOf),
    initial: toCell(initialTransition(machine)),
    tags: leaves.map(tagsOf),
    cells: leaves.map((leaf) =>
      Object.fromEntries(
        events.map((event) => [
          event,
          isImpossible(leaf, event) ? null : toCell(transition(machine, snapshotAt(machine, leaf), { type: event })),
        ]),
      ),
    ),
  };
}

/** The machine's snapshot in a leaf state. */
export function snapshotAt(machine: AnyStateMachine, leaf: AnyStateNode): ReturnType<typeof machine.resolveState> {
  let value: string | Record<string, unknown> = leaf.key;
  for (let node = leaf.parent; node?.parent; node = node.parent) value = { [node.key]: value };
  return machine.resolveState({ value: value as string, context: {} });
}

/** The leaf's own tags and those of its ancestors. */
export function tagsOf(leaf: AnyStateNode): string[] {
  const tags: string[] = [];
  for (let node: AnyStateNode | undefined = leaf; node; node = node.parent) tags.push(...node.tags);
  return tags;
}

/** Whether the chart says `{}`: no target, no action and no reason. */
export function isImpossible(leaf: AnyStateNode, event: string): boolean {
  const definition = leaf.transitions.get(event)?.[0];
  return !definition || (!definition.target && definition.actions.length === 0 && !definition.description);
}

/** The path of a state value, as in `terminating.asked`. */
export function pathOfValue(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[key, inner]] = Object.entries(value as object) as [[string, unknown]];
  return `${key}.${pathOfValue(inner)}`;
}

/** The source text of the module that holds a table. */
export function printTable(machine: AnyStateMachine): string {
  const table = compile(machine);
  const Name = machine.id[0]?.toUpperCase() + machine.id.slice(1);
  const cell = (it: Cell<string> | null): string =>
    it === null ? 'null' : `{ next: ${it.next}, effects: ${list(it.effects)} }`;
  const list = (names: readonly string[]): string => `[${names.map((name) => `'${name}'`).join(', ')}]`;
  return [
    `// Generated from machines/${machine.id}.ts by machines/compile.ts: do not edit, run 'npm run tables'.`,
    `import type { ${Name}Effect, ${Name}Event, ${Name}Tag } from '../alphabet.ts';`,
    `import type { Table } from '../chart.ts';`,

    '',
    `/** The ${machine.id} machine as a table; \`null\` is an event that cannot happen in that state. */`,
    `export const ${machine.id}Table: Table<${Name}Event, ${Name}Effect, ${Name}Tag> = {`,
    `  machine: '${machine.id}',`,
    `  states: ${list(table.states)},`,
    `  initial: ${cell(table.initial)},`,
    '  tags: [',
    ...table.tags.map((tags) => `    ${list(tags)},`),
    '  ],',
    '  cells: [',
    ...table.cells.flatMap((row, state) => [
      `    // ${table.states[state]}`,
      '    {',
      ...Object.entries(row).map(([event, it]) => `      ${event}: ${cell(it)},`),
      '    },',
    ]),
    '  ],',
    '};',
    '',
  ].join('\n');
}
