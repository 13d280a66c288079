/** The plainest framing there is: four bytes of length, then what `v8.serialize` wrote. */
import { deserialize, serialize } from 'node:v8';

/** @param {unknown} value */
export function frame(value) {
  const body = serialize(value);
  const bytes = Buffer.allocUnsafe(4 + body.length);
  bytes.writeUInt32LE(body.length, 0);
  body.copy(bytes, 4);
  return bytes;
}

/** Calls `onFrame` with each value that comes. @param {import('node:net').Socket} socket */
export function readFrames(socket, onFrame) {
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (bytes.length >= 4) {
      const length = bytes.readUInt32LE(0);
      if (bytes.length < 4 + length) break;
      const value = deserialize(bytes.subarray(4, 4 + length));
      bytes = bytes.subarray(4 + length);
      onFrame(value);
    }
    rest = bytes;
  });
}
