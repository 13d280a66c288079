/**
 * Real processes whose news arrives late: each event waits some turns of the event loop, as the plan says, so that orders
 * arise which an idle machine would show once in a thousand runs (after Node.fz: Davis et al., EuroSys 2017).
 *
 * What a host promises is kept: the events of a worker stay in order, but for its exit, which may come before, between or
 * after the last outcomes; nothing comes after `release`; a timer that was stopped does not fire.
 */
import type { HostFactory } from 'procfutures/simulation';
import { packageRoot } from './tasks.ts';

type Event = Parameters<Parameters<HostFactory>[0]>[0];
type MakeHost = (options: never) => HostFactory;

/** The host of real processes. It is not public, so it is taken from where the package has it. */
export async function realHost(): Promise<MakeHost> {
  const place = new URL('dist/runtime/child-process/host.js', packageRoot);
  const { childProcessHost } = (await import(place.href)) as { childProcessHost: MakeHost };
  return childProcessHost;
}

/** The same, delayed by so many turns, one number after the other and again from the first. */
export function delayed(make: MakeHost, turns: readonly number[]): MakeHost {
  return (options) => (emit) => {
    const queues = new Map<string, Event[]>();
    const released = new Set<number>();
    let next = 0;

    /** Nobody exits before it was told that it exists. */
    const isUnborn = (worker: number): boolean =>
      queues.get(`${worker} news`)?.some(({ type }) => type === 'spawned') ?? false;

    const deliver = async (key: string, queue: Event[]): Promise<void> => {
      for (let event = queue[0]; event && 'worker' in event; event = queue[0]) {
        const wait = turns[next++ % turns.length] ?? 0;
        for (let turn = 0; turn < wait; turn++) await new Promise(setImmediate);
        while (event.type === 'exited' && isUnborn(event.worker)) await new Promise(setImmediate);
        queue.shift();
        if (!released.has(event.worker)) emit(event);
      }
      queues.delete(key);
    };

    const host = make(options)((event) => {
      // Its host has just seen that it was not stopped; later that may be wrong.
      if (event.type === 'timerFired' || !('worker' in event)) return emit(event);
      const key = `${event.worker} ${event.type === 'exited' ? 'exit' : 'news'}`;
      const queue = queues.get(key);
      if (queue) {
        queue.push(event);
        return;
      }
      const fresh = [event];
      queues.set(key, fresh);
      // Never from inside a verb, nor within the report of another event.
      setImmediate(() => void deliver(key, fresh));
    });
    return {
      spawn: (worker) => host.spawn(worker),
      send: (worker, call) => host.send(worker, call),
      end: (worker, how) => host.end(worker, how),
      timer: (worker, ms) => host.timer(worker, ms),
      release: (worker) => {
        released.add(worker);
        host.release(worker);
      },
      hold: (on) => host.hold(on),
    };
  };
}
