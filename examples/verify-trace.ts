/**
 * Judges a trace that an executor recorded: `npm start -- --trace run.jsonl`, then
 * `node dist/examples/verify-trace.js run.jsonl`.
 *
 * Every step is taken once more by the core that ships, must lead where it led, and must keep every promise.
 */
import { readFileSync } from 'node:fs';
import { verifyTrace } from 'procfutures/properties';

const [file, ...rest] = process.argv.slice(2);
if (file === undefined || rest.length > 0) {
  console.error('Usage: verify-trace FILE');
  process.exitCode = 2;
} else {
  const trace = read(file);
  if (trace !== undefined) {
    const { isGood, text } = verifyTrace(trace);
    console.log(text);
    process.exitCode = isGood ? 0 : 1;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    console.error(`Cannot read the trace: ${(error as Error).message}`);
    process.exitCode = 2;
    return undefined;
  }
}
