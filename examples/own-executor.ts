/**
 * How `checkExecutor` finds a bug in an executor of one's own: `node dist/examples/own-executor.js`.
 *
 * Worth reading for: what it has to be told of an executor (`options` below), and what a failure looks like.
 */
import { type CheckOptions, checkExecutor } from 'procfutures/properties';
import { MendedExecutor, SerialExecutor } from './own-executor/serial-executor.ts';

const options: CheckOptions<SerialExecutor> = {
  // The task is the checker's: it knows what it comes to, and sees when and how often it is run.
  submit: (executor, _call, task) => executor.submit(task),
  workers: 1,
  // Nothing here takes long: what has not ended by then never does.
  timeout: 250,
};

console.log('An executor with a bug:\n');
await checkExecutor(() => new SerialExecutor(), options).catch((error: Error) => console.log(error.message));

console.log('\nThe same without it:\n');
const { runs, events, seen } = await checkExecutor(() => new MendedExecutor(), options);
console.log(`${runs} runs of ${events} events together keep every promise. What happened in them:`);
for (const what of seen) console.log(`  ${what}`);
