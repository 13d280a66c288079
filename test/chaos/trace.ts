/**
 * Judges the recorded trace of an episode: every step taken again, with equal state and equal effects and every
 * invariant kept, to the end.
 */
import { verifyTrace } from 'procfutures/properties';
import { replay } from 'procfutures/simulation';

/** One line of a trace, as far as anybody here looks at it. */
export interface TraceLine {
  readonly step: number;
  readonly event: { readonly type: string; readonly worker?: number; readonly pid?: number };
  readonly state: {
    readonly executor: string;
    readonly pending: number;
    readonly unsettled: number;
    readonly workers: readonly { readonly id: number; readonly state: string; readonly held: readonly number[] }[];
    readonly counts: Readonly<Record<Count, number>>;
  };
  readonly effects: readonly { readonly type: string; readonly [key: string]: unknown }[];
}

export type Count = 'succeeded' | 'failed' | 'cancelled' | 'spawned' | 'lost' | 'dropped';

/** What a trace shows. */
export interface TraceJudgement {
  /** Steps that were taken again. */
  readonly events: number;
  readonly mismatches: readonly string[];
  /** Interesting things that happened, by name. */
  readonly witnesses: ReadonlySet<string>;
  readonly pids: ReadonlySet<number>;
}

/** How far a trace must go. */
export type Extent =
  /** Until the executor has joined. */
  | 'joined'
  /** Until the process that held the pool left in the ordinary way. */
  | 'processExit'
  /** Anywhere: that process was killed. */
  | 'anywhere';

/** Judges the lines that the sink was given. */
export function judgeTrace(lines: readonly string[], extent: Extent): TraceJudgement {
  const mismatches: string[] = [];
  const witnesses = new Set<string>();
  const pids = new Set<number>();
  const verdict = verifyTrace(lines);
  const events = verdict.steps;
  if (!verdict.isGood) mismatches.push(verdict.text);
  // The simulation reads the same file: what one finds good, the other must too.
  else if (replayedSteps(lines) !== events) mismatches.push('verifyTrace() calls the trace good, replay() does not');
  if (verdict.trouble?.kind === 'unreadable' || verdict.trouble?.kind === 'truncated')
    return { events, mismatches, witnesses, pids };
  const steps = lines.slice(1).map((line) => JSON.parse(line) as TraceLine);
  let before: TraceLine | undefined;
  let accepted = 0;
  for (const line of steps) {
    if (line.event.type === 'spawned' && line.event.pid !== undefined) pids.add(line.event.pid);
    if (line.event.type === 'submit' && !line.effects.some(({ type }) => type === 'refuse')) accepted++;
    for (const witness of witnessed(line, before)) witnesses.add(witness);
    before = line;
  }
  const { state } = before ?? {};
  if (state) {
    const { succeeded, failed, cancelled } = state.counts;
    if (succeeded + failed + cancelled + state.unsettled !== accepted)
      mismatches.push(`${accepted} calls were accepted; the last step accounts for ${JSON.stringify(state)}`);
  }
  if (extent === 'joined' && !state?.executor.startsWith('joined.'))
    mismatches.push(`the trace is not complete: the executor is ${state?.executor ?? 'unknown'} at its end`);
  // Only a pool with workers is told that its process leaves.
  const wasTold = steps.some(({ event }) => event.type === 'processExit');
  if (extent === 'processExit' && !wasTold && state && state.workers.length > 0)
    mismatches.push('the trace does not show that its process left');
  return { events, mismatches, witnesses, pids };
}

/** How many steps the simulation takes again, or `undefined` where it goes another way. */
function replayedSteps(lines: readonly string[]): number | undefined {
  const { steps, mismatches } = replay(lines);
  return mismatches.length === 0 ? steps : undefined;
}

/** What a step shows that was worth the trouble. */
function* witnessed({ event, state, effects }: TraceLine, before: TraceLine | undefined): Generator<string> {
  yield `event ${event.type}`;
  const was = before?.state.workers.find(({ id }) => id === event.worker)?.state;
  const is = state.workers.find(({ id }) => id === event.worker)?.state;
  if (was !== undefined && !was.startsWith('lost.') && is?.startsWith('lost.'))
    yield* [`lost while it was ${was}`, `first news of a death: ${event.type}`];
  if (event.type === 'timerFired') yield `deadline of a worker that was ${was}`;
  if (state.executor !== before?.state.executor) yield `executor ${state.executor}`;
  if (event.type === 'outcomeReceived' && state.counts.dropped > (before?.state.counts.dropped ?? 0))
    yield 'a late outcome was dropped';
  if (event.type === 'outcomeReceived' && was?.startsWith('lost.')) yield 'an outcome was read after a death';
  for (const effect of effects) {
    if (effect.type === 'end') yield `${effect.how} to a worker`;
    if (effect.type === 'refuse') yield `refused, ${effect.reason}`;
    if (effect.type === 'send' && (state.workers.find(({ id }) => id === effect.worker)?.held.length ?? 0) > 1)
      yield 'a call was sent ahead of another';
  }
  if (effects.some(({ type }) => type === 'spawn') && state.counts.spawned > state.workers.length)
    yield 'a worker was replaced';
}
