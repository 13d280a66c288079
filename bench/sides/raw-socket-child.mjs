/**
 * Stores a payload whole, then sends it back (`echo`), sends a byte (`store`), or sends as many bytes as it was asked
 * for in the first eight (`give`).
 */
import { Socket } from 'node:net';

const [, , mode, length] = process.argv;
const size = Number(length);
const socket = new Socket({ fd: 3 });
socket.on('end', () => process.exit(0)).on('error', () => process.exit(0));
let stored = Buffer.allocUnsafeSlow(mode === 'give' ? 1 : size);
let have = 0;
socket.on('data', (chunk) => {
  have += chunk.copy(stored, have);
  if (have < stored.length) return;
  const whole = stored;
  have = 0;
  // What was stored is the receiver's from here on; the next payload gets memory of its own.
  stored = Buffer.allocUnsafeSlow(stored.length);
  socket.write(mode === 'echo' ? whole : Buffer.alloc(mode === 'give' ? size : 1, 1));
});
