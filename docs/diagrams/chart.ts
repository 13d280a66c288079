/** One machine as a picture: what it is made of, before anything is drawn. */
import { ANY, type Edge, factor, groupBy, linesOf } from './factor.ts';
import { isCrossed, overlaps } from './geometry.ts';
import { type Box, type Placed, type Point, place, type SketchEdge } from './layout.ts';
import { LEADING, NAME, type Span, TEXT, widthOfSpans } from './svg.ts';
import { widthOf, wrap } from './text.ts';
import type { Drawing, Leaf, Transition } from './walk.ts';

/** How wide the description of a state may become before it is broken. */
const STATE_WIDTH = 158;
/** The same for what is written at a line; tried one after the other. */
const LABEL_WIDTHS = [164, 136, 112];

/** A state with its text, ready to be drawn. */
export interface StateCard {
  readonly leaf: Leaf;
  readonly description: readonly string[];
  /** What it does without leaving. */
  readonly inside: readonly (readonly Span[])[];
  readonly width: number;
  readonly height: number;
}

/** Lines to one state with one text: a single line, or several that meet at a joint and go on as one. */
export interface EdgeCard {
  readonly id: string;
  readonly edges: readonly Edge[];
  readonly to: string;
  readonly label: readonly (readonly Span[])[];
}

/** Whether the lines of a card meet at a joint. */
export const isJoined = ({ edges }: EdgeCard): boolean => edges.length > 1;

/** A machine, composed and placed. */
export interface Composed {
  readonly drawing: Drawing;
  readonly boxes: readonly {
    id: string;
    title: string;
    derived: boolean;
    leaves: readonly string[];
    initial: string | undefined;
  }[];
  readonly states: readonly StateCard[];
  readonly edges: readonly EdgeCard[];
  readonly initialLabel: readonly (readonly Span[])[];
  readonly placed: Placed;
}

/**
 * Measures everything and has it placed; of the ways that are tried, the one with the fewest lines through labels.
 *
 * @throws Error when none is as narrow as `widest`, or when labels cannot be kept apart.
 */
export async function compose(drawing: Drawing, widest: number): Promise<Composed> {
  let best: Composed | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const labelWidth of LABEL_WIDTHS) {
    const composed = await composeWith(drawing, labelWidth);
    const rooms = roomsOf(composed);
    const states = drawing.leaves.flatMap(({ path }) => composed.placed.nodes.get(path) ?? []);
    const crossed = rooms.filter((room) => isCrossed(room, composed.placed)).length;
    if (composed.placed.width > widest || overlaps(rooms, states) > 0 || crossed >= least) continue;
    [best, least] = [composed, crossed];
  }
  if (!best)
    throw new Error(`the picture of ${drawing.id} does not fit in ${widest} px: let its states or labels say less`);
  return best;
}

/** The room that each label takes. */
export function roomsOf({ edges, initialLabel, placed }: Composed): Box[] {
  return [{ id: 'to start', label: initialLabel }, ...edges].flatMap(({ id, label }) => {
    const at = placed.edges.get(id)?.label;
    return at && label.length > 0 ? [roomAt(at, label)] : [];
  });
}

/** The room that lines of text take around a point. */
export function roomAt(at: Point, lines: readonly (readonly Span[])[]): Box {
  const { width, height } = sizeOf(lines);
  return { ...at, width: width - 4, height: height - 2 };
}

async function composeWith(drawing: Drawing, labelWidth: number): Promise<Composed> {
  const { any, edges: lines } = factor(drawing);
  const boxes = [
    ...(any.length > 0
      ? [{ id: ANY, title: 'any of these', derived: true, leaves: any, initial: undefined as string | undefined }]
      : []),
    ...drawing.composites.map(({ path, leaves, initial }) => ({
      id: path,
      title: path,
      derived: false,
      leaves,
      initial,
    })),
  ];
  const states = drawing.leaves.map((leaf) => stateCard(drawing, leaf, labelWidth));
  const labelled = lines.map((edge) => ({ edge, label: labelSpans(edge, labelWidth) }));
  const edges = [...groupBy(labelled, ({ edge, label }) => `${edge.to} ${JSON.stringify(label)}`).values()].map(
    (group, index): EdgeCard => ({
      id: `e${index}`,
      edges: group.map(({ edge }) => edge),
      to: group[0]?.edge.to ?? '',
      label: group[0]?.label ?? [],
    }),
  );
  const joints = edges.filter(isJoined);
  const initialLabel =
    drawing.initialEffects.length > 0
      ? effectSpans(
          '',
          drawing.initialEffects.map((it) => [it]),
          labelWidth,
        )
      : [];
  const starts = [
    { id: 'start', to: drawing.initial, label: sizeOf(initialLabel) },
    ...boxes.filter(({ initial }) => initial).map(({ id, initial = '' }) => ({ id: `start ${id}`, to: initial })),
  ];
  const placed = await place({
    direction: 'TB',
    nodeGap: 20,
    rankGap: 30,
    nodes: [
      ...starts.map(({ id }) => ({ id, width: 12, height: 12 })),
      ...states.map(({ leaf, width, height }) => ({ id: leaf.path, width, height })),
      ...joints.map(({ id }) => ({ id, width: 4, height: 4 })),
    ],
    boxes: boxes.map(({ id, title, leaves, initial }) => ({
      id,
      title: widthOf(title, NAME, true) + 4,
      nodes: [
        ...(initial ? [`start ${id}`] : []),
        ...leaves,
        ...joints.filter(isWithin(leaves)).map((joint) => joint.id),
      ],
    })),
    edges: [
      ...starts.map(({ id, to, ...rest }) => ({ id: `to ${id}`, from: id, to, weight: 3, ...rest })),
      ...sketchEdges(edges, boxes),
    ],
  });
  return { drawing, boxes, states, edges, initialLabel, placed };
}

