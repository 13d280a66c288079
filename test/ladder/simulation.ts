/**
 * L5 and L8: deterministic simulation of the whole runtime in virtual time, and the histories of its calls.
 */
import { verifyTrace } from '../../properties/index.ts';
import { measureSpeed, paceInWords, type Speed } from '../../properties/ladder/pace.ts';
import { chartsOf, grouped, type Rung, type Setting } from '../../properties/ladder/rung.ts';
import { differentLogs } from './call-log.ts';
import { withoutStacks, withoutWarnings } from './quiet.ts';
import { runSchedule, type Scenario, type ScheduleOptions, type ScheduleResult } from './schedule.ts';
import { Sights } from './sights.ts';
import { METHODS } from './strategy.ts';

/** One schedule in so many is recorded and run twice. */
const TWICE = 100;
/** Promises have their turn after so many schedules. */
const TURN = 50;
const FASTEST = 5_000;
/** Fewer different histories would be a world in which nothing happens. */
const DIFFERENT = 300;
/** So many are measured together. */
const ROUND = 1_000;
const ENOUGH = 5;

/** What came of many schedules. */
export interface Simulated {
  schedules: number;
  events: number;
  calls: number;
  recorded: number;
  /** Runs that broke a promise, that differed when they were repeated, and histories that nothing explains. */
  readonly failures: string[];
  readonly nondeterministic: string[];
  readonly badHistories: string[];
  readonly seen: ReadonlySet<string>;
}

/** Runs schedules with seeds from 1 up, the methods in turn; every step of every one is judged. */
export async function simulateMany(
  schedules: number,
  options: Pick<ScheduleOptions, 'charts' | 'wrap'> = {},
  progress: Setting['progress'] = () => {},
): Promise<Simulated> {
  const sights = new Sights();
  const result: Simulated = {
    schedules: 0,
    events: 0,
    calls: 0,
    recorded: 0,
    failures: [],
    nondeterministic: [],
    badHistories: [],
    seen: sights.seen,
  };
  let promising: { readonly scenario: Scenario; readonly brokenPromise: () => string | undefined }[] = [];
  for (let seed = 1; seed <= schedules && result.failures.length < ENOUGH; seed++) {
    const scenario = scenarioOf(seed);
    let run = quietly(() => withoutStacks(() => runSchedule(scenario, { ...options, sights })));
    // Again, for the stacks that it was spared.
    if (run.trouble !== undefined) run = again(scenario, options, result.failures.length === 0);
    take(result, scenario, run);
    if (seed % TWICE === 0) repeat(result, scenario, options);
    promising.push({ scenario, brokenPromise: run.brokenPromise });
    if (promising.length < TURN && seed < schedules) continue;
    await new Promise(setImmediate);
    for (const { scenario: its, brokenPromise } of promising) {
      const why = brokenPromise();
      if (why !== undefined) result.failures.push(`${inWords(its)}: ${why}`);
    }
    promising = [];
    if (seed % 1000 === 0) progress(`${grouped(seed)} of ${grouped(schedules)} schedules`);
  }
  return result;
}

/** A schedule that has failed once more: with its stacks, and of the first one the steps. */
function again(
  scenario: Scenario,
  options: Pick<ScheduleOptions, 'charts' | 'wrap'>,
  isFirst: boolean,
): ScheduleResult {
  const lines: string[] = [];
  const trace = (line: string): void => void lines.push(line);
  const run = quietly(() => runSchedule(scenario, isFirst ? { ...options, trace } : options));
  if (!isFirst) return run;
  const { text } = verifyTrace(lines, options.charts ? { charts: options.charts } : {});
  return { ...run, trouble: `${run.trouble}\n${text}` };
}

function scenarioOf(seed: number): Scenario {
  return { seed, method: METHODS[seed % METHODS.length] as Scenario['method'] };
}

/** A process that outlives SIGKILL is one of the things that happen here. */
function quietly<T>(action: () => T): T {
  return withoutWarnings('PROCFUTURES_UNKILLABLE', action);
}

function take(result: Simulated, scenario: Scenario, { events, calls, trouble, badHistory }: ScheduleResult): void {
  result.schedules++;
  result.events += events;
  result.calls += calls;
  if (trouble !== undefined) result.failures.push(`${inWords(scenario)}: ${trouble}`);
  else if (badHistory !== undefined) result.badHistories.push(`${inWords(scenario)}: ${badHistory}`);
}

