/** `npm run tables`: writes machines/compiled/ from the machines. Runs from dist/, writes to the sources. */
import { writeFileSync } from 'node:fs';
import { compile, lintMachine, printTable } from './compile.ts';
import { executorMachine } from './executor.ts';
import { futureMachine } from './future.ts';
import { workerMachine } from './worker.ts';

for (const machine of [futureMachine, workerMachine, executorMachine]) {
  const complaints = lintMachine(machine);
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
  const file = new URL(`../../machines/compiled/${machine.id}.ts`, import.meta.url);
  writeFileSync(file, printTable(machine));
  const { states, cells } = compile(machine);
  console.log(`machines/compiled/${machine.id}.ts: ${states.length} states, ${cells.length} rows`);
}
