/**
 * What a child process runs: reads calls, runs them one after the other, writes what they come to.
 *
 * Results are written synchronously (fd 4 is a blocking socket), so that whatever is written has left this process:
 * neither `process.exit()` in a task nor a crash can lose a result that was flushed. Calls are read as they come
 * (fd 3), so that the event loop stays free for asynchronous tasks.
 *
 * Imports the wire format and nothing heavier: a child starts light.
 */
import { readSync } from 'node:fs';
import { Socket } from 'node:net';
import { type Frame, FrameReader, type JsonValue } from '../wire/frames.ts';
import { BOOT, type Boot, CALLS, type Calls, STOP, STRIDE, type TaskRef } from '../wire/messages.ts';
import { decodeArgs } from '../wire/value.ts';
import { becomeWorker } from './info.ts';
import { exit, Reporter } from './reporter.ts';
import { Runner } from './runner.ts';
import { resolveTask } from './tasks.ts';

const CALLS_FD = 3;
const RESULTS_FD = 4;
/** On Windows a pipe may be read in one way only. */
const CAN_PULL = process.platform !== 'win32';

/** Whoever started this process: a wrapper of the user's, perhaps. */
const parent = process.ppid;
const reporter = new Reporter(RESULTS_FD);
let runner: Runner | undefined;

async function boot([generation, initializer, args]: Boot, segments: Frame['segments']): Promise<void> {
  const counts = becomeWorker(generation);
  try {
    if (initializer !== null) {
      const fn = await resolveTask(initializer);
      await fn(...decodeArgs(args, segments));
    }
  } catch (error) {
    reporter.fault(error);
    exit(1);
  }
  // Its parent died while it was starting, before anything guarded it: nobody would ever ask it to leave.
  if (process.ppid !== parent) exit(0);
  runner = new Runner(reporter, counts);
  reporter.ready();
}

function receive({ kind, payload, segments }: Frame): void {
  switch (kind) {
    case BOOT:
      void boot(payload as unknown as Boot, segments);
      return;
    case CALLS:
      addCalls(payload as Calls, segments);
      runner?.run();
      return;
    case STOP:
      // Handles that a task left open must not keep it here, only calls that are not done.
      if (runner) runner.whenDone(() => exit(0));
      else exit(0);
      return;
  }
}

function addCalls(calls: Calls, segments: Frame['segments']): void {
  for (let at = 0; at < calls.length; at += STRIDE) {
    const [id, ref] = [calls[at] as number, calls[at + 1] as TaskRef];
    runner?.add({ id, ref, form: calls[at + 2] as number, value: calls[at + 3] as JsonValue, segments });
  }
}

/** What lies in the pipe, never waiting: libuv has made it non-blocking. An end or an error is for libuv to tell. */
function readNow(into: Uint8Array, offset: number, length: number): number {
  try {
    return readSync(CALLS_FD, into, offset, length, null);
  } catch {
    return 0;
  }
}

// The default handling follows, unless the user has a handler; either way the parent learns the reason, if it is one.
process.on('uncaughtExceptionMonitor', (error) => {
  if (process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback()) return;
  reporter.fault(error);
});
// `process.exit()` in a task: what finished before it is not lost.
process.on('exit', () => reporter.flush());

const reader = new FrameReader(receive);
const calls = new Socket({ fd: CALLS_FD, readable: true, writable: false });
// The parent is gone or wants nothing more: there is nobody to work for.
calls.on('end', () => exit(0)).on('error', () => exit(0));
calls.on('data', (chunk: Buffer) => {
  reader.push(chunk);
  if (CAN_PULL) reader.pull(readNow);
});
