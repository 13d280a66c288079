/**
 * `npm run chaos`: random lives of pools on real processes, each judged when it is over.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Args, argsFrom, USAGE } from './args.ts';
import { makePlan } from './generate.ts';
import { Lane } from './lanes.ts';
import { type Plan, parsePlan } from './plan.ts';
import type { EpisodeReport } from './report.ts';
import { shrink } from './shrink.ts';
import { type Failure, failureText, summarize, tableOf, WITNESSES_FROM } from './summary.ts';

const PROGRESS_MS = 5_000;
const FAILURES_TOLD = 5;

/** Runs plans on several lanes, the next one on whichever is free. */
class Run {
  readonly #base = mkdtempSync(join(tmpdir(), 'procfutures-chaos-'));
  readonly #lanes: readonly Lane[];
  readonly reports: EpisodeReport[] = [];
  readonly failures: Failure[] = [];
  #next = 0;

  constructor(lanes: number) {
    this.#lanes = Array.from({ length: lanes }, () => new Lane(this.#base));
  }

  /** Runs all plans, and tells of each failure as it happens. */
  async all(plans: readonly Plan[], tell: (text: string) => void): Promise<void> {
    const start = performance.now();
    const progress = setInterval(() => {
      const seconds = Math.round((performance.now() - start) / 1000);
      tell(`${this.reports.length} of ${plans.length} episodes, ${this.failures.length} failed, ${seconds} s`);
    }, PROGRESS_MS);
    const queue = plans.values();
    await Promise.all(
      this.#lanes.map(async (lane) => {
        for (const plan of queue) {
          const failure = await this.one(plan, lane);
          if (failure) tell(failureText(failure));
        }
      }),
    );
    clearInterval(progress);
  }

  /** Runs one plan; the files of a good end are removed. */
  async one(plan: Plan, lane: Lane = this.#lanes[0] as Lane): Promise<Failure | undefined> {
    const episode = this.#next++;
    const directory = join(this.#base, `episode-${episode}`);
    mkdirSync(directory);
    const report = await lane.run(plan, directory);
    this.reports.push(report);
    if (report.problems.length === 0) {
      rmSync(directory, { recursive: true, force: true });
      return undefined;
    }
    writeFileSync(join(directory, 'problems.json'), `${JSON.stringify(report.problems, undefined, 2)}\n`);
    const failure = { episode, directory, problems: report.problems };
    this.failures.push(failure);
    return failure;
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.close()));
    if (this.failures.length === 0) rmSync(this.#base, { recursive: true, force: true });
  }
}

function plansFor({ episodes, seed, replay, times }: Args): readonly Plan[] {
  if (replay === undefined)
    return Array.from({ length: episodes }, (_, episode) => makePlan(seed, episode, { parentMayDie: true }));
  const plan = readPlan(replay);
  return Array.from({ length: times }, () => plan);
}

function readPlan(file: string): Plan {
  // npm runs scripts in the folder of the package, and its user may be elsewhere.
  return parsePlan(readFileSync(resolve(process.env.INIT_CWD ?? '.', file), 'utf8'));
}

async function main(args: Args): Promise<boolean> {
  const start = performance.now();
  if (args.shrink) return shrinkPlan(args);
  const tell = (text: string): void => console.log(text);
  tell(args.replay === undefined ? `chaos: seed ${args.seed}` : `chaos: again ${args.replay}, ${args.times} times`);
  const run = new Run(args.lanes);
  await run.all(plansFor(args), tell);
  await run.close();
  const needsWitnesses = args.replay === undefined && args.episodes >= WITNESSES_FROM;
  const seconds = (performance.now() - start) / 1000;
  const report = summarize(args.seed, run.reports, run.failures, seconds, needsWitnesses);
  console.log(`\n${tableOf(report)}`);
  // Once more, since a log is read from its end.
  for (const failure of run.failures.slice(0, FAILURES_TOLD)) console.log(`\n${failureText(failure)}`);
  if (args.json !== undefined)
    writeFileSync(resolve(process.env.INIT_CWD ?? '.', args.json), `${JSON.stringify(report, undefined, 2)}\n`);
  return report.ok;
}

async function shrinkPlan({ replay, times }: Args): Promise<boolean> {
  const run = new Run(1);
  let last: Failure | undefined;
  const fails = async (plan: Plan): Promise<boolean> => {
    for (let i = 0; i < times; i++) {
      const failure = await run.one(plan);
      if (!failure) continue;
      if (last) rmSync(last.directory, { recursive: true, force: true });
      last = failure;
      console.log(`fails with ${plan.steps.length} steps: ${failure.problems[0]?.text.slice(0, 100)}`);
      return true;
    }
    return false;
  };
  const plan = readPlan(replay as string);
  const isFailing = await fails(plan);
  if (isFailing) await shrink(plan, fails);
  await run.close();
  console.log(last ? failureText(last) : `The plan did not fail in ${times} runs.`);
  return !isFailing;
}

let args: Args | undefined;
try {
  args = argsFrom(process.argv.slice(2), () => Math.random().toString(36).slice(2, 10));
} catch (error) {
  console.error(`${(error as Error).message}\n\n${USAGE}`);
  process.exitCode = 2;
}
if (args?.help) console.log(USAGE);
else if (args) process.exitCode = (await main(args)) ? 0 : 1;
