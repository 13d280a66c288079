/**
 * Runs a recorded trace once more through `step`, and compares.
 *
 * Payloads are not recorded, so results, errors and causes are stand-ins here; `step` never looks at them.
 */
import type { Charts } from '../../machines/chart.ts';
import { compiledCharts } from '../../machines/charts.ts';
import { step } from '../../machines/core.ts';
import type { CoreEvent } from '../../machines/events.ts';
import { type CoreState, createCore } from '../../machines/state.ts';
import { digest, plain } from '../../machines/trace.ts';
import type { CoreOptions, Outcome, WorkId, WorkItem } from '../../machines/vocabulary.ts';
import { createWork } from '../../machines/work.ts';

/** What a replay found. */
export interface Replay {
  /** How many steps were run again. */
  readonly steps: number;
  /** Where it went another way, each in a sentence or two; none if it is the same run. */
  readonly mismatches: readonly string[];
}

/** Options of {@link replay}. */
export interface ReplayOptions {
  /**
   * Who decides this time.
   * @defaultValue the compiled tables
   */
  readonly charts?: Charts;
}

/** One line as recorded. */
interface Line {
  readonly step: number;
  readonly event: { readonly type: string } & Record<string, unknown>;
  readonly state: object;
  readonly effects: readonly object[];
}

/**
 * Replays what the `trace` sink of a pool was given: the header, then one line a step.
 *
 * A step that throws ends the replay, since what follows has no meaning then.
 *
 * @throws SyntaxError for what is no JSON, TypeError for what is no trace of this library or lacks its first lines
 */
export function replay(lines: Iterable<string>, { charts = compiledCharts }: ReplayOptions = {}): Replay {
  const source = lines[Symbol.iterator]();
  const header = source.next();
  if (header.done) throw new TypeError('The trace is empty: its first line is to name the options.');
  const core = createCore(optionsOf(header.value), charts);
  const works = new Map<WorkId, WorkItem>();
  const mismatches: string[] = [];
  let steps = 0;
  for (let next = source.next(); !next.done; next = source.next()) {
    const recorded = lineOf(next.value, steps + 1);
    const event = eventOf(recorded.event, core, works);
    if (!event) {
      mismatches.push(
        `step ${recorded.step}, ${recorded.event.type}: it names call ${recorded.event.work}, never submitted.`,
      );
      break;
    }
    try {
      const effects = step(core, event);
      if (event.type === 'submit') works.set(event.work.id, event.work);
      compare(recorded, 'state', digest(core), mismatches);
      compare(recorded, 'effects', effects.map(plain), mismatches);
    } catch (error) {
      mismatches.push(`step ${recorded.step}, ${recorded.event.type}: it throws here: ${String(error)}`);
      break;
    }
    steps++;
  }
  return { steps, mismatches };
}

function compare(recorded: Line, part: 'state' | 'effects', now: object, mismatches: string[]): void {
  const [was, is] = [JSON.stringify(recorded[part]), JSON.stringify(now)];
  if (was !== is)
    mismatches.push(`step ${recorded.step}, ${recorded.event.type}: ${part} ${was} when recorded, ${is} here.`);
}

const NO_TRACE = 'This is no trace of procfutures (the lines that the option `trace` of a pool gets)';

function optionsOf(line: string): CoreOptions {
  const { procfutures, options } = parse(line) as { procfutures?: unknown; options?: Record<string, unknown> };
  if (procfutures !== 1 || typeof options !== 'object')
    throw new TypeError(`${NO_TRACE}, version 1: its first line is ${line.slice(0, 80)}`);
  const { maxWorkers, maxTasksPerChild, prefetchHorizon } = options;
  return {
    maxWorkers: Number(maxWorkers),
    maxTasksPerChild: Number(maxTasksPerChild),
    prefetchHorizon: Number(prefetchHorizon),
  };
}

function lineOf(text: string, expected: number): Line {
  const line = parse(text) as Line;
  if (line.step !== expected || typeof line.event?.type !== 'string')
    throw new TypeError(`${NO_TRACE}: step ${expected} was to come, and there is ${text.slice(0, 80)}`);
  return line;
}

function parse(line: string): object {
  const value: unknown = JSON.parse(line);
  if (typeof value !== 'object' || value === null) throw new TypeError(`${NO_TRACE}: ${line.slice(0, 80)}`);
  return value;
}

/** The event again, with stand-ins for its payloads; `undefined` when it names a call that was never submitted. */
function eventOf(
  recorded: Line['event'],
  core: CoreState,
  works: ReadonlyMap<WorkId, WorkItem>,
): CoreEvent | undefined {
  const fields: Record<string, unknown> = { ...recorded };
  if ('outcome' in fields) fields.outcome = outcomeOf(String(fields.outcome));
  switch (recorded.type) {
    case 'submit':
      fields.work = createWork(core.charts, Number(recorded.task), undefined);
      break;
    case 'cancel':
    case 'settle':
      fields.work = works.get(Number(recorded.work));
      if (!fields.work) return undefined;
      break;
  }
  return fields as unknown as CoreEvent;
}

/** Only what a call comes to crosses an event; a loss is made by the step itself. */
function outcomeOf(kind: string): Outcome {
  return kind === 'result' ? { kind, value: undefined } : { kind: 'exception', error: undefined };
}
