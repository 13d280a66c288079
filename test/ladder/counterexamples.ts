/**
 * L11: whether what the properties find is of use. Each counterexample is written to text and read again, goes forward
 * and back, draws itself, is harmless on what ships, and shows on the runtime as it does in the core.
 */
import { coreInWords } from '../../properties/dense.ts';
import { kill, sample } from '../../properties/ladder/power.ts';
import type { Counterexample, Rung } from '../../properties/ladder/rung.ts';
import type { Mutant } from '../../properties/mutants.ts';
import { breachIn, Replay } from '../../properties/replay.ts';
import { sequenceDiagram } from '../../properties/report.ts';
import { runOnRuntime } from './on-runtime.ts';
import { readCounterexample } from './replay.ts';

const CHOSEN = 25;

/** Why a counterexample is of no use, if it is of none. @param mutant in whose charts it was found */
export function uselessness(json: string, { charts }: Mutant): string | undefined {
  const { scope, run, violated } = readCounterexample(json);
  const replay = new Replay(scope, run, charts);
  const places = [placeOf(replay)];
  while (replay.forward()) places.push(placeOf(replay));
  const broken = replay.breach?.invariant.id;
  if (broken !== violated || replay.position !== run.length)
    return `after ${replay.position} of ${run.length} moves it breaks ${broken ?? 'nothing'}, not ${violated}`;
  while (replay.back())
    if (placeOf(replay) !== places[replay.position]) return `going back to move ${replay.position} leads elsewhere`;
  const drawn = sequenceDiagram(scope, run, charts);
  if (!drawn.startsWith('sequenceDiagram') || !drawn.includes('Core')) return 'its picture shows nothing';
  const shipped = breachIn(scope, run);
  if (shipped) return `what ships breaks ${shipped.invariant.id} in this run`;
  const { mismatch } = runOnRuntime(scope, run);
  if (mismatch !== undefined) return `the runtime that ships does otherwise than the explorer: ${mismatch}`;
  return runOnRuntime(scope, run, charts).mismatch === undefined ? 'on the runtime the bug does not show' : undefined;
}

function placeOf({ world }: Replay): string {
  return coreInWords(world.core);
}

/** L11. */
export const counterexamples: Rung = {
  id: 'L11',
  what:
    'every counterexample, read from text, replays in the core forward and back, draws itself, is harmless on what ' +
    'ships, and shows on the runtime with simulated processes',
  floor: '100 %',
  doesNotShow: 'the same run on real processes, which do as they like: their traces replay in the core (L7)',
  climb: ({ progress }) => {
    const notes: string[] = [];
    const chosen = sample(CHOSEN);
    for (const mutant of chosen) {
      progress(`replaying ${mutant.id}`);
      const found = kill(mutant);
      const why = found
        ? uselessness(JSON.stringify(asFile(found.scope, found.violation)), mutant)
        : 'nothing is found in it';
      if (why !== undefined) notes.push(`${mutant.id}: ${why}`);
    }
    const equal = chosen.length - notes.length;
    const number = `${equal} of ${chosen.length} replays equal`;
    return { number, isMet: notes.length === 0 && equal > 0, notes, data: { equal, of: chosen.length } };
  },
};

function asFile(
  scope: Counterexample['scope'],
  { invariant, why, run }: NonNullable<ReturnType<typeof kill>>['violation'],
): Counterexample {
  return { scope, run, violated: invariant.id, why };
}
