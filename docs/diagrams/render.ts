/** All pictures as text, by file name: what `npm run diagrams` writes and test/diagrams.test.ts compares. */
import { executorMachine } from '../../machines/executor.ts';
import { futureMachine } from '../../machines/future.ts';
import { workerMachine } from '../../machines/worker.ts';
import { svgOf } from './chart-svg.ts';
import { mermaidOf } from './mermaid.ts';
import { overviewMermaid, overviewSvg } from './overview.ts';
import { drawingOf } from './walk.ts';

/** Renders everything; the same machines give the same bytes. */
export async function renderAll(): Promise<Map<string, string>> {
  const drawings = [futureMachine, workerMachine, executorMachine].map(drawingOf);
  const files = new Map<string, string>();
  for (const drawing of drawings) {
    files.set(`${drawing.id}.mmd`, mermaidOf(drawing));
    files.set(`${drawing.id}.svg`, await svgOf(drawing));
  }
  files.set('overview.mmd', overviewMermaid(drawings));
  files.set('overview.svg', await overviewSvg(drawings));
  return files;
}