/** Whether all that meets at a joint is in a box, so that the joint belongs there too. */
const isWithin =
  (leaves: readonly string[]) =>
  ({ edges, to }: EdgeCard): boolean =>
    leaves.includes(to) && edges.every(({ from }) => leaves.includes(from));

/** A line from a box needs a state in it to hang on: its last ones in turn, so that the lines spread along the border. */
function sketchEdges(
  cards: readonly EdgeCard[],
  boxes: readonly { id: string; leaves: readonly string[] }[],
): SketchEdge[] {
  const used = new Map<string, number>();
  const beginning = (from: string): { from: string; fromBox?: string } => {
    const box = boxes.find((it) => it.id === from);
    if (!box) return { from };
    const turn = used.get(box.id) ?? 0;
    used.set(box.id, turn + 1);
    return {
      from: box.leaves[box.leaves.length - 1 - (turn % Math.min(2, box.leaves.length))] ?? from,
      fromBox: box.id,
    };
  };
  return cards.flatMap((card): SketchEdge[] => {
    const { id, edges, to, label } = card;
    if (!isJoined(card)) return [{ id, ...beginning(edges[0]?.from ?? ''), to, label: sizeOf(label) }];
    return [
      ...edges.map((edge, index) => ({ id: `${id} ${index}`, ...beginning(edge.from), to: id, headless: true })),
      { id, from: id, to, label: sizeOf(label), weight: 2 },
    ];
  });
}

function stateCard(drawing: Drawing, leaf: Leaf, labelWidth: number): StateCard {
  const description = wrap(leaf.description, STATE_WIDTH, TEXT);
  const does = drawing.answers.filter(({ from, effects }) => from === leaf.path && effects.length > 0);
  const inside = [...groupBy(does, ({ effects }) => effects.join()).values()].flatMap((group) =>
    effectSpans(
      group.map(({ event }) => event).join(', '),
      (group[0]?.effects ?? []).map((it) => [it]),
      labelWidth,
    ),
  );
  const widest = Math.max(
    widthOf(leaf.name, NAME, true),
    ...description.map((line) => widthOf(line, TEXT)),
    ...inside.map((line) => widthOfSpans(line)),
  );
  const lines = description.length + inside.length;
  return {
    leaf,
    description,
    inside,
    width: Math.max(96, widest + 22),
    height: 28 + lines * LEADING + 7 + (inside.length > 0 ? 8 : 0),
  };
}

/** The text at a line. Events that ask for the same share one entry; effects that depend on the state stand beside `|`. */
function labelSpans(edge: Edge, labelWidth: number): Span[][] {
  const perEvent = [...groupBy(linesOf(edge), ({ event }) => event).values()].map((lines) => ({
    event: lines[0]?.event ?? '',
    effects: alternatives(lines.map(({ effects }) => effects)),
  }));
  return [...groupBy(perEvent, ({ effects }) => JSON.stringify(effects)).values()].flatMap((group) =>
    effectSpans(group.map(({ event }) => event).join(', '), group[0]?.effects ?? [], labelWidth),
  );
}

/** Lists of effects, position by position: [[a, c], [b, c]] is [[a, b], [c]]. */
function alternatives(lists: readonly (readonly string[])[]): string[][] {
  const length = Math.max(...lists.map((list) => list.length));
  return Array.from({ length }, (_, place) => [
    ...new Set(lists.flatMap((list) => (list.length === length ? [list[place] ?? ''] : ['…']))),
  ]);
}

/** `event, event / effect, one | other`, broken where it is too long. */
function effectSpans(events: string, effects: readonly (readonly string[])[], labelWidth: number): Span[][] {
  const after = effects.map((choice) => choice.join(' | ')).join(', ');
  const whole: Span[] = [
    { text: events },
    { text: after === '' ? '' : `${events === '' ? '' : ' '}/ ${after}`, look: 'effect' },
  ];
  if (widthOfSpans(whole) <= labelWidth) return [whole.filter(({ text }) => text !== '')];
  return [
    ...(events === '' ? [] : wrap(events, labelWidth, TEXT).map((text): Span[] => [{ text }])),
    ...(after === '' ? [] : wrap(`/ ${after}`, labelWidth, TEXT).map((text): Span[] => [{ text, look: 'effect' }])),
  ];
}

/** The room that lines of text take. */
export function sizeOf(lines: readonly (readonly Span[])[]): { width: number; height: number } {
  return { width: Math.max(0, ...lines.map((line) => widthOfSpans(line))) + 10, height: lines.length * LEADING + 4 };
}

/** A transition in one sentence, for tooltips. */
export function sentence({ from, event, effects, to, description }: Transition): string {
  const does = effects.length > 0 ? ` / ${effects.join(', ')}` : '';
  return `${from}: ${event}${does}${to === from ? '' : ` → ${to}`}. ${description}`;
}
