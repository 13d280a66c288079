/**
 * Sends 100 MB one way, once, and prints how long it took and how much memory each side needed at its peak, in payloads.
 *
 * `node one-way.mjs ours|raw argument|result`
 */
import { peakMB, resetPeak, residentMB } from '../lib/proc.mjs';
import { openOurs, tasks } from './ours.mjs';
import { rawSocket } from './raw-socket.mjs';

const SIZE = 100_000_000;
const [, , side, direction] = process.argv;

/** Runs `send` with a payload and watches the memory of both processes. */
async function measure(pid, send) {
  const before = { parent: residentMB('self'), worker: residentMB(pid) };
  resetPeak('self');
  resetPeak(pid);
  const payload = direction === 'argument' ? Buffer.alloc(SIZE, 1) : Buffer.alloc(8);
  const began = performance.now();
  const answer = await send(payload);
  const ms = performance.now() - began;
  if (direction === 'result' && answer.length !== SIZE) throw new Error(`${answer.length} bytes came back`);
  const inPayloads = (peak, base) => (peak === undefined ? undefined : ((peak - base) * 2 ** 20) / SIZE);
  return { ms, parent: inPayloads(peakMB('self'), before.parent), worker: inPayloads(peakMB(pid), before.worker) };
}

if (side === 'ours') {
  const pool = await openOurs(1);
  const pid = await pool.submit(tasks.pid);
  // Both ways once with something small, so that neither runs for the first time.
  await pool.submit(tasks.echo, Buffer.alloc(2 ** 18));
  const send = (payload) =>
    direction === 'argument' ? pool.submit(tasks.lengthOf, payload) : pool.submit(tasks.bytes, SIZE);
  console.log(JSON.stringify(await measure(pid, send)));
  await pool.shutdown();
} else {
  const warm = rawSocket('echo', 2 ** 18);
  await warm.send(Buffer.alloc(2 ** 18));
  await warm.close();
  const socket = rawSocket(direction === 'argument' ? 'store' : 'give', SIZE);
  // Until the child has said something once, its start would be part of the time.
  if (direction === 'result') await socket.send(Buffer.alloc(1));
  else await new Promise((resolve) => setTimeout(resolve, 300));
  console.log(JSON.stringify(await measure(socket.pid, (payload) => socket.send(payload))));
  await socket.close();
}
