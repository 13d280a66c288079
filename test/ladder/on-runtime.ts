/**
 * A run of the explorer on the runtime that ships: public calls, driver, simulated processes.
 */
import type { Charts } from '../../machines/index.ts';
import { fromWords, type Move, type Scope } from '../../properties/moves.ts';
import { World } from '../../properties/world.ts';
import { keepsContract } from './edge-graph.ts';
import { withoutWarnings } from './quiet.ts';
import { simulatedStage, toldStage } from './stage.ts';
import { Walk } from './walk.ts';

/** What came of it. */
export interface OnRuntime {
  /** Whether simulated processes could bring it about; else a host has told what it was told to. */
  readonly isSimulated: boolean;
  /** Where the runtime and the explorer of the charts that ship were at odds first. */
  readonly mismatch: string | undefined;
}

/** @param charts of the runtime alone; by default the compiled tables */
export function runOnRuntime(scope: Scope, run: readonly Move[], charts?: Charts): OnRuntime {
  const codes = run.map(fromWords);
  const isSimulated = isLawful(scope, run);
  const walk = new Walk(scope, isSimulated ? simulatedStage() : toldStage(), charts);
  const mismatch = withoutWarnings('PROCFUTURES_UNKILLABLE', () => {
    for (const code of codes) {
      const why = walk.make(code);
      if (why !== undefined) return why;
    }
    return walk.end();
  });
  return { isSimulated, mismatch };
}

function isLawful(scope: Scope, run: readonly Move[]): boolean {
  const world = new World(scope);
  for (const move of run) {
    if (!keepsContract(world, fromWords(move))) return false;
    const edge = world.happen(move);
    if (edge) world.settle(edge);
  }
  return true;
}
