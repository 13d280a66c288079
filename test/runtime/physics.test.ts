/**
 * The physics of a simulated process: what can happen to it in each of its situations, and what the parent then sees.
 * Below the executor: the test is the core, and calls the verbs of the host itself.
 */
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../machines/events.ts';
import type { Outcome } from '../../machines/vocabulary.ts';
import { SerializationError } from '../../runtime/errors.ts';
import { FAULTS } from '../../runtime/simulation/faults.ts';
import { type Behaviour, type FaultType, type MildType, World } from '../../runtime/simulation/index.ts';
import { type Task, tasksFrom } from '../../runtime/task.ts';

const { echo } = tasksFrom<{ echo(value: unknown): unknown }>('/simulated.js');
const task = echo as unknown as Task;

/** Every fault may happen, more often than any row needs. */
const ALL = Object.fromEntries(FAULTS.map(({ type }) => [type, 9]));

type Verb = 'send' | 'stop' | 'SIGTERM' | 'SIGKILL' | 'timer' | 'untimer' | 'release';
type Deed = Verb | MildType | FaultType;

/** A world of one worker, number 1, after these deeds; `events` is what the parent saw. */
function after(deeds: string, behaviour: Behaviour = { result: 'done' }, boot?: Behaviour) {
  const events: Observation[] = [];
  const world = new World({ tasks: ({ work }) => (work === -1 ? (boot as Behaviour) : behaviour), faults: ALL });
  const host = world.host(boot ? { initializer: task, initArgs: [] } : {})((event) => events.push(event));
  host.spawn(1);
  let sent = 0;
  for (const deed of deeds.split(' ').filter(Boolean) as Deed[]) {
    const before = events.length;
    if (deed === 'send') host.send(1, { work: sent++, task, args: [sent] });
    else if (deed === 'stop' || deed === 'SIGTERM' || deed === 'SIGKILL') host.end(1, deed);
    else if (deed === 'timer') host.timer(1, 5);
    else if (deed === 'untimer') host.timer(1, undefined);
    else if (deed === 'release') host.release(1);
    else {
      world.happen({ type: deed, worker: 1 });
      continue;
    }
    expect(events.length, `${deed} is a verb: nothing happens inside it`).toBe(before);
  }
  return { world, host, events };
}

/** What can happen, `*` for a fault. */
const can = (world: World): string =>
  world
    .enabled()
    .map(({ type, work, isFault }) => `${type}${work === undefined ? '' : ` ${work}`}${isFault ? '*' : ''}`)
    .join(', ');

/** A fault that any living process may meet, as long as its pipes are open. */
const ANY = 'crashes*, exits*, isKilled*, writesGarbage*, closesCalls*, closesResults*';

/** Deeds, what comes of them, the behaviour of calls and of the initializer. */
type Row = readonly [deeds: string, comesOut: string, behaviour?: Behaviour | undefined, boot?: Behaviour];

const rows = (table: readonly Row[]) =>
  table.map(([deeds, comesOut, behaviour, boot]) => ({ deeds, comesOut, behaviour, boot }));

