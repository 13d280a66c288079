/** The look: one card, two colour schemes, and the few shapes that the pictures are made of. */
import type { Box, Point } from './layout.ts';
import { px, widthOf, xml } from './text.ts';

/** Sizes of text in pixels; nothing is smaller. */
export const NAME = 13;
export const TEXT = 11.5;
/** From one line of text to the next. */
export const LEADING = 15;

const LIGHT = {
  card: '#ffffff',
  rim: '#d0d7de',
  text: '#1f2328',
  soft: '#59636e',
  state: '#eaf2fe',
  edge: '#4a6fa5',
  end: '#e8f5ec',
  endEdge: '#3f7d57',
  box: '#f6f8fa',
  boxEdge: '#8c959f',
  arrow: '#57606a',
  effect: '#0a4fa8',
  band: '#f6f8fa',
};
const DARK: typeof LIGHT = {
  card: '#0d1117',
  rim: '#3d444d',
  text: '#e6edf3',
  soft: '#a3adb8',
  state: '#16263d',
  edge: '#6f9bd8',
  end: '#142a1e',
  endEdge: '#5fae7d',
  box: '#151b23',
  boxEdge: '#7d8590',
  arrow: '#9da7b1',
  effect: '#83b6ff',
  band: '#151b23',
};

function rules(colour: typeof LIGHT): string {
  return [
    `.card{fill:${colour.card};stroke:${colour.rim}}`,
    `text{fill:${colour.text}}`,
    `.soft{fill:${colour.soft}}`,
    `.effect{fill:${colour.effect}}`,
    `.state{fill:${colour.state};stroke:${colour.edge}}`,
    `.final{fill:${colour.end};stroke:${colour.endEdge}}`,
    `.inner{fill:none;stroke:${colour.endEdge}}`,
    `.box{fill:${colour.box};stroke:${colour.boxEdge}}`,
    `.any{stroke-dasharray:6 4}`,
    `.rule{stroke:${colour.edge};stroke-opacity:.45}`,
    `.line{fill:none;stroke:${colour.arrow}}`,
    `.head,.dot{fill:${colour.arrow}}`,
    `.plate{fill:${colour.card};fill-opacity:.92}`,
    `.within{fill:${colour.box}}`,
    `.band{fill:${colour.band}}`,
  ].join('');
}

/** The whole file: a solid card, so that it can be read on a page of any colour. */
export function svgFile(source: string, title: string, width: number, height: number, body: readonly string[]): string {
  return [
    `<!-- Generated from ${source} by docs/diagrams/generate.ts: do not edit, run 'npm run diagrams'. -->`,
    `<svg xmlns="http://www.w3.org/2000/svg" width="${px(width)}" height="${px(height)}" viewBox="0 0 ${px(width)} ${px(height)}" role="img" xml:space="preserve" font-family="Helvetica, Arial, 'Liberation Sans', sans-serif" font-size="${TEXT}">`,
    `<title>${xml(title)}</title>`,
    `<style>text{white-space:pre}.line,.state,.final,.inner,.box{stroke-width:1.2}.b{font-weight:bold}.i{font-style:italic}${rules(LIGHT)}@media (prefers-color-scheme:dark){${rules(DARK)}}</style>`,
    `<rect class="card" x="0.5" y="0.5" width="${px(width - 1)}" height="${px(height - 1)}" rx="8"/>`,
    ...body,
    '</svg>',
    '',
  ].join('\n');
}

/** A piece of a line of text. */
export interface Span {
  readonly text: string;
  readonly look?: 'soft' | 'effect' | 'b' | 'i soft' | 'b soft';
}

/** A line of text that begins (or with `middle`, centres) at x; y is its base line. */
export function textAt(
  x: number,
  y: number,
  spans: readonly Span[],
  options: { size?: number; middle?: boolean } = {},
): string {
  const size = options.size && options.size !== TEXT ? ` font-size="${options.size}"` : '';
  const anchor = options.middle ? ' text-anchor="middle"' : '';
  const [only, ...more] = spans;
  if (only && more.length === 0) {
    const look = only.look ? ` class="${only.look}"` : '';
    return `<text x="${px(x)}" y="${px(y)}"${anchor}${size}${look}>${xml(only.text)}</text>`;
  }
  const inner = spans.map(({ text, look }) => (look ? `<tspan class="${look}">${xml(text)}</tspan>` : xml(text)));
  return `<text x="${px(x)}" y="${px(y)}"${anchor}${size}>${inner.join('')}</text>`;
}

/** The width of such a line. */
export function widthOfSpans(spans: readonly Span[], size = TEXT): number {
  return spans.reduce((sum, { text, look }) => sum + widthOf(text, size, look?.startsWith('b') ?? false), 0);
}

/** A rectangle around a centre. */
export function rect(box: Box, look: string, round: number, inset = 0): string {
  const width = box.width - 2 * inset;
  const height = box.height - 2 * inset;
  const [x, y] = [box.x - width / 2, box.y - height / 2];
  return `<rect class="${look}" x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" rx="${round}"/>`;
}

/** A line without a head. */
export function shaft(line: readonly Point[]): string {
  const [first, ...rest] = line.map(({ x, y }) => `${px(x)} ${px(y)}`);
  return `<path class="line" d="M${first}C${rest.join(' ')}"/>`;
}

/** A line with a head at its end. */
export function arrow(line: readonly Point[]): string {
  const tip = line.at(-1);
  const before = line.at(-4);
  if (!tip || !before) throw new Error('a line needs a beginning and an end');
  const [first, ...rest] = line.slice(0, -3);
  if (!first) throw new Error('a line needs a beginning and an end');
  const at = ({ x, y }: Point) => `${px(x)} ${px(y)}`;
  const length = Math.hypot(tip.x - before.x, tip.y - before.y) || 1;
  const [dx, dy] = [(tip.x - before.x) / length, (tip.y - before.y) / length];
  const side = (sign: number): Point => ({
    x: tip.x - dx * 8 - sign * dy * 3.6,
    y: tip.y - dy * 8 + sign * dx * 3.6,
  });
  const path = `M${at(first)}C${rest.map(at).join(' ')}L${at({ x: tip.x - dx * 6, y: tip.y - dy * 6 })}`;
  return `<path class="line" d="${path}"/><path class="head" d="M${at(tip)}L${at(side(1))}L${at(side(-1))}Z"/>`;
}
