/**
 * The exploration of the core that ships, in the size of a test; `npm run verify` goes further.
 */
import { describe, expect, it } from 'vitest';
import { compiledCharts, createCore, heldBy } from '../../machines/index.ts';
import { invariants } from '../../properties/catalogue.ts';
import { type ExploreOptions, explore, replayRun } from '../../properties/explorer.ts';
import { NUMBER, PRICES, type Scope, VERBS } from '../../properties/moves.ts';
import { mutant, mutants } from '../../properties/mutants.ts';
import { Rows } from '../../properties/rows.ts';
import { witnesses } from '../../properties/witnesses.ts';
import { World } from '../../properties/world.ts';

/** Small scopes that differ in what they are about; each is explored whole. */
const SCOPES: Readonly<Record<string, Scope>> = {
  'two workers, three calls, a crash': { workers: 2, tasks: 3, kills: 1, budgets: { shutdown: 1 } },
  'two workers, two calls, a crash, a wish': { workers: 2, tasks: 2, kills: 1, wishes: 1 },
  'one worker, one call, a crash, two wishes, a fault': { workers: 1, tasks: 1, kills: 1, wishes: 2, faults: 1 },
  'one worker that is replaced': { workers: 1, tasks: 2, kills: 0, wishes: 1, faults: 1, maxTasksPerChild: 1 },
  'any two faults': { workers: 1, tasks: 1, kills: 0, wishes: 1, faults: 2 },
  'short calls travel ahead': { workers: 1, tasks: 2, kills: 0, wishes: 1, faults: 1, costs: ['short', 'short'] },
};

const explored = new Map(Object.entries(SCOPES).map(([name, scope]) => [name, explore(scope)]));

describe('the exploration', () => {
  it.each([...explored])('%s: every promise is kept, and every end is a good one', (_, exploration) => {
    expect(exploration.violation).toBeUndefined();
    expect(exploration.isComplete).toBe(true);
    expect(exploration.sinks).toBeGreaterThan(0);
    expect(exploration.interleavings).toBeGreaterThan(exploration.states);
  });

  it('every kind of move was made', () => {
    const made = VERBS.filter((verb) => [...explored.values()].some(({ moves }) => (moves.get(verb) ?? 0) > 0));
    expect(VERBS.filter((verb) => !made.includes(verb))).toEqual([]);
    expect(Object.keys(PRICES)).toHaveLength(Object.keys(NUMBER).length);
  });

  it('the interesting things did happen', () => {
    const seen = new Set([...explored.values()].flatMap((exploration) => [...exploration.witnesses]));
    expect(witnesses.map(({ name }) => name).filter((name) => !seen.has(name))).toEqual([]);
  });

  it('finds the same graph each time', () => {
    const scope: Scope = { workers: 1, tasks: 1, kills: 1, wishes: 1 };
    expect(explore(scope).digest).toBe(explore(scope).digest);
    expect(explore({ ...scope, kills: 0 }).digest).not.toBe(explore(scope).digest);
  });

  it('stops where it is told to, and does not call that complete', () => {
    const { isComplete, states } = explore({ workers: 2, tasks: 2, kills: 1, wishes: 1 }, { maxStates: 500 });
    expect(isComplete).toBe(false);
    expect(states).toBeLessThan(600);
  });
});

describe('a planted bug', () => {
  const scope: Scope = { workers: 1, tasks: 1, kills: 1, wishes: 1 };
  const bugs: readonly (readonly [id: string, promise: string, run: readonly string[]])[] = [
    ['worker busy/exited is ignored', 'P2', ['submit', 'spawned 0', 'boot 0', 'read 0', 'crash 0', 'tellExit 0']],
    ['future PENDING/cancel loses publish', 'I5', ['submit', 'cancel 0']],
    ['executor running/shutdown is ignored', 'I30', ['shutdown']],
    ['executor shuttingDown.draining/cancelFutures loses cancelPending', 'I33', ['submit', 'shutdownCancel']],
    ['worker terminating.termed/timerFired is impossible', 'P0', []],
  ];

  it.each(bugs)('%s: %s breaks, by a shortest run that replays', (id, promise, run) => {
    const { charts } = mutant(id);
    const { violation } = explore(scope.kills && id.includes('timerFired') ? { ...scope, faults: 1 } : scope, {
      charts,
    });
    expect(violation?.invariant.id).toBe(promise);
    if (run.length > 0) expect(violation?.run).toEqual(run);
    const wide = { ...scope, faults: 1 };
    expect(replayRun(wide, violation?.run ?? [], charts)?.invariant.id).toBe(promise);
    expect(replayRun(wide, violation?.run ?? [])).toBeUndefined();
  });
});

