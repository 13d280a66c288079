/**
 * How `checkExecutor` finds a bug in an executor of one's own: `node dist/examples/own-executor.js`.
 *
 * Worth reading for: what it has to be told of an executor (`options` below), and what a failure looks like.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { type CheckOptions, checkExecutor } from 'procfutures/properties';
import { MendedExecutor, SerialExecutor } from './own-executor/serial-executor.ts';

/** The calls that have started, by the executor that runs them. */
const started = new WeakMap<SerialExecutor, Set<number>>();

const options: CheckOptions<SerialExecutor> = {
  submit: (executor, call) =>
    executor.submit(async () => {
      const calls = started.get(executor) ?? new Set();
      started.set(executor, calls.add(call));
      await turn();
      if (call % 5 === 3) throw new Error(`call ${call} fails`);
      return call;
    }),
  hasStarted: (executor, call) => started.get(executor)?.has(call) ?? false,
  // Nothing here takes long: what has not ended by then never does.
  timeout: 250,
};

console.log('An executor with a bug:\n');
await checkExecutor(() => new SerialExecutor(), options).catch((error: Error) => console.log(error.message));

console.log('\nThe same without it:\n');
const { runs, events, seen } = await checkExecutor(() => new MendedExecutor(), options);
console.log(`${runs} runs of ${events} events together keep every promise. What happened in them:`);
for (const what of seen) console.log(`  ${what}`);
