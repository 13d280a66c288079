/**
 * Lanes from outside: starts them, gives them plans, and sees what becomes of them.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { judgeItem } from 'procfutures/properties';
import { historiesOf } from './checks.ts';
import { HistoryFile } from './history.ts';
import type { Answer, Order } from './lane.ts';
import type { Plan } from './plan.ts';
import { leftOnPurpose, processesMarked, send, statOf, within } from './processes.ts';
import type { EpisodeReport, Problem } from './report.ts';
import { judgeTrace } from './trace.ts';

/** Longer than all bounds of an episode together: beyond it the event loop of the lane stands still. */
const STANDSTILL_MS = 60_000;
const ORPHAN_MS = 5_000;
const LANE = new URL('./lane.js', import.meta.url);

/** For tests: another program in place of the lane, and a shorter patience. */
interface LaneOptions {
  readonly program?: URL;
  readonly standstill?: number;
}

/** Runs plans in a process of its own, one after the other; starts another one when that one has ended. */
export class Lane {
  readonly #cwd: string;
  readonly #program: URL;
  readonly #standstill: number;
  #process: ChildProcess | undefined;
  #stderr = '';

  /** @param cwd - where it runs: what a dying worker writes there is nobody's loss */
  constructor(cwd: string, { program = LANE, standstill = STANDSTILL_MS }: LaneOptions = {}) {
    this.#cwd = cwd;
    this.#program = program;
    this.#standstill = standstill;
  }

  /** Runs one plan; its files are written to `dir`. */
  async run(plan: Plan, dir: string): Promise<EpisodeReport> {
    writeFileSync(join(dir, 'plan.json'), `${JSON.stringify(plan, undefined, 2)}\n`);
    const start = performance.now();
    const lane = this.#start();
    const { pid } = lane;
    const answer = await ask(lane, { plan, dir }, this.#standstill);
    if (typeof answer === 'object' && 'report' in answer) return answer.report;
    // It has ended, or is to end now, or does not answer.
    if (answer === 'standstill') lane.kill('SIGKILL');
    await ended(lane);
    this.#process = undefined;
    const report = await judgeRemains(plan, dir, pid as number);
    const { exitCode, signalCode } = lane;
    const problems: Problem[] = [...report.problems];
    const isPlanned = typeof answer === 'object' && (plan.end === 'exit' ? exitCode === 0 : signalCode === 'SIGKILL');
    if (!isPlanned) {
      const end =
        answer === 'standstill'
          ? `stood still for ${this.#standstill} ms and was killed`
          : `ended with code ${exitCode}, signal ${signalCode}`;
      const text = `the process that held the pool ${end}; the end of its stderr: ${this.#stderr}`;
      problems.push({ check: 'parent', text });
    }
    return { ...report, problems, milliseconds: performance.now() - start };
  }

  /** Ends the process. */
  async close(): Promise<void> {
    const lane = this.#process;
    if (!lane) return;
    this.#process = undefined;
    lane.disconnect();
    await ended(lane);
  }

  #start(): ChildProcess {
    if (this.#process?.connected) return this.#process;
    this.#stderr = '';
    const lane = fork(fileURLToPath(this.#program), {
      cwd: this.#cwd,
      execArgv: ['--expose-gc'],
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      serialization: 'json',
    });
    lane.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-4_000);
    });
    this.#process = lane;
    return lane;
  }
}

/** What the lane answers, or what it does instead. */
function ask(lane: ChildProcess, order: Order, standstill: number): Promise<Answer | 'end' | 'standstill'> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle('standstill'), standstill);
    const onMessage = (message: unknown): void => settle(message as Answer);
    const onExit = (): void => settle('end');
    const settle = (answer: Answer | 'end' | 'standstill'): void => {
      clearTimeout(timer);
      lane.off('message', onMessage);
      lane.off('exit', onExit);
      resolve(answer);
    };
    lane.on('message', onMessage);
    lane.on('exit', onExit);
    // One that has just ended says so by its exit.
    lane.send(order, () => {});
  });
}

async function ended(lane: ChildProcess): Promise<void> {
  if (lane.exitCode === null && lane.signalCode === null) await new Promise((resolve) => lane.once('exit', resolve));
}

/**
 * Judges what is left of an episode whose process has ended: no worker outlives it, and what was recorded until then is
 * in order.
 */
export async function judgeRemains(plan: Plan, dir: string, pid: number, bound = ORPHAN_MS): Promise<EpisodeReport> {
  const problems: Problem[] = [];
  const history = new HistoryFile(join(dir, 'history.jsonl'));
  const mark = `PROCFUTURES_TEST_MARK=${pid}`;
  await within(bound, () => {
    // A worker may be about to leave one more.
    for (const left of leftOnPurpose(dir)) send(left, 'SIGKILL');
    return processesMarked(mark).length === 0;
  });
  const orphans = processesMarked(mark);
  for (const orphan of orphans) {
    problems.push({
      check: 'leaks',
      text: `process ${orphan} (${statOf(orphan)?.name ?? 'gone by now'}) outlived the process that held its pool`,
    });
    send(orphan, 'SIGKILL');
  }
  const histories = historiesOf(history.read());
  history.close();
  for (const [call, records] of histories) {
    const why = judgeItem(records);
    if (why !== undefined) problems.push({ check: 'histories', text: `call ${call}: ${why}` });
  }
  // The last line may have been cut.
  const trace = join(dir, 'trace.jsonl');
  const lines = existsSync(trace) ? readFileSync(trace, 'utf8').split('\n').slice(0, -1) : [];
  const traced = judgeTrace(lines, plan.end === 'exit' ? 'processExit' : 'anywhere');
  problems.push(...traced.mismatches.map((text) => ({ check: 'trace' as const, text })));
  return {
    seed: plan.seed,
    problems,
    judged: { leaks: 1, parent: 1, histories: histories.size, trace: traced.events },
    witnesses: [...traced.witnesses, `the process of the pool ended: ${plan.end}`],
    orphans: orphans.length,
    waitedInVain: 0,
    milliseconds: 0,
  };
}
