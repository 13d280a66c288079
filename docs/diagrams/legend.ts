/** The table below a picture: every transition with its effects and its reason, so that nothing is lost. */
import { groupBy } from './factor.ts';
import { LEADING, NAME, type Span, TEXT, textAt } from './svg.ts';
import { px, widthOf, wrap, xml } from './text.ts';
import type { Drawing, Transition } from './walk.ts';

/** Rows of text, drawn from `top` down. */
export interface Legend {
  readonly body: readonly string[];
  readonly height: number;
}

const TITLES = ['event', 'in', 'becomes / asks for', 'because'] as const;
/** Between two columns. */
const GAP = 16;

/** Two tables: what changes the state, and what is answered without a change. */
export function legendOf(drawing: Drawing, left: number, top: number, width: number): Legend {
  const columns = columnsOf(drawing, width);
  const arrows = table('Transitions', drawing, drawing.arrows, columns, left, top);
  const below = top + arrows.height + 14;
  const answers = table('Answers that leave the state as it is', drawing, drawing.answers, columns, left, below);
  return { body: [...arrows.body, ...answers.body], height: arrows.height + 14 + answers.height };
}

/** The first column fits the longest event; the others share what is left. */
function columnsOf({ events }: Drawing, width: number): number[] {
  const first = Math.max(...events.map((event) => widthOf(event, TEXT, true))) + GAP;
  const rest = width - first;
  return [first, rest * 0.29, rest * 0.33, rest * 0.38];
}

function table(
  title: string,
  drawing: Drawing,
  all: readonly Transition[],
  columns: readonly number[],
  left: number,
  top: number,
): Legend {
  const inOrder = drawing.events.flatMap((event) => all.filter((it) => it.event === event));
  const width = columns.reduce((sum, column) => sum + column, 0);
  const starts = columns.map((_, index) => columns.slice(0, index).reduce((sum, column) => sum + column, left));
  const at = (column: number, y: number, spans: readonly Span[]) => textAt(starts[column] ?? left, y, spans);
  const room = (column: number) => (columns[column] ?? 0) - GAP;
  const body = [textAt(left, top + NAME, [{ text: title, look: 'b' }], { size: NAME })];
  let y = top + NAME + 10;
  body.push(...TITLES.map((text, column) => at(column, y + 11, [{ text, look: 'i soft' }])));
  y += LEADING + 5;
  let banded = false;
  for (const ofEvent of groupBy(inOrder, ({ event }) => event).values()) {
    banded = !banded;
    for (const [index, row] of [...groupBy(ofEvent, rowKey).values()].entries()) {
      const first = row[0];
      if (!first) continue;
      const sources = row.map(({ from }) => from);
      const cells: Span[][][] = [
        index > 0 ? [] : [[{ text: first.event, look: 'b' }]],
        wrap(inShort(drawing, sources), room(1), TEXT).map((text) => [{ text }]),
        outcome(first, room(2)),
        wrap(first.description, room(3), TEXT).map((text) => [{ text, look: 'soft' }]),
      ];
      const height = Math.max(...cells.map((lines) => lines.length)) * LEADING + 5;
      if (banded) body.push(band(left - 8, y, width + 16, height));
      body.push(`<g class="row" ${dataOf(first, sources)}>`);
      for (const [column, lines] of cells.entries())
        body.push(...lines.map((spans, line) => at(column, y + 13 + line * LEADING, spans)));
      body.push('</g>');
      y += height;
    }
  }
  return { body, height: y - top };
}

const rowKey = ({ effects, to, from, description }: Transition): string =>
  [effects.join(), to === from ? '' : to, description].join('\n');

/** The row as data, for tests and for whoever draws on it; an answer has no `data-to`. The description is a tooltip, too. */
function dataOf({ event, from, to, effects, description }: Transition, sources: readonly string[]): string {
  const target = to === from ? '' : ` data-to="${to}"`;
  return `data-event="${event}" data-in="${sources.join(' ')}"${target} data-effects="${effects.join(' ')}" data-because="${xml(description)}"`;
}

function band(x: number, y: number, width: number, height: number): string {
  return `<rect class="band" x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}"/>`;
}

/** States, where all the states in a composite are `lost.*`. */
function inShort({ composites }: Drawing, paths: readonly string[]): string {
  const whole = composites.filter(({ leaves }) => leaves.length > 1 && leaves.every((leaf) => paths.includes(leaf)));
  const short = paths.map((path) => {
    const around = whole.find(({ leaves }) => leaves.includes(path));
    return around ? `${around.path}.*` : path;
  });
  return [...new Set(short)].join(', ');
}

/** `dead / stopTimer, release`; an answer has only effects, or none. */
function outcome({ from, to, effects }: Transition, room: number): Span[][] {
  const target = to === from ? '' : to;
  if (effects.length === 0) return [[target === '' ? { text: 'nothing', look: 'soft' } : { text: target }]];
  const lines = wrap(`${target === '' ? '' : `${target} `}/ ${effects.join(', ')}`, room, TEXT);
  return lines.map((line, index) =>
    index === 0 && target !== ''
      ? [{ text: target }, { text: line.slice(target.length), look: 'effect' }]
      : [{ text: line, look: 'effect' }],
  );
}
