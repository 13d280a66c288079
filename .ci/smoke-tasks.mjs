/** The tasks of `smoke.mjs`. */
import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { isWorker, workerInfo } from 'procfutures/worker';

export const square = (n) => n * n;

export const whoAmI = () => ({ isWorker, ...workerInfo() });

export function fail(message) {
  throw Object.assign(new RangeError(message, { cause: new Error('the cause') }), { code: 'E_SMOKE' });
}

/** Returns once the file is there. */
export async function holdUntil(path, value) {
  while (!existsSync(path)) await pause(5);
  return value;
}

export function killSelf() {
  process.kill(process.pid, 'SIGKILL');
}

export const echo = (value) => value;