describe('what can happen, in the order in which it is offered', () => {
  it.each(
    rows([
      ['', 'spawns, failsToSpawn*'],
      ['send', 'spawns, failsToSpawn*, rejects 0*'],
      ['spawns', 'boots, failsToBoot*, …'],
      ['spawns send send', 'boots, failsToBoot*, rejects 0*, rejects 1*, …'],
      [
        'spawns send boots',
        'takes 0, delivers, rejects 0*, crashes*, exits*, isKilled*, cutsFrame*, writesGarbage*, closesCalls*, closesResults*',
      ],
      ['spawns send send boots delivers takes', 'finishes 0, rejects 1*, throws 0*, cannotCopy 0*, …'],
      [
        'spawns send boots delivers takes finishes',
        'delivers, crashes*, exits*, isKilled*, cutsFrame*, misreads*, writesGarbage*, closesCalls*, closesResults*',
      ],
      ['spawns send boots delivers takes', 'throws 0*, cannotCopy 0*, …', { hangs: true }],
      [
        'spawns send boots delivers takes',
        'finishes 0, throws 0*, cannotCopy 0*, …',
        { dies: { code: 3, signal: null } },
      ],
      ['spawns send boots delivers takes', 'throws 0*, cannotCopy 0*, …', { result: 1, until: () => false }],
      [
        'spawns send send boots delivers',
        'rejects 0, rejects 1, rejects 0*, rejects 1*, …',
        { uncopyable: 'argument' },
      ],
      ['spawns send boots delivers takes stop', 'finishes 0, throws 0*, cannotCopy 0*, …'],
      ['spawns boots delivers stop', 'leaves, …'],
      ['spawns send boots delivers stop', 'takes 0, rejects 0*, …'],
      [
        'spawns send boots delivers stop closesCalls',
        'leaves, endsCalls, rejects 0*, crashes*, exits*, isKilled*, writesGarbage*, closesResults*',
      ],
      [
        'spawns boots delivers stop SIGTERM',
        'leaves, obeysSignal, crashes*, exits*, isKilled*, ignoresSignal*, writesGarbage*, closesCalls*, closesResults*',
      ],
      [
        'spawns boots delivers SIGTERM',
        'obeysSignal, crashes*, exits*, isKilled*, ignoresSignal*, writesGarbage*, closesCalls*, closesResults*',
      ],
      [
        'spawns send boots delivers takes SIGTERM',
        'finishes 0, ignoresSignal, throws 0*, cannotCopy 0*, …',
        { result: 1, ignoresSigterm: true },
      ],
      [
        'spawns send boots delivers takes SIGKILL',
        'finishes 0, obeysSignal, throws 0*, cannotCopy 0*, …',
        { result: 1, ignoresSigterm: true },
      ],
      [
        'spawns send boots delivers takes SIGTERM SIGKILL',
        'finishes 0, obeysSignal, throws 0*, cannotCopy 0*, …',
        { result: 1, ignoresSigterm: true },
      ],
      [
        'spawns send boots delivers takes SIGKILL SIGTERM',
        'finishes 0, obeysSignal, throws 0*, cannotCopy 0*, …',
        { result: 1, ignoresSigterm: true },
      ],
      ['spawns boots delivers timer', 'timesOut, …'],
      ['spawns send boots delivers takes timer', 'finishes 0, throws 0*, cannotCopy 0*, …, timesOut*'],
      ['spawns boots delivers SIGTERM ignoresSignal', '…'],
      [
        'spawns send boots delivers takes SIGTERM ignoresSignal',
        'finishes 0, throws 0*, cannotCopy 0*, …',
        { result: 1, ignoresSigterm: true },
      ],
      ['spawns boots delivers timer untimer', '…'],
      ['spawns send boots delivers takes exits', 'reportsExit, endsCalls, endsResults'],
      ['spawns send boots delivers takes finishes exits', 'delivers, reportsExit, endsCalls, losesFrames*, misreads*'],
      ['spawns send boots delivers takes finishes exits reportsExit', 'delivers, endsCalls, losesFrames*, misreads*'],
      ['spawns send boots delivers takes finishes exits endsCalls', 'delivers, reportsExit, losesFrames*, misreads*'],
      ['spawns send boots delivers takes finishes exits delivers', 'reportsExit, endsCalls, endsResults'],
      ['spawns send boots delivers takes finishes exits delivers endsResults', 'reportsExit, endsCalls'],
      ['spawns send boots delivers takes finishes exits delivers endsResults endsCalls reportsExit', ''],
      ['spawns boots delivers closesCalls', 'endsCalls, crashes*, exits*, isKilled*, writesGarbage*, closesResults*'],
      [
        'spawns send boots delivers takes closesResults',
        'finishes 0, endsResults, throws 0*, cannotCopy 0*, crashes*, exits*, isKilled*, closesCalls*',
      ],
      [
        'spawns boots delivers writesGarbage',
        'delivers, crashes*, exits*, isKilled*, cutsFrame*, writesGarbage*, closesCalls*, closesResults*',
      ],
      ['', 'failsToSpawn, failsToSpawn*', undefined, { uncopyable: 'argument' }],
      ['spawns', 'boots, failsToBoot*, …', undefined, { result: 0 }],
      ['spawns', 'failsToBoot*, …', undefined, { hangs: true }],
      ['spawns stop', 'failsToBoot*, …', undefined, { hangs: true }],
      ['spawns stop', 'boots, leaves, failsToBoot*, …', undefined, { result: 0 }],
      ['spawns', 'failsToBoot*, …', undefined, { result: 0, until: () => false }],
      ['spawns SIGTERM', 'ignoresSignal, failsToBoot*, …', undefined, { hangs: true, ignoresSigterm: true }],
      ['spawns', 'boots, failsToBoot*, …', undefined, { dies: { code: 7, signal: null } }],
    ]),
  )('after "$deeds"', ({ deeds, comesOut, behaviour, boot }) => {
    expect(can(after(deeds, behaviour, boot).world)).toBe(comesOut.replace('…', ANY));
  });
});