describe('stepping once for each core, past and event', () => {
  const outcome = (scope: Scope, options: ExploreOptions) => {
    const { states, edges, sinks, digest, moves, witnesses: seen, violation } = explore(scope, options);
    const { run, why, invariant } = violation ?? {};
    return { states, edges, sinks, digest, moves, seen, run, why, broken: invariant?.id };
  };

  it.each<Scope>([
    { workers: 1, tasks: 1, kills: 1, wishes: 1, faults: 1 },
    { workers: 1, tasks: 2, kills: 0, wishes: 1, maxTasksPerChild: 1 },
    { workers: 2, tasks: 2, kills: 0, budgets: { terminate: 1 } },
  ])('comes to the same graph as stepping and judging anew on every edge (%#)', (scope) => {
    expect(outcome(scope, {})).toEqual(outcome(scope, { stepsAnew: true }));
  });

  it('finds the same shortest run to the same broken promise in mutants of all charts', () => {
    const scope: Scope = { workers: 1, tasks: 1, kills: 1, budgets: { terminate: 1 } };
    const all = mutants();
    for (let at = 0; at < all.length; at += 37) {
      const { id, charts } = all[at] as (typeof all)[number];
      expect([id, outcome(scope, { charts })]).toEqual([id, outcome(scope, { charts, stepsAnew: true })]);
    }
  });
});

describe('packed worlds', () => {
  const rowsOf = (scope: Scope) => new Rows(scope, compiledCharts, invariants, () => {});
  const keyOf = (rows: Rows, world: World) => Buffer.from(rows.row.subarray(0, rows.writeWorld(world))).toString('hex');

  it.each<Scope>([
    { workers: 2, tasks: 2, kills: 1 },
    { workers: 2, tasks: 1, kills: 1, budgets: { terminate: 1, ignoredSignal: 1 } },
    { workers: 2, tasks: 2, kills: 0, budgets: { kill: 1 }, maxTasksPerChild: 1 },
    { workers: 2, tasks: 2, kills: 0, budgets: { cancel: 1 } },
  ])('stand for all that they are equal to: without names merged the same packed states are found (%#)', (scope) => {
    const rows = rowsOf(scope);
    const packed = new Set<string>();
    const seen = new Set<string>();
    const open: (readonly string[])[] = [[]];
    for (let run = open.pop(); run; run = open.pop()) {
      const world = new World(scope);
      for (const move of run) {
        const edge = world.happen(move);
        if (edge) world.settle(edge);
      }
      const key = fullKey(world);
      if (seen.has(key)) continue;
      seen.add(key);
      packed.add(keyOf(rows, world));
      for (const move of world.moves()) open.push([...run, move]);
    }
    expect(packed.size).toBe(explore(scope).states);
    expect(seen.size).toBeGreaterThan(packed.size);
  });

  it('come back as they were: packed again they are the same, and the same can happen', () => {
    const scope: Scope = { workers: 2, tasks: 3, kills: 1, wishes: 2, faults: 3, costs: ['short', 'short', 'long'] };
    const rows = rowsOf(scope);
    let world = new World(scope);
    for (let step = 0; world.codes().length > 0; step++) {
      const key = keyOf(rows, world);
      const again = rows.world(rows.read(Buffer.from(key, 'hex'), 0));
      expect(keyOf(rows, again)).toBe(key);
      expect(again.codes()).toHaveLength(world.codes().length);
      world = again;
      const moves = world.moves();
      const edge = world.happen(moves[(step * 7) % moves.length] as string);
      if (edge) world.settle(edge);
    }
  });

  it('hold all that a core holds; a new field must be packed, or follow from what is', () => {
    const core = createCore({ maxWorkers: 1, maxTasksPerChild: 1, prefetchHorizon: 1 }, compiledCharts);
    const packed = ['executor', 'workers', 'queue', 'costs', 'waits'];
    const follows = ['nextWork', 'nextWorker', 'unsettled', 'holds', 'loss', 'losses', 'orphans', 'counts', 'out'];
    expect(Object.keys(core).sort()).toEqual(['options', 'charts', ...packed, ...follows].sort());
  });
});

/** Everything that a world is, the names of workers and calls included. */
function fullKey({ core, history, outside, cancelled, gone }: World): string {
  const workers = [...core.workers.values()].map((worker) => {
    const { held: _, head, predicted, ...rest } = worker;
    return [rest, predicted.slice(head), heldBy(worker).map(({ id }) => id)];
  });
  const open = [...history.open.values()].map(({ work, ...rest }) => [work.id, work.state, rest]);
  const queue = core.queue.places.map((work) => work?.id);
  const { executor, unsettled, waits, holds } = core;
  const past = [[...history.workers], history.isAwaited, history.joined];
  const { procs, purse } = outside;
  return JSON.stringify([
    [executor, unsettled, waits, holds, workers, queue],
    [open, past, procs, purse, cancelled?.id, gone],
  ]);
}
