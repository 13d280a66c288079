/**
 * What the tests of the chaos runner share: fixed plans, and faults to plant in them.
 */
import type { HostFactory, WorkerHost } from 'procfutures/simulation';
import { scratch } from '../helpers/gate.ts';
import { BOUNDS, type Planted, runEpisode } from './episode.ts';
import { realHost } from './jitter.ts';
import type { Plan, PlanOptions, Step } from './plan.ts';
import type { EpisodeReport } from './report.ts';

const OPTIONS: PlanOptions = { maxWorkers: 1, prefetchHorizon: 0, killGrace: 500, output: 'ignore', charts: 'tables' };

/** A plan as a test writes it. */
export function planOf(steps: readonly Step[], more: Partial<Plan> = {}): Plan {
  return { version: 1, seed: 'written by hand', options: OPTIONS, steps, end: 'drain', ...more };
}

export const add = (call: number): Step => ({ do: 'submit', call, spec: { task: 'add', a: call, b: 1 } });

/** Runs a plan here, with short bounds where a planted fault is waited for in vain. */
export async function run(plan: Plan, planted?: Planted): Promise<EpisodeReport> {
  const bounds = planted ? { ...BOUNDS, joined: 1_500, leaks: 300 } : BOUNDS;
  const report = await runEpisode(plan, { dir: scratch(), bounds, ...(planted && { planted }) });
  if (report === 'leave') throw new Error('a plan that ends its process cannot run in a test');
  return report;
}

/** The checks that failed, each once. */
export const failedChecks = ({ problems }: EpisodeReport): string[] => [...new Set(problems.map(({ check }) => check))];

type Emit = Parameters<HostFactory>[0];
type MakeHost = (options: never) => HostFactory;

/** Real processes whose events pass through `tamper`, and whose verbs may be changed by `wrap`. */
export async function tamperedHost(
  tamper: (event: Parameters<Emit>[0], emit: Emit) => void,
  wrap: (host: WorkerHost) => WorkerHost = (host) => host,
): Promise<MakeHost> {
  const make = await realHost();
  return (options) => (emit) => wrap(make(options)((event) => tamper(event, emit)));
}
