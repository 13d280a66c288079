/** Answers frames of calls: `[[id, name, argument], …]` gives `[[id, value], …]`. */
import { Socket } from 'node:net';
import { echo, inc } from '../tasks/tasks.mjs';
import { frame, readFrames } from './frames.mjs';

const tasks = { inc, echo };
const socket = new Socket({ fd: 3 });
socket.on('end', () => process.exit(0)).on('error', () => process.exit(0));
readFrames(socket, (/** @type {[number, string, unknown][]} */ calls) => {
  socket.write(frame(calls.map(([id, name, argument]) => [id, tasks[name](argument)])));
});
