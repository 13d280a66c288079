/** The plot: bars for each pool, lines for what grows with the number of items. Readable on light and on dark. */
import { figure } from '../lib/print.mjs';

const WIDTH = 860;
const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328; }
  .title { font-weight: 600; font-size: 14px; }
  .soft { fill: #6e7781; font-size: 11px; }
  .rule { stroke: #d0d7de; fill: none; }
  .mine { fill: #0969da; } .floor { fill: #1a7f37; } .other { fill: #8c959f; }
  .line { fill: none; stroke-width: 2; stroke: #0969da; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .soft { fill: #9198a1; }
    .rule { stroke: #3d444d; }
    .mine { fill: #4493f8; } .floor { fill: #3fb950; } .other { fill: #656c76; }
    .line { stroke: #4493f8; }
  }`;

const escaped = (/** @type {string} */ text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
const text = (x, y, content, attributes = '') => `<text x="${x}" y="${y}" ${attributes}>${escaped(content)}</text>`;

/** @param {{ rows: Record<string, import('../run.mjs').Row> }} run */
export function plot({ rows }) {
  const parts = [];
  let y = 10;
  for (const name of ['tiny', 'object', 'roundtrip', 'first']) {
    if (!rows[name]) continue;
    const { svg, height } = bars(rows[name], y);
    parts.push(svg);
    y += height + 26;
  }
  if (rows.curves) {
    const { svg, height } = lines(rows.curves.curves, y);
    parts.push(svg);
    y += height + 10;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img">
<title>procfutures beside other pools, and its cost an item by number of items</title>
<style>${STYLE}
</style>
${parts.join('\n')}
</svg>
`;
}

const classOf = (/** @type {string} */ name) =>
  name.startsWith('procfutures') ? 'mine' : /framed|fork|raw/.test(name) ? 'floor' : 'other';

/** Medians as bars, the shortest first; a logarithmic scale, since they lie a hundredfold apart. */
function bars(row, top) {
  const left = 270;
  const room = WIDTH - left - 90;
  const sides = Object.entries(row.sides).sort((a, b) => a[1].median - b[1].median);
  const low = Math.min(...sides.map(([, side]) => side.median)) / 2;
  const high = Math.max(...sides.map(([, side]) => side.median));
  const wide = (/** @type {number} */ value) => (Math.log(value / low) / Math.log(high / low)) * room;
  const out = [text(10, top + 14, `${row.title}, ${row.unit}`, 'class="title"')];
  out.push(text(WIDTH - 10, top + 14, 'logarithmic; shorter is faster', 'class="soft" text-anchor="end"'));
  sides.forEach(([name, { median }], i) => {
    const y = top + 26 + i * 20;
    const width = wide(median).toFixed(1);
    out.push(text(left - 8, y + 12, name, 'text-anchor="end"'));
    out.push(`<rect class="${classOf(name)}" x="${left}" y="${y}" width="${width}" height="15" rx="2"/>`);
    out.push(text(left + Number(width) + 6, y + 12, figure(median)));
  });
  return { svg: out.join('\n'), height: 26 + sides.length * 20 };
}

/** One small panel for each operation: microseconds an item, by number of items. */
function lines(curves, top) {
  const names = Object.keys(curves);
  const across = 3;
  const [panel, height] = [WIDTH / across, 150];
  const out = [text(10, top + 14, 'µs an item, by number of items (both logarithmic)', 'class="title"')];
  names.forEach((name, i) => {
    const x = (i % across) * panel + 40;
    const y = top + 34 + Math.floor(i / across) * height;
    const [width, tall] = [panel - 70, height - 54];
    const points = curves[name];
    const counts = points.map(({ count }) => Math.log10(count));
    const span = Math.max(...counts) - Math.min(...counts) || 1;
    const across10 = (/** @type {number} */ count) => x + ((Math.log10(count) - counts[0]) / span) * width;
    // Every panel spans three decades around its own middle, so that a slope means the same in all of them.
    const middle = points.reduce((sum, { micros }) => sum + Math.log10(micros), 0) / points.length;
    const down = (/** @type {number} */ micros) => y + tall / 2 - ((Math.log10(micros) - middle) / 3) * tall;
    out.push(text(x, y + 2, name));
    out.push(`<path class="rule" fill="none" d="M${x} ${y + 8}V${y + tall}H${x + width}"/>`);
    const path = points.map(({ count, micros }) => `${across10(count).toFixed(1)} ${down(micros).toFixed(1)}`);
    out.push(`<polyline class="line" points="${path.join(' ')}"/>`);
    for (const { count, micros } of points) {
      out.push(`<circle class="mine" cx="${across10(count).toFixed(1)}" cy="${down(micros).toFixed(1)}" r="3"/>`);
      out.push(
        text(
          across10(count).toFixed(1),
          (down(micros) - 8).toFixed(1),
          figure(micros),
          'class="soft" text-anchor="middle"',
        ),
      );
      out.push(
        text(
          across10(count).toFixed(1),
          y + tall + 14,
          `1e${Math.round(Math.log10(count))}`,
          'class="soft" text-anchor="middle"',
        ),
      );
    }
  });
  return { svg: out.join('\n'), height: 34 + Math.ceil(names.length / across) * height };
}
