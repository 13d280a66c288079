/**
 * What may happen to a simulated process in a healthy world: when it can, and what it does.
 *
 * Any order that physics allows: the exit of a process, the end of its results and the end of its calls are three
 * happenings, and whatever it wrote is read before the end of the results. What may go wrong besides is in faults.ts;
 * the same word may be either, where a behaviour asks for what is else a fault.
 */
import type { Observation } from '../../machines/events.ts';
import type { WorkerId, WorkId } from '../../machines/vocabulary.ts';
import { uncopyable } from './behaviour.ts';
import type { SentCall, SimulatedProcess } from './process.ts';

/** What may happen in a healthy world, mildest first. */
export type MildType =
  /** The process comes into being. */
  | 'spawns'
  /** It has loaded, its initializer has ended, and it says so (or dies of it). */
  | 'boots'
  /** A call turns out not to be copyable when it is written; its worker never sees it. */
  | 'rejects'
  /** It takes its next call and runs it. */
  | 'takes'
  /** The call that it runs ends, and what it came to is written (or the process dies of it). */
  | 'finishes'
  /** The parent reads the next of what was written. */
  | 'delivers'
  /** It was asked to leave, has nothing more to do, and exits. */
  | 'leaves'
  /** It dies of the signal that was sent to it. */
  | 'obeysSignal'
  /** SIGTERM arrives and does nothing. */
  | 'ignoresSignal'
  /** The parent learns of the exit. */
  | 'reportsExit'
  /** The parent learns that the pipe for calls is closed. */
  | 'endsCalls'
  /** The parent reads the end of the results. */
  | 'endsResults'
  /** The parent's timer for it fires, since nothing else is due before. */
  | 'timesOut';

/** What may go wrong, if the budget of the world allows it. */
export type FaultType =
  /** No process comes into being. */
  | 'failsToSpawn'
  /** The initializer throws. */
  | 'failsToBoot'
  | 'rejects'
  /** The running call throws, whatever it was to come to. */
  | 'throws'
  /** What the running call came to cannot be copied. */
  | 'cannotCopy'
  /** An uncaught error outside any call. */
  | 'crashes'
  /** It leaves of its own accord, with code 0. */
  | 'exits'
  /** Somebody sends SIGKILL: what it has written is still read. */
  | 'isKilled'
  /** As `isKilled`, in the middle of its last write: half a frame, then the end. */
  | 'cutsFrame'
  /** What it had written before it died, and nobody has read, is lost. */
  | 'losesFrames'
  /** The parent cannot read the result that comes next. */
  | 'misreads'
  | 'ignoresSignal'
  /** It writes what is no frame. */
  | 'writesGarbage'
  | 'closesCalls'
  | 'closesResults'
  /** The machine is so slow that the timer overtakes what was due before. */
  | 'timesOut';

/** One thing that may happen next; plain data. */
export interface Happening {
  readonly type: MildType | FaultType;
  readonly worker: WorkerId;
  /** Which call, where several could be meant or one is. */
  readonly work?: WorkId;
  /** Whether it draws from a budget. */
  readonly isFault: boolean;
}

/** What a happening may do besides changing the process. */
export interface Stage {
  readonly now: number;
  emit(event: Observation): void;
  /** There is no such process and never was. */
  strike(process: SimulatedProcess): void;
}

/** One kind of happening. */
export interface Rule {
  readonly type: Happening['type'];
  /** Which call it concerns, where it does: the one that runs, the next to be taken, or any of those not taken. */
  readonly of?: 'current' | 'next' | 'each';
  /** Whether it can happen; asked about a call that is there, where it concerns one. */
  can(process: SimulatedProcess, call?: SentCall): boolean;
  /** Virtual milliseconds; without it, at once. */
  due?(process: SimulatedProcess): number;
  happen(process: SimulatedProcess, stage: Stage, call?: SentCall): void;
}

/** Takes the call back and reports it. */
export function reject(process: SimulatedProcess, stage: Stage, call: SentCall): void {
  process.calls.splice(process.calls.indexOf(call), 1);
  const outcome = call.plan.unsendable ?? uncopyable('argument');
  stage.emit({ type: 'callRejected', worker: process.id, work: call.call.work, outcome });
}

/** The running call ends. */
export function answer(process: SimulatedProcess, outcome: NonNullable<SentCall['plan']['outcome']>): void {
  const { running } = process;
  if (!running) return;
  process.running = undefined;
  const { work } = running.call;
  process.write({ type: 'outcomeReceived', worker: process.id, work, outcome, micros: running.plan.micros });
}

