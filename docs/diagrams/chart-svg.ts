/** One machine as an SVG file: the picture, and the table of all its transitions below. */
import { type Composed, compose, isJoined, roomAt, sentence } from './chart.ts';
import { covers, isCrossed } from './geometry.ts';
import type { Placed, Point } from './layout.ts';
import { legendOf } from './legend.ts';
import { arrow, LEADING, NAME, rect, type Span, shaft, svgFile, textAt } from './svg.ts';
import { px, xml } from './text.ts';
import type { Drawing } from './walk.ts';

const MARGIN = 24;
/** A README shows a picture as it is up to about this width, and shrinks a wider one until nobody can read it. */
const WIDEST = 1100;
const NARROWEST = 900;

/** The whole file. */
export async function svgOf(drawing: Drawing): Promise<string> {
  const composed = await compose(drawing, WIDEST - 2 * MARGIN);
  const { placed } = composed;
  const width = Math.max(NARROWEST, placed.width + 2 * MARGIN);
  const top = MARGIN + 22;
  const shift: Point = { x: (width - placed.width) / 2, y: top };
  const legend = legendOf(drawing, MARGIN + 8, top + placed.height + 24, width - 2 * MARGIN - 16);
  const hints = [
    '   event / effects',
    ...(composed.edges.some(isJoined) ? ['lines that meet at a dot go on as one'] : []),
    ...(composed.boxes.some((box) => box.derived)
      ? ['an arrow from a border holds for every state inside', 'a | b: which one depends on the state']
      : []),
  ];
  return svgFile(
    `machines/${drawing.id}.ts`,
    `The ${drawing.id} machine: ${drawing.leaves.length} states, ${drawing.events.length} events`,
    width,
    top + placed.height + 24 + legend.height + MARGIN,
    [
      textAt(
        MARGIN,
        30,
        [
          { text: drawing.id, look: 'b' },
          { text: hints.join('   ·   '), look: 'soft' },
        ],
        { size: NAME },
      ),
      `<g transform="translate(${px(shift.x)} ${px(shift.y)})">`,
      ...boxes(composed),
      ...lines(composed),
      ...states(composed),
      ...labels(composed),
      '</g>',
      ...legend.body,
    ],
  );
}

function boxes({ boxes, placed }: Composed): string[] {
  return boxes.flatMap(({ id, title, derived }) => {
    const box = found(placed.boxes, id);
    const at = { x: box.x - box.width / 2 + 12, y: box.y - box.height / 2 + 19 };
    return [
      rect(box, derived ? 'box any' : 'box', 10),
      textAt(at.x, at.y, [{ text: title, look: derived ? 'i soft' : 'b soft' }], { size: NAME }),
    ];
  });
}

function states({ states, placed, drawing, boxes }: Composed): string[] {
  const dots = ['start', ...boxes.filter(({ initial }) => initial).map(({ id }) => `start ${id}`)].map((id) => {
    return dot(found(placed.nodes, id), 5.5);
  });
  const cards = states.flatMap(({ leaf, description, inside }) => {
    const box = found(placed.nodes, leaf.path);
    const top = box.y - box.height / 2;
    const left = box.x - box.width / 2;
    const rule = top + 28 + description.length * LEADING + 4;
    const text = (spans: readonly Span[], y: number) => textAt(box.x, y, spans, { middle: true });
    const answers = drawing.answers.filter(({ from }) => from === leaf.path).map(sentence);
    return [
      `<g class="node" data-state="${leaf.path}"><title>${xml([`${leaf.path}: ${leaf.description}`, ...answers].join('\n'))}</title>`,
      rect(box, leaf.final ? 'final' : 'state', 8),
      ...(leaf.final ? [rect(box, 'inner', 5.5, 3)] : []),
      textAt(box.x, top + 19, [{ text: leaf.name, look: 'b' }], { size: NAME, middle: true }),
      ...description.map((line, index) => text([{ text: line, look: 'soft' }], top + 36 + index * LEADING)),
      ...(inside.length > 0
        ? [`<path class="rule" d="M${px(left + 6)} ${px(rule)}H${px(left + box.width - 6)}"/>`]
        : []),
      ...inside.map((spans, index) => text(spans, rule + 14 + index * LEADING)),
      '</g>',
    ];
  });
  return [...dots, ...cards];
}

function lines({ edges, placed, boxes }: Composed): string[] {
  const starts = ['start', ...boxes.filter(({ initial }) => initial).map(({ id }) => `start ${id}`)];
  return [
    ...starts.map((id) => `<g class="initial">${arrow(found(placed.edges, `to ${id}`).line)}</g>`),
    ...edges.map((card) => {
      const { id, edges: joined, to } = card;
      const all = joined.flatMap(({ transitions }) => transitions);
      const events = [...new Set(all.map(({ event }) => event))].join(' ');
      const data = `data-from="${joined.map(({ from }) => from).join(' ')}" data-to="${to}" data-events="${events}"`;
      return [
        `<g class="edge" ${data}><title>${xml(all.map(sentence).join('\n'))}</title>`,
        ...(isJoined(card) ? joined.map((_, index) => shaft(found(placed.edges, `${id} ${index}`).line)) : []),
        ...(isJoined(card) ? [dot(found(placed.nodes, id), 2.6)] : []),
        arrow(found(placed.edges, id).line),
        '</g>',
      ].join('');
    }),
  ];
}

function labels({ edges, placed, initialLabel }: Composed): string[] {
  const all = [{ id: 'to start', label: initialLabel }, ...edges];
  return all.flatMap(({ id, label }) => {
    const at = found(placed.edges, id).label;
    if (!at || label.length === 0) return [];
    return labelAt(at, label, placed);
  });
}

/** Lines of text centred at a point; on a plate where a line or a border would run through them. */
export function labelAt(at: Point, label: readonly (readonly Span[])[], placed: Placed): string[] {
  const room = roomAt(at, label);
  const first = at.y - (label.length * LEADING) / 2 + 11.5;
  const inside = [...placed.boxes.values()].some((box) => covers(box, room));
  const plate = isCrossed(room, placed) ? [rect(room, inside ? 'plate within' : 'plate', 4)] : [];
  return [...plate, ...label.map((spans, index) => textAt(at.x, first + index * LEADING, spans, { middle: true }))];
}

const dot = ({ x, y }: Point, radius: number): string =>
  `<circle class="dot" cx="${px(x)}" cy="${px(y)}" r="${radius}"/>`;

function found<T>(map: ReadonlyMap<string, T>, key: string): T {
  const value = map.get(key);
  if (value === undefined) throw new Error(`Graphviz has not placed '${key}'`);
  return value;
}
