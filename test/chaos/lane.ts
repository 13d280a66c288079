/**
 * The process that holds the pools: runs one episode after the other, as `main.ts` asks. It is a process of its own so
 * that what an episode does to it (a hang, an uncaught error, its own end) is seen from outside.
 */
import { markDescendants, watchTimers } from '../helpers/facts.ts';
import { runEpisode } from './episode.ts';
import type { Plan } from './plan.ts';
import type { EpisodeReport, Problem } from './report.ts';

/** What a lane is asked. */
export interface Order {
  readonly plan: Plan;
  readonly dir: string;
}

/** What it answers: the report, or that it is about to end as its plan says. */
export type Answer = { readonly report: EpisodeReport } | { readonly leaving: 'exit' | 'killed' };

/** Errors that nobody caught belong to the episode that runs. */
let uncaught: Problem[] = [];

function note(kind: string, error: unknown): void {
  uncaught.push({ check: 'parent', text: `${kind}: ${error instanceof Error ? error.stack : String(error)}` });
}

function answer(message: Answer): Promise<void> {
  return new Promise((resolve) => process.send?.(message, () => resolve()));
}

async function obey({ plan, dir }: Order): Promise<void> {
  uncaught = [];
  const report = await runEpisode(plan, { dir });
  if (report !== 'leave') {
    await answer({ report: { ...report, problems: [...report.problems, ...uncaught] } });
    return;
  }
  await answer({ leaving: plan.end as 'exit' | 'killed' });
  if (plan.end === 'exit') process.exit(0);
  process.kill(process.pid, 'SIGKILL');
}

watchTimers();
markDescendants();
process.on('uncaughtException', (error) => note('an uncaught exception', error));
process.on('unhandledRejection', (reason) => note('an unhandled rejection', reason));
process.on('message', (order: Order) => {
  obey(order).catch((error: unknown) => {
    const text = `the episode itself failed: ${error instanceof Error ? error.stack : String(error)}`;
    const problems = [...uncaught, { check: 'parent' as const, text }];
    const nothing = { judged: {}, witnesses: [], orphans: 0, waitedInVain: 0, milliseconds: 0 };
    void answer({ report: { seed: order.plan.seed, problems, ...nothing } });
  });
});
