/** What a worker cannot be lighter than: its sockets, and one `import()`. */
import { Socket } from 'node:net';

const socket = new Socket({ fd: 3 });
socket.on('end', () => process.exit(0)).on('error', () => process.exit(0));
socket.resume();
await import('../tasks/tasks.mjs');
socket.write('ready');
