/** From a compiled table to the chart that it describes. */
import { type Chart, ImpossibleEvent, type Table } from './chart.ts';

/** The chart that a table describes; a transition is two look-ups and allocates nothing. */
export function tableChart<Event extends string, Effect extends string, Tag extends string>(
  table: Table<Event, Effect, Tag>,
): Chart<Event, Effect, Tag> {
  const { machine, states, initial, cells } = table;
  const bitOf = new Map<Tag, number>();
  for (const tags of table.tags) for (const tag of tags) if (!bitOf.has(tag)) bitOf.set(tag, 1 << bitOf.size);
  const masks = table.tags.map((tags) => tags.reduce((mask, tag) => mask | (bitOf.get(tag) ?? 0), 0));
  const bits = Object.fromEntries(bitOf) as Record<Tag, number>;
  return {
    initial,
    transition(state, event) {
      const cell = cells[state]?.[event];
      if (!cell) throw new ImpossibleEvent(machine, states[state] ?? `#${state}`, event);
      return cell;
    },
    has: (state, tag) => ((masks[state] ?? 0) & bits[tag]) !== 0,
    name: (state) => states[state] ?? `#${state}`,
  };
}
