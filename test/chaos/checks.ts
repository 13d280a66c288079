/**
 * What must hold of the calls of an episode and of the numbers of its pool.
 */
import { BrokenProcessPool, type ExecutorStats, type Future } from 'procfutures';
import { afterJoined, type CallRecord, judgeCall, judgeItem } from 'procfutures/properties';
import { allSteps, type Plan } from './plan.ts';
import type { Problem } from './report.ts';
import type { Site } from './tasks.ts';
import type { Count, TraceJudgement, TraceLine } from './trace.ts';

/** One call with a future, as the episode has seen it. */
export interface CallView {
  readonly site: Site;
  readonly future: Future<unknown>;
  /** How often each of its two callbacks ran, and how often its promise settled. */
  callbacks: [first: number, second: number];
  promises: number;
  /** What the first callback saw, and what the promise came to. */
  value: unknown;
}

const COUNTS: readonly Count[] = ['succeeded', 'failed', 'cancelled', 'spawned', 'lost', 'dropped'];

/** What is wrong with the numbers that a pool shows after the step that was recorded last. */
export function* judgeStats(
  stats: ExecutorStats,
  state: string,
  line: TraceLine | undefined,
  maxWorkers: number,
): Generator<string> {
  const workers = Object.values(stats.workers).reduce((sum, count) => sum + count, 0);
  const shown = `stats() ${JSON.stringify(stats)} of an executor that is ${state}`;
  if (workers > maxWorkers) yield `${shown}: more workers than maxWorkers ${maxWorkers}`;
  if (state === 'joined' && workers + stats.pending + stats.running > 0) yield `${shown}: something is left`;
  const recorded = line?.state;
  const isEqual =
    state === (recorded?.executor.split('.')[0] ?? 'running') &&
    workers === (recorded?.workers.length ?? 0) &&
    stats.pending === (recorded?.pending ?? 0) &&
    stats.pending + stats.running === (recorded?.unsettled ?? 0) &&
    COUNTS.every((count) => stats[count] === (recorded?.counts[count] ?? 0));
  if (!isEqual) yield `${shown}: the trace says ${JSON.stringify(recorded)}`;
}

/** Judges all calls of an episode that is over. */
export function judgeCalls(
  plan: Plan,
  calls: ReadonlyMap<number, CallView>,
  records: readonly CallRecord[],
  { pids }: TraceJudgement,
): { readonly problems: readonly Problem[]; readonly histories: number } {
  const problems: Problem[] = [];
  const histories = historiesOf(records);
  const items = itemsOf(plan);
  for (const [call, history] of histories) {
    const why = items.has(call) ? judgeItem(history) : judgeCall(history);
    if (why !== undefined) problems.push({ check: 'histories', text: `call ${call}: ${why}` });
  }
  for (const record of afterJoined(records))
    problems.push({
      check: 'leaks',
      text: `process ${(record as { pid: number }).pid} wrote '${record.at}' of a call when the pool had joined`,
    });
  for (const record of records)
    if (record.at === 'start' && !pids.has(record.pid))
      problems.push({ check: 'histories', text: `process ${record.pid} ran a call; the trace knows no such worker` });

  const losses = new Set<unknown>();
  for (const [call, view] of calls) {
    const { callbacks, promises, future, value } = view;
    if (callbacks[0] !== 1 || callbacks[1] !== 1 || promises !== 1 || !future.done())
      problems.push({
        check: 'settled',
        text:
          `call ${call} is ${future.state}: its callbacks ran ${callbacks[0]} and ${callbacks[1]} times, ` +
          `its promise settled ${promises} times`,
      });
    if (!(value instanceof BrokenProcessPool)) continue;
    if (losses.has(value)) problems.push({ check: 'settled', text: `call ${call} shares its error with another` });
    losses.add(value);
    if (value.pid !== undefined && !pids.has(value.pid))
      problems.push({ check: 'values', text: `call ${call} blames process ${value.pid}, which was no worker` });
  }
  return { problems, histories: histories.size };
}

/** The records of each call, those that concern all calls among them. */
export function historiesOf(records: readonly CallRecord[]): Map<number, CallRecord[]> {
  const histories = new Map<number, CallRecord[]>();
  for (const record of records) if ('call' in record && !histories.has(record.call)) histories.set(record.call, []);
  for (const record of records) {
    if ('call' in record) histories.get(record.call)?.push(record);
    else for (const history of histories.values()) history.push(record);
  }
  return histories;
}

/** The calls that are items of a map. */
function itemsOf(plan: Plan): Set<number> {
  const items = new Set<number>();
  for (const step of allSteps(plan.steps))
    if (step.do === 'map') for (const place of step.items.keys()) items.add(step.first + place);
  return items;
}
