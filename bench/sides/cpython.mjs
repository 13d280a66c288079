/** CPython's own pool, in a process that is driven by lines. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pythonVersion } from '../lib/machine.mjs';

const SCRIPT = fileURLToPath(new URL('./cpython.py', import.meta.url));

/** `undefined` where there is no python3. */
export function cpython() {
  const version = pythonVersion();
  if (version === undefined) return undefined;
  const child = spawn('python3', [SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    name: `CPython ${version}`,
    /** @param {'tiny' | 'object' | 'bytes' | 'map' | 'first'} what @returns {Promise<number>} seconds */
    async seconds(what, count = 1) {
      child.stdin.write(`${what} ${count}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error(`python3 ended while it was to measure '${what}'; its error stands above.`);
      return Number(value);
    },
    async close() {
      const gone = once(child, 'exit');
      child.stdin.end();
      await gone;
    },
  };
}
