/**
 * A worker process as the operating system sees it: what it has not read, what it has written, what was told of its
 * end.
 */
import type { WorkerId } from '../machines/index.ts';
import type { Verb } from './moves.ts';

/** One process, from the request for it until its worker is released. */
export interface Proc {
  readonly id: WorkerId;
  phase: 'asked' | 'booting' | 'ready' | 'gone';
  /** Calls written to it that it has not finished, oldest first. */
  calls: number[];
  /**
   * Written by it and not read yet: ids of finished calls, with {@link THROWN} added where they threw; {@link READY},
   * {@link FAULT}, {@link GARBAGE}.
   */
  unread: number[];
  /** Asked to leave, by message. */
  isStopped: boolean;
  signal: 'none' | 'SIGTERM' | 'SIGKILL';
  /** What was reported of it: that it exists, its exit, the end of the calls, the end of the results. */
  spawnTold: boolean;
  exitTold: boolean;
  callsTold: boolean;
  endTold: boolean;
  /** It closed its end of the calls. */
  isDeaf: boolean;
  /** It sent garbage: the host reads no further. */
  isMute: boolean;
}

/** What a process can write besides the outcomes of calls. */
export const READY = -1;
/** It names the error that is killing it. */
export const FAULT = -2;
/** What is no frame of ours. */
export const GARBAGE = -3;

/** Added to the id of a call that has not returned but thrown; ids are smaller. */
export const THROWN = 1 << 14;

/** A process that was asked for. */
export function createProcess(id: WorkerId): Proc {
  return {
    id,
    phase: 'asked',
    calls: [],
    unread: [],
    isStopped: false,
    signal: 'none',
    spawnTold: false,
    exitTold: false,
    callsTold: false,
    endTold: false,
    isDeaf: false,
    isMute: false,
  };
}

/** Whether there is a process and it has not ended. */
export function isAlive({ phase }: Proc): boolean {
  return phase === 'booting' || phase === 'ready';
}

/**
 * Whether a deadline comes since nothing else can end the wait; any other comes as far as the budget for impatience
 * goes.
 */
export function isDue(proc: Proc, timer: string): boolean {
  if (!isAlive(proc)) return false;
  return timer === 'drain' || (timer === 'grace' && proc.signal === 'none' && !canLeave(proc));
}

/** It was asked by message, and has heard. */
function canLeave(proc: Proc): boolean {
  return proc.isStopped && !proc.isDeaf && proc.phase === 'ready' && proc.calls.length === 0;
}

/** What a process does by itself, unseen by the core until it is told. */
export function actAlone(proc: Proc, verb: Verb): undefined {
  switch (verb) {
    case 'boot':
      proc.phase = 'ready';
      proc.unread.push(READY);
      return;
    case 'finish':
      proc.unread.push(proc.calls.shift() as number);
      return;
    case 'throw':
    case 'misreadArgument':
    case 'failToCopyResult': {
      const call = proc.calls.shift() as number;
      // Of a call that is over nobody asks how it ended.
      proc.unread.push(call < 0 ? call : call + THROWN);
      return;
    }
    case 'failToInitialize':
      proc.unread.push(FAULT);
      proc.phase = 'gone';
      return;
    case 'leave':
    case 'die':
    case 'crash':
      proc.phase = 'gone';
      return;
    case 'ignore':
      proc.signal = 'none';
      return;
    case 'spoil':
      proc.unread.push(GARBAGE);
      return;
    case 'deafen':
      proc.isDeaf = true;
      return;
    case 'cut':
      proc.unread = [];
      return;
    default:
      throw new RangeError(`A process does not '${verb}'.`);
  }
}
