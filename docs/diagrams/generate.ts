/** `npm run diagrams`: writes docs/diagrams/*.{mmd,svg} from the machines. Runs from dist/, writes to the sources. */
import { writeFileSync } from 'node:fs';
import { renderAll } from './render.ts';

renderAll().then((files) => {
  for (const [name, text] of files) {
    writeFileSync(new URL(`../../../docs/diagrams/${name}`, import.meta.url), text);
    console.log(`docs/diagrams/${name}: ${text.length} characters`);
  }
});
