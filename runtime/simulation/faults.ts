/**
 * What may go wrong with a simulated process, besides what its behaviour asks for.
 *
 * Each is something that a real process does or that is done to one: test/crash/ has them on real processes.
 */
import { uncopyable } from './behaviour.ts';
import { answer, type Rule, reject, TIMER } from './happenings.ts';

/** The faults, in canonical order. */
export const FAULTS: readonly Rule[] = [
  {
    type: 'failsToSpawn',
    can: (it) => !it.hasSpawned,
    happen(it, stage) {
      stage.strike(it);
      const cause = Object.assign(new Error('spawn EAGAIN (simulated)'), { code: 'EAGAIN' });
      stage.emit({ type: 'spawnFailed', worker: it.id, cause });
    },
  },
  {
    type: 'failsToBoot',
    can: (it) => it.isAlive && !it.hasBooted,
    happen(it) {
      it.hasBooted = true;
      it.crash({ code: 1, signal: null, error: new Error('The initializer failed (simulated).') });
    },
  },
  {
    type: 'rejects',
    of: 'each',
    can: () => true,
    happen: (it, stage, call) => call && reject(it, stage, call),
  },
  {
    type: 'throws',
    of: 'current',
    can: () => true,
    happen: (it) => answer(it, { kind: 'exception', error: new Error('The call failed (simulated).') }),
  },
  {
    type: 'cannotCopy',
    of: 'current',
    can: () => true,
    happen: (it) => answer(it, uncopyable('result')),
  },
  {
    type: 'crashes',
    can: (it) => it.isAlive,
    happen: (it) => it.crash({ code: 1, signal: null, error: new Error('Uncaught outside any call (simulated).') }),
  },
  { type: 'exits', can: (it) => it.isAlive, happen: (it) => it.die({ code: 0, signal: null }) },
  { type: 'isKilled', can: (it) => it.isAlive, happen: (it) => it.die({ code: null, signal: 'SIGKILL' }) },
  {
    type: 'cutsFrame',
    can: (it) => it.isAlive && it.frames.length > 0,
    happen(it) {
      it.frames.pop();
      it.die({ code: null, signal: 'SIGKILL' });
    },
  },
  {
    type: 'losesFrames',
    can: (it) => it.death !== undefined && it.frames.length > 0,
    happen(it) {
      it.frames = [];
    },
  },
  {
    type: 'misreads',
    can: (it) => it.frames[0]?.type === 'outcomeReceived',
    happen(it, stage) {
      const frame = it.frames.shift();
      if (frame?.type === 'outcomeReceived') stage.emit({ ...frame, outcome: uncopyable('result') });
    },
  },
  {
    type: 'ignoresSignal',
    can: (it) => it.isAlive && it.signal === 'SIGTERM' && !it.willIgnoreSignal,
    happen(it) {
      it.signal = undefined;
    },
  },
  { type: 'writesGarbage', can: (it) => it.isAlive && !it.areResultsClosed, happen: (it) => it.writeGarbage() },
  {
    type: 'closesCalls',
    can: (it) => it.isAlive && !it.areCallsClosed,
    happen(it) {
      it.areCallsClosed = true;
    },
  },
  {
    type: 'closesResults',
    can: (it) => it.isAlive && !it.areResultsClosed,
    happen(it) {
      it.areResultsClosed = true;
    },
  },
  TIMER,
];
