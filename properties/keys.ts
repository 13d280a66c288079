/**
 * When two worlds are the same to whatever comes, and whether an end is a good one.
 */
import type { World } from './world.ts';

/**
 * Equal for worlds that differ only in the names of workers and in calls that are over.
 *
 * Calls are named by their rank among those that are not over: FIFO order matters, absolute ids do not.
 */
export function keyOf(world: World): string {
  const { core, history, procs, left } = world;
  const held = new Set<number>();
  for (const proc of procs) {
    for (const id of proc.calls) held.add(id);
    for (const it of proc.unread) if (typeof it === 'number') held.add(it);
  }
  for (const worker of core.workers.values()) for (const work of worker.held) held.add(work.id);
  const rank = new Map<number, string>();
  for (const { work } of history.calls) {
    const isDone = core.charts.future.has(work.state, 'done');
    // A call that is over matters only while some process still has it.
    if (isDone && !held.has(work.id)) continue;
    const outcome = world.outcomes.get(work.id)?.kind[0] ?? '';
    rank.set(work.id, `${rank.size}${isDone ? 'd' : ''}${outcome}t${work.task}`);
  }
  const name = (id: number): string => rank.get(id) ?? '?';
  const workers = procs.map((proc) => {
    const worker = core.workers.get(proc.id);
    return [
      worker?.state,
      worker?.calls,
      worker?.held.map(({ id }) => name(id)).join('.'),
      proc.phase[0],
      proc.calls.map(name).join('.'),
      proc.unread.map((it) => (typeof it === 'number' ? name(it) : it[0])).join('.'),
      `${+proc.stop}${proc.signal[0]}${+proc.exitTold}${+proc.callsTold}${+proc.endTold}${+proc.deaf}${+proc.mute}`,
      proc.timer?.[0],
    ].join(',');
  });
  const pending = core.queue.places.map((work) => (work ? name(work.id) : '')).join('.');
  return `${core.executor}|${workers.sort().join(';')}|${pending}|${core.unsettled},${core.waits},${+world.joined}|${[...left.values()].join(',')}`;
}

/** Why an end is not a good one, or `undefined`: nothing can happen any more, and yet something is owed. */
export function isSettledWell(world: World): string | undefined {
  const { core } = world;
  if (core.unsettled > 0) return `nothing can happen any more and ${core.unsettled} futures are unsettled`;
  const { executor } = core.charts;
  const isEnding = ['drains', 'fails', 'reaps'].some((tag) => executor.has(core.executor, tag as 'drains'));
  if (isEnding) return `nothing can happen any more in '${executor.name(core.executor)}', which waits for something`;
  if (executor.has(core.executor, 'joined') !== world.joined) return 'joined, and nobody was told';
  return undefined;
}
