/**
 * Many episodes in one report.
 */
import { CHECKS, type Check, type EpisodeReport, type Problem } from './report.ts';

/** A failing episode, and where its plan, history and trace lie. */
export interface Failure {
  readonly episode: number;
  readonly directory: string;
  readonly problems: readonly Problem[];
}

/** What `--json` writes. */
export interface ChaosReport {
  readonly seed: string;
  readonly episodes: number;
  readonly seconds: number;
  /** Steps of recorded traces that were taken again. */
  readonly eventsValidated: number;
  readonly mismatches: number;
  readonly orphans: number;
  readonly histories: number;
  readonly badHistories: number;
  readonly waitedInVain: number;
  /** The episodes that took longest. */
  readonly slowest: readonly { readonly seed: string; readonly milliseconds: number }[];
  readonly checks: readonly { readonly check: Check; readonly judged: number; readonly failures: number }[];
  /** In how many episodes each interesting thing happened. */
  readonly witnesses: Readonly<Record<string, number>>;
  readonly missingWitnesses: readonly string[];
  readonly failures: readonly Failure[];
  readonly ok: boolean;
}

/** From how many episodes on each of these must have happened: fewer may miss one by chance. */
export const WITNESSES_FROM = 200;

/** A run without one of these has not tried what it is for. */
export const REQUIRED: readonly string[] = [
  'event submit',
  'event cancel',
  'event settle',
  'event shutdown',
  'event terminate',
  'event kill',
  'event collected',
  'event processExit',
  'event costEstimated',
  'event spawned',
  'event spawnFailed',
  'event ready',
  'event outcomeReceived',
  'event callRejected',
  'event callsEnded',
  'event exited',
  'event channelEnded',
  'event faulted',
  'event timerFired',
  'executor joined.clean',
  'executor joined.broken',
  'lost while it was booting',
  'lost while it was idle',
  'lost while it was busy',
  'first news of a death: channelEnded',
  'first news of a death: callsEnded',
  'first news of a death: exited',
  'first news of a death: faulted',
  'first news of a death: timerFired',
  'deadline of a worker that was lost.exited',
  'deadline of a worker that was terminating.asked',
  'deadline of a worker that was terminating.termed',
  'stop to a worker',
  'SIGTERM to a worker',
  'SIGKILL to a worker',
  'SIGKILL from outside',
  'SIGTERM from outside',
  'SIGSTOP from outside',
  'SIGCONT from outside',
  'refused, shutdown',
  'refused, broken',
  'cancel() was true',
  'cancel() was false',
  'a callback threw',
  'a call was sent ahead of another',
  'a late outcome was dropped',
  'a worker was replaced',
  'the reader of a map left',
  'exhaust ended: lost',
  'abort ended: lost',
  'exit ended: lost',
  'spin ended: lost',
  'deaf ended: lost',
  'garbage ended: lost',
  'halfFrame ended: lost',
  'take ended: result',
  'give ended: result',
  'unreachable ended: argument',
  'giveUncopyable ended: uncopyable',
  'missing ended: notFound',
  'leaveGrandchild ended: lost',
  'the process of the pool ended: exit',
  'the process of the pool ended: killed',
];

/** Adds up the reports. */
export function summarize(
  seed: string,
  reports: readonly EpisodeReport[],
  failures: readonly Failure[],
  seconds: number,
  needsWitnesses: boolean,
): ChaosReport {
  const problems = reports.flatMap((report) => report.problems);
  const checks = (Object.keys(CHECKS) as Check[]).map((check) => ({
    check,
    judged: reports.reduce((sum, { judged }) => sum + (judged[check] ?? 0), 0),
    failures: problems.filter((problem) => problem.check === check).length,
  }));
  const witnesses: Record<string, number> = {};
  for (const report of reports)
    for (const name of new Set(report.witnesses)) witnesses[name] = (witnesses[name] ?? 0) + 1;
  const missingWitnesses = needsWitnesses ? REQUIRED.filter((name) => witnesses[name] === undefined) : [];
  const of = (check: Check) => checks.find((it) => it.check === check) as (typeof checks)[number];
  return {
    seed,
    episodes: reports.length,
    seconds: Math.round(seconds * 10) / 10,
    eventsValidated: of('trace').judged,
    mismatches: of('trace').failures,
    orphans: reports.reduce((sum, { orphans }) => sum + orphans, 0),
    histories: of('histories').judged,
    badHistories: of('histories').failures,
    waitedInVain: reports.reduce((sum, { waitedInVain }) => sum + waitedInVain, 0),
    slowest: reports
      .map(({ seed, milliseconds }) => ({ seed, milliseconds: Math.round(milliseconds) }))
      .sort((a, b) => b.milliseconds - a.milliseconds)
      .slice(0, 5),
    checks,
    witnesses: Object.fromEntries(Object.entries(witnesses).sort(([a], [b]) => (a < b ? -1 : 1))),
    missingWitnesses,
    failures,
    ok: failures.length === 0 && missingWitnesses.length === 0,
  };
}

/** The report as a table to read. */
export function tableOf(report: ChaosReport): string {
  const { episodes, seed, seconds, checks, slowest, witnesses, missingWitnesses, orphans, waitedInVain } = report;
  const width = Math.max(...Object.values(CHECKS).map((text) => text.length));
  const rows = checks.map(
    ({ check, judged, failures }) =>
      `${CHECKS[check].padEnd(width)}  ${String(judged).padStart(9)}  ${String(failures).padStart(8)}`,
  );
  const seen = REQUIRED.filter((name) => witnesses[name] !== undefined).length;
  return [
    `${episodes} episodes on real processes, seed ${seed}, ${seconds} s`,
    '',
    `${'what must hold'.padEnd(width)}  ${'judged'.padStart(9)}  failures`,
    ...rows,
    '',
    `left behind: ${orphans}; waits of a plan that ended without their fact: ${waitedInVain}`,
    `slowest: ${slowest.map(({ seed, milliseconds }) => `${seed} ${milliseconds} ms`).join(', ')}`,
    missingWitnesses.length > 0
      ? `did not happen, so that this run shows nothing of it: ${missingWitnesses.join('; ')}`
      : `interesting things that happened: ${Object.keys(witnesses).length}; ` +
        `of the ${REQUIRED.length} that ${WITNESSES_FROM} episodes must see: ${seen}`,
  ].join('\n');
}

/** One failing episode, in words. */
export function failureText({ episode, directory, problems }: Failure): string {
  return [
    `episode ${episode} failed:`,
    ...problems.slice(0, 8).map(({ check, text }) => `  ${check}: ${text}`),
    ...(problems.length > 8 ? [`  and ${problems.length - 8} more, in ${directory}/problems.json`] : []),
    `  plan, history and trace: ${directory}`,
    `  again: npm run chaos -- --replay ${directory}/plan.json --times 10`,
    `  shorter: npm run chaos -- --replay ${directory}/plan.json --shrink`,
  ].join('\n');
}
