/**
 * A counterexample from a file, move by move: in the core, and on the runtime with simulated processes.
 */
import { plain } from '../../machines/index.ts';
import { digest } from '../../machines/trace.ts';
import { coreInWords } from '../../properties/dense.ts';
import { type Counterexample, chartsOf } from '../../properties/ladder/rung.ts';
import { breachIn, Replay } from '../../properties/replay.ts';
import { report } from '../../properties/report.ts';
import { checkedScope } from '../../properties/scope.ts';
import { runOnRuntime } from './on-runtime.ts';

/** What a counterexample comes to now. */
export interface Replayed {
  readonly text: string;
  /** Whether every promise is kept, and the runtime does as the explorer. */
  readonly isKept: boolean;
}

/** @throws RangeError for what is no counterexample */
export function readCounterexample(json: string): Counterexample {
  let it: Partial<Counterexample> | null;
  try {
    it = JSON.parse(json) as Partial<Counterexample> | null;
  } catch (error) {
    throw new RangeError(`This is no counterexample: ${(error as Error).message}`, { cause: error });
  }
  const { scope, run } = it ?? {};
  const isRun = Array.isArray(run) && run.every((move) => typeof move === 'string');
  if (typeof scope !== 'object' || scope === null || !isRun)
    throw new RangeError("A counterexample is JSON with a 'scope' and a 'run' of moves, as npm run verify keeps one.");
  checkedScope(scope);
  return it as Counterexample;
}

/**
 * @param at after how many moves to look closely
 * @throws RangeError for what is no counterexample, or cannot happen
 */
export function replayInWords(json: string, at?: number): Replayed {
  const { scope, run, planted } = readCounterexample(json);
  const charts = chartsOf({ planted });
  const replay = new Replay(scope, run, charts);
  replay.goTo(run.length);
  const { breach } = replay;
  const lines = breach
    ? [report(scope, { ...breach, run: run.slice(0, replay.position) }, charts)]
    : [`${run.length} moves, and every promise is kept.`];
  if (planted !== undefined) lines.push('', `Planted: ${planted}. On the charts that ship: ${onShipped(scope, run)}`);
  const { isSimulated, mismatch } = runOnRuntime(scope, run.slice(0, replay.position), charts);
  const where = isSimulated ? 'simulated processes' : 'a host that says what it is told to';
  lines.push('', `On the runtime, with ${where}: ${mismatch ?? 'it does what the charts that ship have it do'}.`);
  if (at !== undefined) lines.push('', closely(replay, at));
  return { text: lines.join('\n'), isKept: breach === undefined && mismatch === undefined };
}

function onShipped(scope: Counterexample['scope'], run: Counterexample['run']): string {
  const breach = breachIn(scope, run);
  return breach ? `${breach.invariant.id} is broken, too.` : 'every promise is kept.';
}

/** All that is known at one place, and what could happen next. */
function closely(replay: Replay, at: number): string {
  replay.goTo(at);
  const { position, run, world, edge } = replay;
  const { core } = world;
  return [
    `After ${position} of ${run.length} moves (--at ${position - 1} goes back, --at ${position + 1} forward):`,
    `  the last one   ${run[position - 1] ?? 'none yet'}`,
    `  told           ${edge ? JSON.stringify(plain(edge.event)) : 'nothing'}`,
    `  asked for      ${edge && edge.effects.length > 0 ? edge.effects.map((it) => JSON.stringify(plain(it))).join(', ') : 'nothing'}`,
    `  it stands      ${coreInWords(core)}`,
    `  counted        ${JSON.stringify(digest(core))}`,
    `  the next one   ${run[position] ?? 'none'}`,
    `  possible       ${world.moves().join(', ') || 'nothing'}`,
  ].join('\n');
}
