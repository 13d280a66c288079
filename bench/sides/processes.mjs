/** Starting and ending child processes of our own, for the sides that are no library. */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A Node child with one duplex socket on fd 3. @param {URL} script @param {string[]} [args] */
export function socketChild(script, args = []) {
  const child = spawn(process.execPath, [fileURLToPath(script), ...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  });
  return { child, socket: /** @type {import('node:net').Socket} */ (child.stdio[3]) };
}

/** A child of `fork`. @param {URL} script @param {import('node:child_process').ForkOptions} [options] */
export function forkChild(script, options) {
  return fork(fileURLToPath(script), options);
}

/** Ends a child and waits for it. @param {import('node:child_process').ChildProcess} child */
export async function endChild(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