/** The mild happenings but for timers, in canonical order. */
export const MILD: readonly Rule[] = [
  {
    type: 'spawns',
    can: (it) => !it.hasSpawned && !it.boot.unsendable,
    happen(it, stage) {
      it.hasSpawned = true;
      it.due = stage.now + it.boot.micros / 1000;
      stage.emit({ type: 'spawned', worker: it.id, pid: it.pid });
    },
  },
  {
    type: 'failsToSpawn',
    can: (it) => !it.hasSpawned && it.boot.unsendable !== undefined,
    happen(it, stage) {
      const outcome = it.boot.unsendable;
      stage.strike(it);
      const cause = outcome?.kind === 'exception' ? outcome.error : outcome;
      stage.emit({ type: 'spawnFailed', worker: it.id, cause });
    },
  },
  {
    type: 'boots',
    can: (it) => it.isAlive && !it.hasBooted && (it.boot.outcome ?? it.boot.death) !== undefined && !it.boot.isHeld(),
    due: (it) => it.due,
    happen(it) {
      it.hasBooted = true;
      it.finish(it.boot, (outcome) => {
        if (outcome.kind === 'result') it.write({ type: 'ready', worker: it.id });
        else if (outcome.kind === 'exception') it.crash({ code: 1, signal: null, error: outcome.error });
      });
    },
  },
  {
    type: 'rejects',
    of: 'each',
    can: (_it, call) => call?.plan.unsendable !== undefined,
    happen: (it, stage, call) => call && reject(it, stage, call),
  },
  {
    type: 'takes',
    of: 'next',
    can: (it, call) =>
      it.isAlive && it.hasBooted && !it.areCallsClosed && !it.running && call !== undefined && !call.plan.unsendable,
    happen(it, stage, call) {
      it.calls.shift();
      if (call) it.start(call, stage.now);
    },
  },
  {
    type: 'finishes',
    of: 'current',
    can: (_it, call) => (call?.plan.outcome ?? call?.plan.death) !== undefined && call?.plan.isHeld() === false,
    due: (it) => it.due,
    happen: (it, _stage, call) => call && it.finish(call.plan, (outcome) => answer(it, outcome)),
  },
  {
    type: 'delivers',
    can: (it) => it.frames.length > 0,
    happen(it, stage) {
      const frame = it.frames.shift();
      if (frame) stage.emit(frame);
    },
  },
  {
    type: 'leaves',
    can: (it) =>
      it.isAlive && it.isAskedToLeave && !it.running && (it.calls.length === 0 || it.areCallsClosed) && !isStuck(it),
    happen: (it) => it.die({ code: 0, signal: null }),
  },
  {
    type: 'obeysSignal',
    can: (it) => it.isAlive && it.signal !== undefined && !it.willIgnoreSignal,
    happen: (it) => it.die({ code: null, signal: it.signal ?? null }),
  },
  {
    type: 'ignoresSignal',
    can: (it) => it.isAlive && it.willIgnoreSignal,
    happen(it) {
      it.signal = undefined;
    },
  },
  {
    type: 'reportsExit',
    can: (it) => it.death !== undefined && !it.told.exit,
    happen(it, stage) {
      it.told.exit = true;
      const { code, signal } = it.death ?? { code: null, signal: null };
      stage.emit({ type: 'exited', worker: it.id, code, signal, stderr: '' });
    },
  },
  {
    type: 'endsCalls',
    can: (it) => it.areCallsClosed && !it.told.callsEnd,
    happen(it, stage) {
      it.told.callsEnd = true;
      stage.emit({ type: 'callsEnded', worker: it.id });
    },
  },
  {
    type: 'endsResults',
    can: (it) => it.areResultsClosed && !it.told.resultsEnd && it.frames.length === 0,
    happen(it, stage) {
      it.told.resultsEnd = true;
      stage.emit({ type: 'channelEnded', worker: it.id });
    },
  },
];

/** An initializer that never ends blocks the thread that would read the request. */
function isStuck(it: SimulatedProcess): boolean {
  return !it.hasBooted && !it.boot.outcome && !it.boot.death;
}

/** Mild where nothing is due before it, else a fault. */
export const TIMER: Rule = {
  type: 'timesOut',
  can: (it) => it.timer !== undefined,
  due: (it) => it.timer ?? Number.POSITIVE_INFINITY,
  happen(it, stage) {
    it.timer = undefined;
    stage.emit({ type: 'timerFired', worker: it.id });
  },
};

/** Told of each way in which a rule can apply to a process: the call that it concerns, if it concerns one. */
export type Found = (rule: Rule, process: SimulatedProcess, call: SentCall | undefined) => void;

/** Finds the ways in which the rule can apply to the process. */
export function apply(rule: Rule, process: SimulatedProcess, found: Found): void {
  if (rule.of === 'each') {
    for (const call of process.calls) if (rule.can(process, call)) found(rule, process, call);
    return;
  }
  const call = rule.of === 'current' ? process.running : rule.of === 'next' ? process.calls[0] : undefined;
  if (rule.of && !call) return;
  if (rule.can(process, call)) found(rule, process, call);
}
