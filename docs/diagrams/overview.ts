/** The page that shows how the three machines meet: who raises whose events. Derived from the wiring table. */
import { roomAt } from './chart.ts';
import { labelAt } from './chart-svg.ts';
import { overlaps } from './geometry.ts';
import { place } from './layout.ts';
import { mermaidHeader } from './mermaid.ts';
import { arrow, LEADING, NAME, rect, type Span, svgFile, TEXT, textAt, widthOfSpans } from './svg.ts';
import { NBSP, px, widthOf, wrap, xml } from './text.ts';
import type { Drawing } from './walk.ts';
import { checkWiring, type WireEdge, type WireLine, wireEdges } from './wiring.ts';

const SOURCE = 'machines/{future,worker,executor}.ts and docs/diagrams/wiring.ts';
const MARGIN = 24;
const WIDEST = 1100;
const LABEL_WIDTH = 160;

/** Who takes part besides the machines. */
const OTHERS = [
  { id: 'program', title: 'your program', text: 'Submits, cancels, waits, shuts down.' },
  {
    id: 'core',
    title: 'core',
    text: 'Counts; knows which call and which worker. Decides nothing that a chart decides.',
  },
  { id: 'world', title: 'processes, pipes, timers', text: 'Behind the WorkerHost seam: real or simulated.' },
];

/** The order in which Graphviz meets them: of all orders this one gives a narrow picture with no line through a label. */
const ORDER = ['core', 'future', 'program', 'executor', 'worker', 'world'];

interface Party {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly machine: boolean;
}

function partiesOf(drawings: readonly Drawing[]): Party[] {
  const complaints = checkWiring(drawings);
  if (complaints.length > 0) throw new Error(`docs/diagrams/wiring.ts: ${complaints.join('; ')}`);
  const machines = drawings.map((it) => ({ id: it.id, title: it.id, text: statesOf(it), machine: true }));
  const all = [...machines, ...OTHERS.map((party) => ({ ...party, machine: false }))];
  return ORDER.flatMap((id) => all.filter((party) => party.id === id));
}

/** `running, shuttingDown (draining, stopping)`. */
function statesOf({ leaves, composites }: Drawing): string {
  const words: string[] = [];
  for (const { path } of leaves) {
    const around = composites.find((composite) => composite.leaves.includes(path));
    if (!around) words.push(path);
    else if (around.leaves[0] === path)
      words.push(`${around.path} (${around.leaves.map((leaf) => leaf.slice(around.path.length + 1)).join(', ')})`);
  }
  return words.join(', ');
}

/** What ends in the core's own books raises nothing; it is listed below the picture instead. */
const isShown = ({ to }: WireEdge): boolean => to !== 'core';

/** One line in words: `stopWorkers → stop`, or the name alone where both are the same. */
function wordsOf({ causes, consequences }: WireLine, sign: string): [string, string] {
  const [cause, consequence] = [causes.join(', '), consequences.join(', ')];
  return cause === consequence ? [cause, ''] : [cause, `${sign}${consequence}`];
}

/** The overview as Mermaid text. */
export function overviewMermaid(drawings: readonly Drawing[]): string {
  const lines = [mermaidHeader(SOURCE), 'stateDiagram-v2', '  direction LR'];
  for (const { id, title, text } of partiesOf(drawings)) lines.push(`  state "<b>${title}</b><br/>${text}" as ${id}`);
  for (const { from, to, lines: label } of wireEdges())
    lines.push(`  ${from} --> ${to} : ${label.map((line) => wordsOf(line, '→ ').join(' ').trim()).join('<br/>')}`);
  return `${lines.join('\n')}\n`;
}

