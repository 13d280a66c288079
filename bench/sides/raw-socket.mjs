/** The floor of large payloads: a socket, a child that stores what comes, and the same on the way back. */
import { endChild, socketChild } from './processes.mjs';

const CHILD = new URL('./raw-socket-child.mjs', import.meta.url);

/** @param {'echo' | 'store' | 'give'} mode @param {number} size bytes of the payload */
export function rawSocket(mode, size) {
  const { child, socket } = socketChild(CHILD, [mode, String(size)]);
  const expected = mode === 'store' ? 1 : size;
  let stored = Buffer.alloc(0);
  let have = 0;
  let finish = (/** @type {Buffer} */ _bytes) => {};
  socket.on('data', (chunk) => {
    have += chunk.copy(stored, have);
    if (have === expected) finish(stored);
  });
  return {
    pid: child.pid,
    /** @param {Uint8Array} payload @returns {Promise<Buffer>} */
    send: (payload) =>
      new Promise((resolve) => {
        finish = resolve;
        stored = Buffer.allocUnsafeSlow(expected);
        have = 0;
        socket.write(payload);
      }),
    close: () => endChild(child),
  };
}
