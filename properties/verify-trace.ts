/**
 * Judges a trace that was recorded in production: does the core that ships take these steps, and does each keep every
 * promise?
 */
import { type Charts, compiledCharts, createCore, digest, plain } from '../machines/index.ts';
import { invariants, judge } from './catalogue.ts';
import { dense } from './dense.ts';
import { type Edge, takeStep } from './edge.ts';
import { createHistory, forget } from './history.ts';
import type { Invariant } from './invariants/invariant.ts';
import { Recording, type Trouble } from './recording.ts';
import { NO_CRASH } from './rest.ts';

/** What {@link verifyTrace} has found. */
export interface Verdict {
  /** Whether every line was read, repeated and judged, and nothing is wrong. */
  readonly isGood: boolean;
  /** How many steps are good. */
  readonly steps: number;
  /** How many accepted calls were unsettled when the trace ends: no fault, unless the program had ended well. */
  readonly unsettled: number;
  /** The first thing that is wrong. */
  readonly trouble: Trouble | undefined;
  /** The last steps, one dense line each, that of the trouble included. */
  readonly tail: readonly string[];
  /** All this for people, in a few lines. */
  readonly text: string;
}

/** Options of {@link verifyTrace}. */
export interface VerifyOptions {
  /** @defaultValue the compiled tables */
  readonly charts?: Charts;
  /** @defaultValue the whole catalogue */
  readonly invariants?: readonly Invariant[];
  /**
   * How many of the last steps the verdict shows.
   * @defaultValue 12
   */
  readonly tail?: number;
}

/** Promises about all open calls are judged at every step up to so many, and beyond that as much more seldom. */
const OPEN_CALLS = 64;

/**
 * Judges a recorded trace: the lines that the `trace` option of an executor was given, the header first.
 *
 * Every event is told once more to a fresh core; the state and the effects must be those that were recorded, and the
 * step must keep every invariant. It stops at the first thing that is wrong, since what follows has no meaning then.
 * Nothing about a trace makes it throw: a truncated trace and a line that is no JSON are said in the verdict.
 * Promises that concern all open calls are judged now and then while more than 64 calls are open; a breach of one of
 * them stays visible.
 */
export function verifyTrace(trace: string | Iterable<string>, options: VerifyOptions = {}): Verdict {
  const { charts = compiledCharts, tail: length = 12 } = options;
  const promises = options.invariants ?? invariants;
  const cheap = promises.filter(({ looksAtAll }) => !looksAtAll);
  const recording = new Recording(trace);
  const tail: string[] = [];
  let steps = 0;
  const finish = (unsettled: number, trouble?: Trouble): Verdict => ({
    isGood: trouble === undefined,
    steps,
    unsettled,
    trouble,
    tail,
    text: inText(steps, unsettled, trouble, tail),
  });
  const header = recording.header();
  if ('kind' in header) return finish(0, header);
  const core = createCore(header, charts);
  const history = createHistory();
  for (;;) {
    const recorded = recording.next(charts);
    if (recorded === undefined) return finish(core.unsettled);
    if ('kind' in recorded) return finish(core.unsettled, recorded);
    const { line, event } = recorded;
    let edge: Edge;
    try {
      edge = takeStep(core, history, event);
    } catch (error) {
      const why = `'${event.type}': ${error instanceof Error ? error.message : String(error)}`;
      return finish(core.unsettled, { kind: 'breach', line, why, invariant: NO_CRASH });
    }
    recording.remember(event);
    tail.push(`${steps + 1} ${dense(edge)}`);
    if (tail.length > length) tail.shift();
    const why =
      difference('state', recorded.state, digest(core)) ??
      difference('effects', recorded.effects, edge.effects.map(plain));
    if (why !== undefined) return finish(core.unsettled, { kind: 'mismatch', line, why });
    const isDue = steps % Math.ceil((history.open.size + 1) / OPEN_CALLS) === 0;
    const breach = judge(edge, isDue ? promises : cheap);
    if (breach) return finish(core.unsettled, { kind: 'breach', line, ...breach });
    forget(history, core);
    steps++;
  }
}

function difference(part: string, was: unknown, is: unknown): string | undefined {
  const [recorded, repeated] = [JSON.stringify(was), JSON.stringify(is)];
  return recorded === repeated ? undefined : `${part} ${recorded} when recorded, ${repeated} when repeated`;
}

function inText(steps: number, unsettled: number, trouble: Trouble | undefined, tail: readonly string[]): string {
  const open =
    unsettled === 0 ? 'every accepted call is settled' : `${unsettled} accepted calls are unsettled at its end`;
  if (!trouble) return `The trace is good: ${steps} steps repeated and judged, ${open}.`;
  const { kind, line, why, invariant } = trouble;
  const what = {
    unreadable: 'cannot be read',
    truncated: 'is cut: the trace ends in the middle of it',
    mismatch: 'goes another way when it is repeated',
    breach: `breaks ${invariant?.id}: ${invariant?.sentence}`,
  }[kind];
  const head = `Line ${line} ${what}\n  ${why}\n${steps} steps before it are good.`;
  return tail.length === 0 ? head : `${head} The last steps:\n${tail.map((it) => `  ${it}`).join('\n')}`;
}
