/** A machine as Mermaid text (`stateDiagram-v2`), which forges render by themselves and reviews can compare. */
import { ANY, type Edge, factor, linesOf } from './factor.ts';
import type { Drawing, Leaf } from './walk.ts';

/** The first line of each Mermaid file. */
export const mermaidHeader = (source: string): string =>
  `%% Generated from ${source} by docs/diagrams/generate.ts: do not edit, run 'npm run diagrams'.`;

/** A path as a Mermaid id. */
export const idOf = (path: string): string => path.replaceAll('.', '_');

/** What an event is answered with: `cancel / publish`, `exited [in idle] / noteIdle`. */
export function labelOf(event: string, effects: readonly string[], within: readonly string[] = []): string {
  const guard = within.length > 0 ? ` [in ${within.join(', ')}]` : '';
  return `${event}${guard}${effects.length > 0 ? ` / ${effects.join(', ')}` : ''}`;
}

/** The whole file. */
export function mermaidOf(drawing: Drawing): string {
  const { any, edges } = factor(drawing);
  const inBox = new Set(drawing.composites.flatMap(({ leaves }) => leaves));
  const lines = [mermaidHeader(`machines/${drawing.id}.ts`), 'stateDiagram-v2', '  direction TB'];
  const entry = drawing.initialEffects.length > 0 ? ` : / ${drawing.initialEffects.join(', ')}` : '';
  // Not a box around them, as in the SVG: Mermaid lays the labels of arrows between boxes over each other.
  if (any.length > 0) lines.push(`  state "<i>any of</i><br/>${any.join(', ')}" as ${ANY}`);
  for (const { path, leaves, initial } of drawing.composites) {
    lines.push(`  state "${path}" as ${idOf(path)} {`);
    for (const leaf of drawing.leaves.filter((it) => leaves.includes(it.path)))
      lines.push(stateOf(drawing, leaf, '    '));
    lines.push(`    [*] --> ${idOf(initial)}`, '  }');
  }
  for (const leaf of drawing.leaves.filter(({ path }) => !inBox.has(path))) lines.push(stateOf(drawing, leaf, '  '));
  lines.push(`  [*] --> ${idOf(drawing.initial)}${entry}`);
  for (const edge of edges) lines.push(arrowOf(edge));
  for (const { path, final } of drawing.leaves) if (final) lines.push(`  ${idOf(path)} --> [*]`);
  return `${lines.join('\n')}\n`;
}

/** A state: its name, its description, why it leaves, and what it answers without leaving. */
function stateOf(drawing: Drawing, { path, name, description }: Leaf, indent: string): string {
  const reasons = drawing.arrows.filter(({ from }) => from === path);
  const answers = drawing.answers.filter(({ from }) => from === path);
  const text = [
    `<b>${name}</b>`,
    description,
    ...reasons.map((it) => `${it.event} <i>${it.description}</i>`),
    ...answers.map((it) => `${labelOf(it.event, it.effects)} <i>${it.description}</i>`),
  ];
  return `${indent}state "${text.join('<br/>')}" as ${idOf(path)}`;
}

/** An arrow; the reasons are in the state that it leaves, since Mermaid lets long labels overlap. */
function arrowOf(edge: Edge): string {
  const label = linesOf(edge).map(({ event, effects, within }) => labelOf(event, effects, within));
  return `  ${idOf(edge.from)} --> ${idOf(edge.to)} : ${label.join('<br/>')}`;
}