/** Twice with a recording: both must be equal to the letter, and good when they are judged as one of production is. */
function repeat(result: Simulated, scenario: Scenario, options: Pick<ScheduleOptions, 'charts' | 'wrap'>): void {
  const [first, second] = [0, 1].map(() => {
    const lines: string[] = [];
    quietly(() => runSchedule(scenario, { ...options, trace: (line) => lines.push(line) }));
    return lines;
  }) as [string[], string[]];
  result.recorded++;
  const place = first.findIndex((line, i) => line !== second[i]);
  if (place >= 0 || first.length !== second.length)
    result.nondeterministic.push(`${inWords(scenario)}: step ${place} was ${first[place]}, then ${second[place]}`);
  const { isGood, unsettled, text } = verifyTrace(first, options.charts ? { charts: options.charts } : {});
  if (!isGood || unsettled > 0) result.failures.push(`${inWords(scenario)}: ${text}`);
}

/** A run is known by this: `runSchedule({ seed, method })` runs it again. */
function inWords({ seed, method }: Scenario): string {
  return `runSchedule({ seed: ${seed}, method: ${JSON.stringify(method)} })`;
}

/** Schedules in a second of a processor, not judged. */
function speed(rounds: number): Speed {
  return measureSpeed(rounds, ROUND, () =>
    quietly(() =>
      withoutStacks(() => {
        for (let seed = 1; seed <= ROUND; seed++) runSchedule(scenarioOf(seed), { judges: false });
      }),
    ),
  );
}

/** L5 and L8 judge the same schedules. */
const climbs = new Map<string, Promise<Simulated>>();

function simulated({ isDeep, progress, planted }: Setting): Promise<Simulated> {
  const key = `${isDeep} ${planted}`;
  let climb = climbs.get(key);
  if (!climb) {
    const charts = chartsOf({ planted });
    climb = simulateMany(isDeep ? 500_000 : 20_000, charts ? { charts } : {}, progress);
    climbs.set(key, climb);
  }
  return climb;
}

/** L5. */
export const simulation: Rung = {
  id: 'L5',
  what:
    'random and PCT (d = 2 to 5) schedules of the whole runtime in virtual time: faults on, then off; every step is ' +
    'judged, every future settles, every pool joins; 1 % recorded, repeated and verified',
  floor: `0 failures, 0 non-deterministic, every sight seen, 30 events or more; >= ${grouped(FASTEST)}/s of a core`,
  doesNotShow: 'real pipes and processes (L7); bytes: values are handed over as they are; timeouts of the caller',
  climb: async (setting) => {
    const result = await simulated(setting);
    const rate = speed(setting.isDeep ? 49 : 9);
    const notes = [...result.failures, ...result.nondeterministic];
    // Schedules that stopped at their failures say nothing of what else there is to see.
    const isWhole = notes.length === 0;
    if (isWhole) for (const sight of Sights.all) if (!result.seen.has(sight)) notes.push(`never seen: ${sight}`);
    const length = result.events / result.schedules;
    if (length < 30) notes.push(`schedules have ${length.toFixed(1)} events on average, fewer than 30`);
    const isFast = rate.atPace >= FASTEST;
    if (!isFast || rate.here < FASTEST) notes.push(paceInWords(rate));
    const number =
      `${grouped(result.schedules)} schedules of ${length.toFixed(1)} events, ${grouped(rate.here)}/s of a core unjudged, ` +
      `${result.failures.length} failures, ${result.nondeterministic.length} of ${result.recorded} non-deterministic`;
    const isGood = result.failures.length === 0 && result.nondeterministic.length === 0;
    const isWide = Sights.all.every((sight) => result.seen.has(sight)) && length >= 30;
    const data = { ...result, seen: result.seen.size, length, rate };
    return { number, isMet: isGood && isWide && isFast, notes, data };
  },
};

/** L8. */
export const histories: Rung = {
  id: 'L8',
  what:
    'the history of each call in these schedules, with marks of its start and end in its process, is linearizable: ' +
    'cancel() true means no start, one start a call, no result before the end',
  floor: `0 bad, ${DIFFERENT} or more that differ`,
  doesNotShow: 'the same of real processes: `npm run chaos` judges those',
  climb: async (setting) => {
    const { calls, badHistories, schedules } = await simulated(setting);
    const different = differentLogs();
    const number = `${grouped(calls)} histories, ${grouped(different)} different, ${badHistories.length} bad`;
    const isMet = badHistories.length === 0 && calls >= schedules && different >= DIFFERENT;
    return { number, isMet, notes: badHistories, data: { calls, different } };
  },
};
