/** Where everything goes: Graphviz (as WebAssembly, no browser) places boxes, lines and labels whose sizes are given. */
import { instance } from '@viz-js/viz';

export interface Point {
  readonly x: number;
  readonly y: number;
}
/** A rectangle by its centre. */
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** What is to be placed; sizes in pixels. */
export interface Sketch {
  readonly direction: 'TB' | 'LR';
  readonly nodes: readonly { id: string; width: number; height: number }[];
  readonly boxes: readonly { id: string; title: number; nodes: readonly string[] }[];
  readonly edges: readonly SketchEdge[];
  readonly nodeGap: number;
  readonly rankGap: number;
}
export interface SketchEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** The box at whose border the line begins, instead of at the node. */
  readonly fromBox?: string;
  readonly label?: { width: number; height: number };
  readonly weight?: number;
  /** Whether the line ends without a head. */
  readonly headless?: boolean;
}

/** The answer. A line is a chain of cubic Bézier curves: one point, then three for each curve. */
export interface Placed {
  readonly width: number;
  readonly height: number;
  readonly nodes: ReadonlyMap<string, Box>;
  readonly boxes: ReadonlyMap<string, Box>;
  readonly edges: ReadonlyMap<string, { line: readonly Point[]; label: Point | undefined }>;
}

interface GraphvizJson {
  readonly bb: string;
  readonly objects?: readonly { name: string; bb?: string; pos?: string; width?: string; height?: string }[];
  readonly edges?: readonly { id: string; pos: string; lp?: string }[];
}

/** Places a sketch; the same sketch is placed the same way every time. */
export async function place(sketch: Sketch): Promise<Placed> {
  const viz = await instance();
  const json = viz.renderJSON(dotOf(sketch)) as GraphvizJson;
  const [, , width = 0, height = 0] = numbers(json.bb);
  const flip = (x = 0, y = 0): Point => ({ x, y: height - y });
  const nodes = new Map<string, Box>();
  const boxes = new Map<string, Box>();
  for (const { name, bb, pos, width: w, height: h } of json.objects ?? []) {
    if (bb && name.startsWith('cluster_')) {
      const [left = 0, low = 0, right = 0, high = 0] = numbers(bb);
      const middle = flip((left + right) / 2, (low + high) / 2);
      boxes.set(name.slice('cluster_'.length), { ...middle, width: right - left, height: high - low });
    } else if (pos) {
      nodes.set(name, { ...flip(...numbers(pos)), width: Number(w) * 72, height: Number(h) * 72 });
    }
  }
  const edges = new Map<string, { line: Point[]; label: Point | undefined }>();
  for (const { id, pos, lp } of json.edges ?? []) {
    const end = /e,(\S+)/.exec(pos)?.[1];
    const line = pos.split(' ').filter((part) => !part.startsWith('e,') && !part.startsWith('s,'));
    const points = line.map((part) => flip(...numbers(part)));
    if (end) points.push(...Array.from({ length: 3 }, () => flip(...numbers(end))));
    edges.set(id, { line: points, label: lp ? flip(...numbers(lp)) : undefined });
  }
  return { width, height, nodes, boxes, edges };
}

function dotOf({ direction, nodes, boxes, edges, nodeGap, rankGap }: Sketch): string {
  const inches = (pixels: number) => (pixels / 72).toFixed(4);
  const node = ({ id, width, height }: Sketch['nodes'][number]) =>
    `"${id}" [width=${inches(width)}, height=${inches(height)}];`;
  const inside = new Set(boxes.flatMap((box) => box.nodes));
  return [
    'digraph {',
    `compound=true; rankdir=${direction}; nodesep=${inches(nodeGap)}; ranksep=${inches(rankGap)};`,
    'node [shape=box, fixedsize=true, label=""]; edge [arrowsize=0.7];',
    ...nodes.filter(({ id }) => !inside.has(id)).map(node),
    ...boxes.flatMap((box) => [
      `subgraph "cluster_${box.id}" { margin=16; label=<${blank(box.title, 18)}>; labeljust=l;`,
      ...nodes.filter(({ id }) => box.nodes.includes(id)).map(node),
      '}',
    ]),
    ...edges.map(({ id, from, to, fromBox, label, weight, headless }) => {
      const attributes = [`id="${id}"`];
      if (fromBox) attributes.push(`ltail="cluster_${fromBox}"`);
      if (label) attributes.push(`label=<${blank(label.width, label.height)}>`);
      if (weight !== undefined) attributes.push(`weight=${weight}`);
      if (headless) attributes.push('arrowhead=none');
      return `"${from}" -> "${to}" [${attributes.join(', ')}];`;
    }),
    '}',
  ].join('\n');
}

/** A label of a given size and nothing in it: Graphviz keeps the room, and we write the text. */
function blank(width: number, height: number): string {
  const size = `WIDTH="${Math.ceil(width)}" HEIGHT="${Math.ceil(height)}"`;
  return `<TABLE BORDER="0" CELLBORDER="0" CELLPADDING="0" CELLSPACING="0" FIXEDSIZE="TRUE" ${size}><TR><TD></TD></TR></TABLE>`;
}

function numbers(text: string): number[] {
  return text.split(',').map(Number);
}
