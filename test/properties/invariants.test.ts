/**
 * Every promise can be broken: each is shown to fail on a step that was tampered with, and to hold before that.
 */
import { describe, expect, it } from 'vitest';
import type { Effect, WorkItem } from '../../machines/index.ts';
import { invariants } from '../../properties/catalogue.ts';
import type { Edge } from '../../properties/edge.ts';
import type { Scope } from '../../properties/moves.ts';
import { World } from '../../properties/world.ts';

const SCOPE: Scope = { workers: 2, tasks: 4, kills: 2, wishes: 4, faults: 4 };
const BOOTED = ['submit', 'spawned 0', 'boot 0', 'read 0'];
const BUSY_AND_WAITING = ['submit', 'submit', 'submit', 'spawned 0', 'boot 0', 'read 0'];

type Loose = { -readonly [K in keyof Edge]: Edge[K] } & { effects: Effect[] };

/** The last of these steps, each possible and each keeping every promise. */
function edgeAfter(moves: readonly string[], scope: Scope = SCOPE): Loose {
  const world = new World(scope);
  let last: Edge | undefined;
  for (const move of moves) {
    if (!world.moves().includes(move)) throw new Error(`'${move}' is not possible; ${world.moves().join(', ')} are`);
    if (last) world.settle(last);
    last = world.happen(move);
  }
  if (!last) throw new Error('the last move is no step');
  return { ...last, effects: [...last.effects] };
}

function call(edge: Edge, id: number): { work: WorkItem; sent: number; published: number; doneAs: number | undefined } {
  const found = edge.history.open.get(id);
  if (!found) throw new Error(`call ${id} is not open`);
  return found;
}

function first<T>(values: Iterable<T>): T {
  for (const value of values) return value;
  throw new Error('there is none');
}

interface Case {
  readonly id: string;
  readonly moves: readonly string[];
  readonly scope?: Scope;
  readonly tamper: (edge: Loose) => void;
}

const stateOf = (edge: Edge, chart: 'future' | 'executor' | 'worker', name: string): number => {
  for (let state = 0; state < 20; state++) if (edge.core.charts[chart].name(state) === name) return state;
  throw new Error(`no state '${name}'`);
};
const drop = (edge: Loose, type: Effect['type']) => {
  edge.effects = edge.effects.filter((it) => it.type !== type);
};
const before = (edge: Loose, change: Partial<Edge['before']>) => {
  edge.before = { ...edge.before, ...change };
};
const DONE = [...BOOTED, 'finish 0', 'read 0'];
const CRASHED = [...BOOTED, 'crash 0', 'tellExit 0'];

