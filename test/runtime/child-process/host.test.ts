/** The host of real processes, asked by its verbs: what keeps the event loop alive, and failures that are thrown. */

import type { Observation } from 'procfutures/machines';
import { describe, expect, it } from 'vitest';
// A worker runs the built `worker/main.js` beside the host, so the sources cannot stand in.
import { childProcessHost } from '../../../dist/runtime/child-process/host.js';
import { resolveOptions } from '../../../dist/runtime/options.js';
import type { ProcessPoolExecutorOptions } from '../../../runtime/options.ts';
import { liveTimers } from '../../helpers/now.ts';

/** How many more timers keep the event loop alive after a deed. */
function change(deed: () => void): number {
  const before = liveTimers();
  deed();
  return liveTimers() - before;
}

/** A host, what it reported, and a promise for the next report of a type. */
function lab(options: ProcessPoolExecutorOptions = {}) {
  const events: Observation[] = [];
  let wake = (): void => {};
  const host = childProcessHost(resolveOptions(options))((event) => {
    events.push(event);
    wake();
  });
  const reported = async (type: Observation['type']): Promise<Observation> => {
    for (;;) {
      const found = events.find((event) => event.type === type);
      if (found) return found;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return { host, events, reported };
}

describe('hold', () => {
  it('keeps the event loop alive until it is let go', () => {
    const { host } = lab();
    const hold = (on: boolean) => change(() => host.hold(on));
    expect([hold(false), hold(true), hold(true), hold(false), hold(true), hold(false)]).toEqual([0, 1, 0, -1, 1, -1]);
  });

  it('lets go while a worker is there, is taken up again, and is gone with the last worker', async () => {
    const { host, reported } = lab();
    const hold = (on: boolean) => change(() => host.hold(on));
    expect(hold(true)).toBe(1);
    host.spawn(0);
    await reported('ready');
    expect([hold(false), hold(true), hold(false)]).toEqual([-1, 1, -1]);
    host.end(0, 'SIGKILL');
    expect(await reported('exited')).toMatchObject({ worker: 0, code: null, signal: 'SIGKILL' });
    // The check after each test sees a timer that is left, also one that keeps nothing alive.
    expect(change(() => host.release(0))).toBe(0);
  });

  it('that is on is not given up with the last worker', async () => {
    const { host, reported } = lab();
    host.hold(true);
    host.spawn(0);
    await reported('ready');
    host.end(0, 'SIGKILL');
    await reported('exited');
    expect(change(() => host.release(0))).toBe(0);
    expect(change(() => host.hold(false))).toBe(-1);
  });
});

describe('a process that cannot be started', () => {
  it.each<[string, ProcessPoolExecutorOptions]>([
    ['is not there', { workerOptions: { execPath: '/nonexistent/node' } }],
    ['has no folder', { workerOptions: { cwd: '/nonexistent' } }],
    ['has more arguments than the system takes', { workerOptions: { execArgv: ['x'.repeat(4_000_000)] } }],
  ])('that %s is reported, later, as the one thing that happens', async (_, options) => {
    const { host, events, reported } = lab(options);
    host.spawn(7);
    expect(events).toEqual([]);
    expect(await reported('spawnFailed')).toEqual({ type: 'spawnFailed', worker: 7, cause: expect.any(Error) });
    host.release(7);
    await new Promise(setImmediate);
    expect(events).toHaveLength(1);
  });
});
