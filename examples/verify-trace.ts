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
  const { isGood, text } = verifyTrace(readFileSync(file, 'utf8'));
  console.log(text);
  process.exitCode = isGood ? 0 : 1;
}