const cases: readonly Case[] = [
  { id: 'I1', moves: DONE, tamper: (edge) => call(edge, 0).published++ },
  { id: 'I1', moves: DONE, tamper: (edge) => edge.history.open.clear() },
  { id: 'I1b', moves: [...BOOTED, 'settle 0'], tamper: (edge) => edge.effects.push(refusal('done')) },
  {
    id: 'I2',
    moves: ['submit', 'cancel 0'],
    tamper: (edge) => (call(edge, 0).work.state = edge.before.work as number),
  },
  { id: 'I3', moves: ['submit', 'submit', 'cancel 1'], tamper: (edge) => (call(edge, 1).sent = 1) },
  { id: 'I3', moves: BOOTED, tamper: (edge) => (call(edge, 0).sent = 0) },
  { id: 'I5', moves: DONE, tamper: (edge) => (call(edge, 0).published = 0) },
  {
    id: 'I5b',
    moves: ['submit', 'cancel 0'],
    tamper: (edge) => (call(edge, 0).work.state = stateOf(edge, 'future', 'CANCELLED')),
  },
  { id: 'I7', moves: ['submit'], tamper: (edge) => (call(edge, 0).work.state = stateOf(edge, 'future', 'FINISHED')) },
  { id: 'I7', moves: BOOTED, tamper: (edge) => edge.core.orphans.push(call(edge, 0).work) },
  {
    id: 'I8',
    moves: BUSY_AND_WAITING,
    tamper: (edge) => edge.effects.push({ type: 'send', worker: 0, work: call(edge, 2).work }),
  },
  { id: 'I9', moves: BOOTED, tamper: (edge) => call(edge, 0).sent++ },
  { id: 'I10', moves: ['submit'], tamper: (edge) => edge.effects.push(refusal('shutdown')) },
  { id: 'I11', moves: ['shutdown', 'submit'], tamper: (edge) => edge.effects.splice(0, 1, refusal('broken')) },
  {
    id: 'I12',
    moves: [...BUSY_AND_WAITING],
    tamper: (edge) => {
      const worker = first(edge.core.workers.values());
      worker.held.push(call(edge, 1).work);
      edge.effects.push({ type: 'send', worker: worker.id, work: call(edge, 1).work });
    },
  },
  {
    id: 'I13',
    moves: BUSY_AND_WAITING,
    tamper: (edge) => first(edge.core.workers.values()).held.push(call(edge, 1).work),
  },
  { id: 'I13', moves: BOOTED, tamper: (edge) => edge.core.unsettled++ },
  { id: 'I14', moves: ['submit'], tamper: (edge) => [edge.core, edge.history].map(({ workers }) => workers.clear()) },
  { id: 'I14b', moves: BUSY_AND_WAITING, tamper: (edge) => (first(edge.core.workers.values()).predicted = [3]) },
  { id: 'I25', moves: [...BOOTED, 'finish 0', 'read 0'], tamper: (edge) => drop(edge, 'publish') },
  {
    id: 'I26',
    moves: [...BOOTED, 'submit', 'reject 0'],
    tamper: (edge) => edge.effects.push({ type: 'publish', work: call(edge, 1).work }),
  },
  { id: 'I34', moves: BOOTED, tamper: (edge) => edge.effects.push({ type: 'end', worker: 0, how: 'stop' }) },
  {
    id: 'I15',
    moves: ['submit'],
    scope: { ...SCOPE, workers: 1 },
    tamper: (edge) => edge.core.workers.set(9, first(edge.core.workers.values())),
  },
  {
    id: 'I16',
    moves: ['submit'],
    tamper: (edge) => (first(edge.history.workers.values()).isReady = true),
  },
  { id: 'I17', moves: BOOTED, tamper: (edge) => (first(edge.history.workers.values()).isReady = false) },
  {
    id: 'I18',
    moves: BOOTED,
    scope: { ...SCOPE, maxTasksPerChild: 1 },
    tamper: (edge) => first(edge.history.workers.values()).sent++,
  },
  { id: 'I20', moves: ['submit'], tamper: (edge) => edge.history.workers.clear() },
  { id: 'I20', moves: BOOTED, tamper: (edge) => edge.effects.push({ type: 'release', worker: 7 }) },
  { id: 'I21', moves: [...CRASHED, 'tellEnd 0'], tamper: (edge) => edge.core.counts.lost-- },
  {
    id: 'I22',
    moves: [...CRASHED, 'tellEnd 0'],
    tamper: (edge) => before(edge, { worker: { ...edge.before.worker!, hasExited: false } }),
  },
  { id: 'P1', moves: BOOTED, tamper: (edge) => edge.effects.push({ type: 'end', worker: 0, how: 'SIGTERM' }) },
  { id: 'P2', moves: CRASHED, tamper: (edge) => (first(edge.history.workers.values()).timer = null) },
  { id: 'P2', moves: BOOTED, tamper: (edge) => (first(edge.history.workers.values()).timer = 'boot') },
  { id: 'P5', moves: BOOTED, tamper: (edge) => (first(edge.history.workers.values()).told = 1) },
  { id: 'P6', moves: BOOTED, tamper: (edge) => before(edge, { worker: undefined }) },
  {
    id: 'P7',
    moves: [...BOOTED, 'terminate'],
    tamper: (edge) => (first(edge.history.workers.values()).hasExited = true),
  },
  {
    id: 'P8',
    moves: ['submit', 'spawned 0', 'bootTimer 0'],
    tamper: (edge) => (first(edge.history.workers.values()).told = 0),
  },
  {
    id: 'P9',
    moves: ['submit', 'spawned 0', 'bootTimer 0'],
    tamper: (edge) => edge.effects.push({ type: 'giveUp', worker: 0, pid: 1 }),
  },
  { id: 'P11', moves: [...BOOTED, 'kill'], tamper: (edge) => drop(edge, 'timer') },
  { id: 'P11', moves: [...CRASHED, 'tellEnd 0'], tamper: (edge) => drop(edge, 'timer') },
  { id: 'P12', moves: CRASHED, tamper: (edge) => drop(edge, 'timer') },
  { id: 'I23', moves: [...BOOTED, 'terminate'], tamper: (edge) => edge.effects.reverse() },
  { id: 'I24', moves: [...CRASHED, 'tellEnd 0'], tamper: (edge) => (edge.core.loss = undefined) },
  { id: 'I28', moves: [...CRASHED, 'tellEnd 0'], tamper: (edge) => (edge.core.executor = edge.before.executor) },
  { id: 'I29', moves: CRASHED, tamper: (edge) => (first(edge.core.workers.values()).evidence.activity = 'idle') },
  { id: 'I30', moves: [...BOOTED, 'shutdown'], tamper: (edge) => (edge.core.executor = edge.before.executor) },
  {
    id: 'I30b',
    moves: ['submit', 'cancel 0'],
    tamper: (edge) => (edge.core.executor = stateOf(edge, 'executor', 'shuttingDown.draining')),
  },
  { id: 'I31', moves: ['submit'], tamper: (edge) => edge.history.joined++ },
  { id: 'I31', moves: ['kill'], tamper: (edge) => edge.effects.push({ type: 'giveUp', worker: 0, pid: 1 }) },
  {
    id: 'I32',
    moves: [...BOOTED, 'collected'],
    tamper: (edge) => edge.effects.push({ type: 'publish', work: call(edge, 0).work }),
  },
  {
    id: 'I33',
    moves: [...BOOTED, 'shutdownCancel'],
    tamper: (edge) => edge.effects.push({ type: 'publish', work: call(edge, 0).work }),
  },
  { id: 'I35', moves: [...BOOTED, 'shutdown'], tamper: (edge) => (edge.core.unsettled = 0) },
  { id: 'I37', moves: [...BOOTED, 'terminate'], tamper: (edge) => edge.core.unsettled++ },
  { id: 'I45', moves: [...BOOTED, 'internalFailure'], tamper: (edge) => edge.core.unsettled++ },
  { id: 'P3', moves: ['submit'], tamper: (edge) => drop(edge, 'hold') },
  { id: 'P10', moves: [...BOOTED, 'terminate'], tamper: (edge) => (first(edge.history.workers.values()).told = 0) },
  { id: 'P4', moves: DONE, tamper: (edge) => edge.core.counts.succeeded++ },
  { id: 'P4b', moves: BOOTED, tamper: (edge) => first(edge.core.workers.values()).unpredicted++ },
  { id: 'P14', moves: BOOTED, tamper: (edge) => (first(edge.core.workers.values()).held = []) },
];

function refusal(reason: 'shutdown' | 'broken' | 'done'): Effect {
  return { type: 'refuse', reason, loss: undefined };
}

describe('the catalogue', () => {
  it('has a number and a source for every promise, and no number twice', () => {
    expect(new Set(invariants.map(({ id }) => id)).size).toBe(invariants.length);
    expect(invariants.filter(({ sentence, source }) => !/^\S.*\.$/.test(sentence) || source.length < 8)).toEqual([]);
  });

  it('every promise is broken by a case below; write one for a new promise', () => {
    const broken = new Set(cases.map(({ id }) => id));
    expect(invariants.map(({ id }) => id).filter((id) => !broken.has(id))).toEqual([]);
  });

  it.each(cases.map((one, i) => [`${one.id} (case ${i + 1})`, one] as const))('%s holds, and can fail', (_, one) => {
    const { id, moves, scope, tamper } = one;
    const invariant = invariants.find((it) => it.id === id);
    expect(invariant?.violation(edgeAfter(moves, scope))).toBeUndefined();
    const edge = edgeAfter(moves, scope);
    tamper(edge);
    expect(invariant?.violation(edge)).toEqual(expect.any(String));
  });
});