describe('what the parent sees', () => {
  it.each(
    rows([
      ['send failsToSpawn', 'spawnFailed: spawn EAGAIN (simulated)'],
      ['failsToSpawn', 'spawnFailed: argument', undefined, { uncopyable: 'argument' }],
      ['failsToSpawn', 'spawnFailed: spawn EAGAIN (simulated)', undefined, { uncopyable: 'result' }],
      ['spawns boots delivers', 'spawned 100002, ready'],
      [
        'spawns failsToBoot delivers reportsExit endsCalls endsResults',
        'spawned 100002, faulted: The initializer failed (simulated)., exited 1 null, callsEnded, channelEnded',
      ],
      ['spawns boots delivers reportsExit', 'spawned 100002, faulted: no, exited 1 null', undefined, { throws: 'no' }],
      [
        'spawns boots delivers reportsExit',
        'spawned 100002, faulted: why, exited 7 null',
        undefined,
        { dies: { code: 7, signal: null, error: 'why' } },
      ],
      ['spawns boots reportsExit', 'spawned 100002, exited 7 null', undefined, { dies: { code: 7, signal: null } }],
      ['spawns closesResults boots reportsExit', 'spawned 100002, exited 1 null'],
      [
        'spawns send boots delivers takes finishes delivers',
        'spawned 100002, ready, outcome of 0 after 100: result done',
      ],
      [
        'spawns send boots delivers takes finishes delivers',
        'spawned 100002, ready, outcome of 0 after 5: exception thrown',
        { throws: 'thrown', micros: 5 },
      ],
      [
        'spawns send boots delivers takes finishes delivers',
        'spawned 100002, ready, outcome of 0 after 100: exception result',
        { uncopyable: 'result' },
      ],
      [
        'spawns send boots delivers takes finishes delivers',
        'spawned 100002, ready, outcome of 0 after 100: exception error',
        { uncopyable: 'error' },
      ],
      [
        'spawns send boots delivers takes finishes delivers reportsExit',
        'spawned 100002, ready, faulted: e, exited null SIGSEGV',
        { dies: { code: null, signal: 'SIGSEGV', error: 'e' } },
      ],
      [
        'spawns send boots delivers rejects',
        'spawned 100002, ready, rejected 0: exception argument',
        { uncopyable: 'argument' },
      ],
      ['spawns send boots delivers rejects', 'spawned 100002, ready, rejected 0: exception argument'],
      [
        'spawns send boots delivers takes throws delivers',
        'spawned 100002, ready, outcome of 0 after 100: exception The call failed (simulated).',
      ],
      [
        'spawns send boots delivers takes cannotCopy delivers',
        'spawned 100002, ready, outcome of 0 after 100: exception result',
      ],
      [
        'spawns boots delivers crashes delivers reportsExit',
        'spawned 100002, ready, faulted: Uncaught outside any call (simulated)., exited 1 null',
      ],
      ['spawns boots delivers closesResults crashes reportsExit', 'spawned 100002, ready, exited 1 null'],
      ['spawns boots delivers exits reportsExit', 'spawned 100002, ready, exited 0 null'],
      ['spawns boots delivers isKilled reportsExit', 'spawned 100002, ready, exited null SIGKILL'],
      [
        'spawns send boots delivers takes finishes cutsFrame reportsExit endsResults',
        'spawned 100002, ready, exited null SIGKILL, channelEnded',
      ],
      [
        'spawns send boots delivers takes finishes exits losesFrames reportsExit endsResults',
        'spawned 100002, ready, exited 0 null, channelEnded',
      ],
      [
        'spawns send boots delivers takes finishes misreads',
        'spawned 100002, ready, outcome of 0 after 100: exception result',
      ],
      ['spawns boots delivers SIGTERM obeysSignal reportsExit', 'spawned 100002, ready, exited null SIGTERM'],
      ['spawns boots delivers SIGKILL obeysSignal reportsExit', 'spawned 100002, ready, exited null SIGKILL'],
      [
        'spawns boots delivers stop leaves reportsExit endsCalls endsResults',
        'spawned 100002, ready, exited 0 null, callsEnded, channelEnded',
      ],
      [
        'spawns send boots delivers takes writesGarbage finishes delivers',
        'spawned 100002, ready, faulted: The simulated worker sent what is no frame.',
      ],
      [
        'spawns send boots delivers takes closesResults finishes reportsExit endsResults',
        'spawned 100002, ready, exited 1 null, channelEnded',
      ],
      ['spawns boots delivers timer timesOut', 'spawned 100002, ready, timerFired'],
      ['spawns boots delivers timer SIGTERM ignoresSignal timesOut', 'spawned 100002, ready, timerFired'],
    ]),
  )('of "$deeds"', ({ deeds, comesOut, behaviour, boot }) => {
    expect(after(deeds, behaviour, boot).events.map(said).join(', ')).toBe(comesOut);
  });
});

/** An event in words. */
function said(event: Observation): string {
  switch (event.type) {
    case 'spawned':
      return `spawned ${event.pid}`;
    case 'exited':
      return `exited ${event.code} ${event.signal}${event.stderr}`;
    case 'spawnFailed':
    case 'faulted':
      return `${event.type}: ${text(event.cause)}`;
    case 'outcomeReceived':
      return `outcome of ${event.work} after ${event.micros}: ${ending(event.outcome)}`;
    case 'callRejected':
      return `rejected ${event.work}: ${ending(event.outcome)}`;
    default:
      return event.type;
  }
}

function ending(outcome: Outcome): string {
  if (outcome.kind === 'result') return `result ${text(outcome.value)}`;
  return outcome.kind === 'exception' ? `exception ${text(outcome.error)}` : outcome.kind;
}

function text(value: unknown): string {
  if (!(value instanceof SerializationError)) return value instanceof Error ? value.message : String(value);
  expect(value.message).toBe(
    `The simulation has it that the ${value.side} of this call cannot be copied to another process.`,
  );
  return value.side;
}

it('a system that refuses a process says so by a code', () => {
  expect(after('failsToSpawn').events).toMatchObject([{ cause: { code: 'EAGAIN' } }]);
});
