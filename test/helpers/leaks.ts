/**
 * Setup of every test file: a test that leaves something behind fails, and so does one that provokes a process warning
 * (see `expectWarning`). Unhandled rejections fail the run by the runner's own doing.
 *
 * The world is compared with what it was before the test, again and again until the deadline, since the end of a process
 * or pipe is told later than it happens. The check is the last thing of a test: after its afterEach and onTestFinished.
 * Tests of one file run one after another; `concurrent` ones could not be told apart.
 *
 * One thing may stay, deliberately: the first pool of a process registers its one 'exit' listener, for good.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { describeLeaks, type Facts, findLeaks, type Leak, markDescendants, readFacts, watchTimers } from './facts.ts';
import { awaitsWarning, noteWarning, settleWarnings } from './warnings.ts';

export { expectWarning } from './warnings.ts';

/** How long an end may take; the self-test of this check shortens it. */
const DEADLINE = Number(process.env.PROCFUTURES_TEST_LEAK_DEADLINE ?? 5_000);
const EXIT = "process 'exit'";

watchTimers();
markDescendants();

// Node's own listener only prints; a warning is reported as a failure here, and an announced one is no news.
const printers = process.listeners('warning');
for (const listener of printers) process.off('warning', listener);
process.on('warning', noteWarning);

const exitListeners = process.listenerCount('exit');

function baseline(): Facts {
  const facts = readFacts();
  const listeners = new Map(facts.listeners);
  listeners.set(EXIT, Math.max(exitListeners + 1, listeners.get(EXIT) ?? 0));
  return { ...facts, listeners };
}

/** What is still there at the deadline; ends the processes among it, so that no later test meets them. */
async function leaksSince(before: Facts, deadline: number): Promise<Leak[]> {
  const end = performance.now() + deadline;
  for (;;) {
    // A turn of the event loop first: ends and warnings that are already on their way arrive.
    await new Promise(setImmediate);
    const leaks = findLeaks(before);
    if (leaks.length === 0 && !awaitsWarning()) return [];
    if (performance.now() >= end) {
      for (const { pid } of leaks) if (pid !== undefined) kill(pid);
      return leaks;
    }
    await pause(10);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

let atStart: Facts | undefined;
let told = false;

beforeAll(() => {
  atStart = baseline();
});

beforeEach(({ onTestFinished }) => {
  const before = baseline();
  // Callbacks of onTestFinished run in reverse, and this one is the first to be registered.
  onTestFinished(async ({ task }) => {
    // A test that failed has said what is wrong; what it left is a consequence, to be cleared and not to be told.
    const failed = task.result?.state === 'fail';
    const leaks = await leaksSince(before, failed ? 0 : DEADLINE);
    const complaints = settleWarnings();
    told ||= failed || leaks.length + complaints.length > 0;
    if (failed) return;
    if (leaks.length > 0) complaints.unshift(describeLeaks(leaks, DEADLINE));
    if (complaints.length > 0) throw new Error(complaints.join('\n\n'));
  });
});

// What beforeAll and afterAll of a file leave, or what is told only after its last test.
afterAll(async () => {
  const leaks = atStart === undefined || told ? [] : await leaksSince(atStart, DEADLINE);
  const complaints = settleWarnings();
  process.off('warning', noteWarning);
  for (const listener of printers) process.on('warning', listener);
  if (leaks.length > 0) complaints.unshift(describeLeaks(leaks, DEADLINE));
  if (complaints.length > 0) throw new Error(`after the last test of this file: ${complaints.join('\n\n')}`);
});