/** The overview as SVG. */
export async function overviewSvg(drawings: readonly Drawing[]): Promise<string> {
  const cards = partiesOf(drawings).map((party) => {
    const text = wrap(party.text, party.machine ? 220 : 160, TEXT);
    const width = Math.max(widthOf(party.title, NAME, true), ...text.map((line) => widthOf(line, TEXT))) + 28;
    return { party, text, width, height: 32 + text.length * LEADING + 8 };
  });
  const edges = wireEdges()
    .filter(isShown)
    .map((edge, index) => ({ id: `w${index}`, edge, label: edge.lines.flatMap(spansOf) }));
  const placed = await place({
    direction: 'TB',
    nodeGap: 20,
    rankGap: 34,
    nodes: cards.map(({ party, width, height }) => ({ id: party.id, width, height })),
    boxes: [],
    edges: edges.map(({ id, edge, label }) => ({
      id,
      from: edge.from,
      to: edge.to,
      label: { width: Math.max(...label.map((line) => widthOfSpans(line))) + 12, height: label.length * LEADING + 6 },
    })),
  });
  const rooms = edges.flatMap(({ id, label }) => {
    const at = placed.edges.get(id)?.label;
    return at ? [roomAt(at, label)] : [];
  });
  if (overlaps(rooms, [...placed.nodes.values()]) > 0) throw new Error('the labels of the overview overlap');
  const width = placed.width + 2 * MARGIN;
  if (width > WIDEST) throw new Error(`the overview is ${Math.ceil(width)} px wide: it must fit in ${WIDEST}`);
  const top = MARGIN + 22;
  const books = booksAt(MARGIN + 8, top + placed.height + 28);
  return svgFile(
    SOURCE,
    'How the future, worker and executor machines meet',
    width,
    top + placed.height + 28 + books.height + MARGIN,
    [
      textAt(
        MARGIN,
        30,
        [
          { text: 'how the machines meet', look: 'b' },
          { text: '   an effect of one → an event of another', look: 'soft' },
        ],
        { size: NAME },
      ),
      `<g transform="translate(${px(MARGIN)} ${top})">`,
      ...edges.map(({ id, edge }) => {
        const title = edge.lines.map((line) => wordsOf(line, '→ ').join(' ').trim()).join('\n');
        const line = placed.edges.get(id)?.line ?? [];
        return `<g class="edge" data-from="${edge.from}" data-to="${edge.to}"><title>${xml(title)}</title>${arrow(line)}</g>`;
      }),
      ...cards.flatMap(({ party, text }) => {
        const box = placed.nodes.get(party.id);
        if (!box) throw new Error(`Graphviz has not placed '${party.id}'`);
        const y = box.y - box.height / 2;
        return [
          `<g class="node" data-party="${party.id}">`,
          rect(box, party.machine ? 'state' : 'box', 8),
          textAt(box.x, y + 20, [{ text: party.title, look: 'b' }], { size: NAME, middle: true }),
          ...text.map((line, index) =>
            textAt(box.x, y + 39 + index * LEADING, [{ text: line, look: 'soft' }], { middle: true }),
          ),
          '</g>',
        ];
      }),
      ...edges.flatMap(({ id, label }) => {
        const at = placed.edges.get(id)?.label;
        return at ? labelAt(at, label, placed) : [];
      }),
      '</g>',
      ...books.body,
    ],
  );
}

/** The lines that end in the core's own books. */
function booksAt(left: number, top: number): { body: string[]; height: number } {
  const rows = wireEdges()
    .filter((edge) => !isShown(edge))
    .flatMap(({ from, lines }) => lines.map((line) => ({ from, line })));
  const body = [
    textAt(left, top + NAME, [{ text: 'Kept by the core, raising nothing by itself', look: 'b' }], { size: NAME }),
  ];
  for (const [index, { from, line }] of rows.entries()) {
    const y = top + NAME + 24 + index * (LEADING + 3);
    const title = OTHERS.find(({ id }) => id === from)?.title ?? from;
    body.push(textAt(left, y, [{ text: title, look: 'b' }]));
    body.push(
      textAt(left + 170, y, [
        { text: line.causes.join(', '), look: 'effect' },
        { text: ` → ${line.consequences.join(', ')}` },
      ]),
    );
  }
  return { body, height: NAME + 14 + rows.length * (LEADING + 3) };
}

function spansOf(line: WireLine): Span[][] {
  const [cause, consequence] = wordsOf(line, `→${NBSP}`);
  const whole: Span[] = [{ text: cause, look: 'effect' }, { text: consequence === '' ? '' : ` ${consequence}` }];
  if (widthOfSpans(whole) <= LABEL_WIDTH) return [whole.filter(({ text }) => text !== '')];
  return [
    ...wrap(cause, LABEL_WIDTH, TEXT).map((text): Span[] => [{ text, look: 'effect' }]),
    ...(consequence === '' ? [] : wrap(consequence, LABEL_WIDTH, TEXT).map((text): Span[] => [{ text }])),
  ];
}
