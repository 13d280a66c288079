/**
 * L4: every edge of the explored graph executed on the runtime that ships.
 */
import type { Charts } from '../../machines/index.ts';
import { scopeInWords } from '../../properties/ladder/exploration.ts';
import { chartsOf, grouped, type Rung, type Setting } from '../../properties/ladder/rung.ts';
import { type MoveCode, type Scope, VERBS, verbNumber } from '../../properties/moves.ts';
import type { HostFactory } from '../../runtime/host.ts';
import { Cover } from './cover.ts';
import { EdgeGraph, keepsContract } from './edge-graph.ts';
import { withoutWarnings } from './quiet.ts';
import { type Stage, simulatedStage, toldStage } from './stage.ts';
import { Walk } from './walk.ts';

/** Two workers, two calls and a crash, with any one wish, or with any one fault. */
export const QUICK_EDGES: readonly Scope[] = [
  { workers: 2, tasks: 2, kills: 1, wishes: 1 },
  { workers: 2, tasks: 2, kills: 1, faults: 1 },
];

/** With any wish and any fault together. */
export const DEEP_EDGES: readonly Scope[] = [{ workers: 2, tasks: 2, kills: 1, wishes: 1, faults: 1 }];

/** So many walks one after the other that execute nothing new are too many. */
const FRUITLESS = 10_000;
/** The event loop turns after so many. */
const TURN = 100;
/** So many mismatches are enough to know. */
const MISMATCHES = 5;

/** What came of one scope. */
export interface EdgesRun {
  readonly states: number;
  readonly edges: number;
  /** Executed, and how many of them on simulated processes. */
  run: number;
  simulated: number;
  walks: number;
  steps: number;
  readonly mismatches: string[];
}

/** Options of {@link runEdges}. */
export interface EdgesOptions {
  /** Of the runtime alone. @defaultValue the compiled tables */
  readonly charts?: Charts;
  /** Puts something between the driver and its host. */
  readonly wrap?: (host: HostFactory) => HostFactory;
  readonly progress?: Setting['progress'];
}

/** Executes every edge within a scope: on simulated processes first, what none of those does on a host that is told. */
export async function runEdges(
  scope: Scope,
  { charts, wrap, progress = () => {} }: EdgesOptions = {},
): Promise<EdgesRun> {
  const graph = new EdgeGraph(scope);
  const cover = new Cover(graph);
  const { states, edges } = graph;
  const result: EdgesRun = { states, edges, run: 0, simulated: 0, walks: 0, steps: 0, mismatches: [] };
  const walkOn = async (makeStage: () => Stage): Promise<void> => {
    let fruitless = 0;
    while (fruitless < FRUITLESS && result.mismatches.length < MISMATCHES && cover.next(0) !== undefined) {
      const known = cover.size;
      const stage = makeStage();
      const wrapped = wrap ? { ...stage, host: wrap(stage.host) } : stage;
      walk(graph, cover, new Walk(scope, wrapped, charts), result);
      fruitless = cover.size > known ? 0 : fruitless + 1;
      // Pools that have joined are let go of when promises have their turn.
      if (++result.walks % TURN === 0) await new Promise(setImmediate);
      if (result.walks % 500 === 0) progress(`${scopeInWords(scope)}: ${grouped(cover.size)} of ${grouped(edges)}`);
    }
  };
  await withoutWarnings('PROCFUTURES_UNKILLABLE', async () => {
    await walkOn(simulatedStage);
    result.simulated = cover.size;
    cover.widen();
    await walkOn(toldStage);
  });
  result.run = cover.size;
  return result;
}

function walk(graph: EdgeGraph, cover: Cover, it: Walk, result: EdgesRun): void {
  let state = 0;
  for (let edge = cover.next(state); edge !== undefined; edge = cover.next(state)) {
    const code = moveOf(graph, edge, cover.missesOf(edge), it);
    if (code === undefined || (cover.isLawful && !keepsContract(it.world, code))) {
      cover.miss(edge);
      break;
    }
    const why = it.make(code);
    result.steps++;
    if (why !== undefined) {
      result.mismatches.push(why);
      return;
    }
    const target = graph.stateOf(it.world);
    const made = graph.find(state, verbNumber(code), target);
    if (made === undefined) {
      result.mismatches.push(`'${VERBS[verbNumber(code)]}' leads from state ${state} to one that is not explored`);
      return;
    }
    if (made !== edge) cover.miss(edge);
    cover.cover(made);
    state = target;
  }
  const why = it.end();
  if (why !== undefined) result.mismatches.push(why);
}

/**
 * A move of this verb. Where several processes or calls could make it, packing may have sorted them: after a miss
 * it is the next one's turn.
 */
function moveOf(graph: EdgeGraph, edge: number, misses: number, { world }: Walk): MoveCode | undefined {
  const codes = world.codes().filter((code) => verbNumber(code) === graph.verbOf(edge));
  return codes[(graph.ordinalOf(edge) + misses) % codes.length];
}

/** L4. */
export const edgesOnRuntime: Rung = {
  id: 'L4',
  what:
    'every edge of the graphs of two workers, two calls and a crash executed on the runtime: public calls, driver, ' +
    'simulated processes; after each move core, effects, futures and pool are those of the explorer',
  floor: '100 % of the edges, 0 mismatches',
  doesNotShow:
    'edges of wider scopes (--deep: a wish and a fault together); `collected`, `processExit` and our own defects reach ' +
    'the driver as events, since nobody can call them; edges that no host brings about run on a host that says what it ' +
    'is told to',
  climb: async (setting) => {
    const { isDeep, progress } = setting;
    const charts = chartsOf(setting);
    const scopes = isDeep ? [...QUICK_EDGES, ...DEEP_EDGES] : QUICK_EDGES;
    const results: (EdgesRun & { readonly scope: string })[] = [];
    for (const scope of scopes) {
      const run = await runEdges(scope, { progress, ...(charts && { charts }) });
      results.push({ scope: scopeInWords(scope), ...run });
    }
    const sum = (of: 'edges' | 'run' | 'simulated' | 'walks' | 'steps') =>
      results.reduce((total, result) => total + result[of], 0);
    const notes = results.flatMap(({ mismatches }) => mismatches);
    const [run, all] = [sum('run'), sum('edges')];
    const number =
      `${grouped(run)} of ${grouped(all)} edges run (${grouped(sum('simulated'))} on simulated processes), ` +
      `${notes.length} mismatches, ${grouped(sum('walks'))} walks, ${grouped(sum('steps'))} moves`;
    return { number, isMet: run === all && notes.length === 0, notes, data: { results } };
  },
};
