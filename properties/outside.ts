/**
 * The half of a world that no step looks at: the processes, and what may still happen of its own accord.
 *
 * Processes may do what processes do, in any order, and more than we observe: exit and results in either order, frames
 * cut short, signals ignored, deadlines at any time, news of workers that are gone.
 */
import type { Demand } from './inside.ts';
import { idOf, type MoveCode, type Scope, type Verb, verbNumber, verbOf } from './moves.ts';
import { actAlone, createProcess, FAULT, GARBAGE, type Proc, READY, THROWN } from './process.ts';
import { type Prices, type Purse, pay, pricesOf } from './purse.ts';
import { type Tiding, TOLD_OF, tiding } from './tidings.ts';

/** What a late event may be. */
export const LATE = [TOLD_OF.lateReady, TOLD_OF.lateOutcome, TOLD_OF.lateExit, TOLD_OF.lateEnd] as const;

const TASKS = { unknown: 0, short: 1, long: 2 } as const;

/** Processes and budgets. */
export class Outside {
  readonly scope: Scope;
  readonly prices: Prices;
  purse: Purse;
  procs: Proc[] = [];

  constructor(scope: Scope) {
    this.scope = scope;
    this.prices = pricesOf(scope);
    this.purse = [...this.prices.full];
  }

  /**
   * Lets one thing happen.
   *
   * @returns what the core is to be told, if it is
   */
  happen(code: MoveCode): Tiding | undefined {
    const [verb, id] = [verbOf(code), idOf(code)];
    pay(this.prices, this.purse, verbNumber(code));
    switch (verb) {
      case 'submit': {
        const left = this.purse[0] as number;
        return tiding(
          TOLD_OF.submit,
          0,
          TASKS[this.scope.costs?.[this.scope.tasks - left - 1] ?? 'unknown'],
          left === 0,
        );
      }
      case 'cancel':
      case 'settle':
        return tiding(TOLD_OF[verb], 0, id);
      case 'settleAgain':
        return tiding(TOLD_OF[verb], 0, 0, id === 1);
      case 'cancelAgain':
      case 'shutdown':
      case 'shutdownCancel':
      case 'terminate':
      case 'kill':
      case 'collected':
      case 'processExit':
      case 'internalFailure':
      case 'estimate':
        return tiding(TOLD_OF[verb]);
      case 'lateNews':
        return tiding(LATE[id] as number);
      default: {
        const proc = this.processOf(id);
        if (!proc) throw new RangeError(`There is no process ${id} to '${verb}'.`);
        return happenTo(proc, verb);
      }
    }
  }

  /** Does what the core asks for. */
  perform(demand: Demand): void {
    const { worker } = demand;
    if (demand.type === 'spawn') this.procs.push(createProcess(worker));
    else if (demand.type === 'release') this.procs = this.procs.filter(({ id }) => id !== worker);
    const proc = this.processOf(worker);
    if (!proc) return;
    if (demand.type === 'send') {
      // Nobody reads what is written to a process that is gone or deaf.
      if (!proc.isDeaf && proc.phase !== 'gone') proc.calls.push(demand.call);
    } else if (demand.type === 'end') {
      if (demand.how === 'stop') proc.isStopped = true;
      else if (proc.signal !== 'SIGKILL') proc.signal = demand.how;
    }
  }

  processOf(id: number): Proc | undefined {
    for (const proc of this.procs) if (proc.id === id) return proc;
    return undefined;
  }
}

function happenTo(proc: Proc, verb: Verb): Tiding | undefined {
  const worker = proc.id;
  switch (verb) {
    case 'spawned':
      proc.spawnTold = true;
      if (proc.phase === 'asked') proc.phase = 'booting';
      return tiding(TOLD_OF.spawned, worker);
    case 'spawnFailed':
      proc.phase = 'gone';
      // No exit will follow, nor any end.
      proc.spawnTold = proc.exitTold = proc.callsTold = proc.endTold = true;
      return tiding(TOLD_OF.spawnFailed, worker);
    case 'reject':
      return tiding(TOLD_OF.callRejected, worker, proc.calls.pop() as number, true);
    case 'read':
    case 'misread':
      return read(proc, verb === 'misread');
    case 'tellExit':
      proc.exitTold = true;
      return tiding(TOLD_OF.exited, worker);
    case 'tellCallsEnd':
      proc.callsTold = true;
      return tiding(TOLD_OF.callsEnded, worker);
    case 'tellEnd':
      proc.endTold = true;
      return tiding(TOLD_OF.channelEnded, worker);
    case 'timer':
    case 'hurryTimer':
    case 'bootTimer':
      return tiding(TOLD_OF.timerFired, worker);
    default:
      return actAlone(proc, verb);
  }
}

function read(proc: Proc, isUnreadable: boolean): Tiding {
  const first = proc.unread.shift() as number;
  if (first === READY) return tiding(TOLD_OF.ready, proc.id);
  if (first === FAULT || first === GARBAGE) {
    // A host does not parse what follows garbage.
    if (first === GARBAGE) proc.isMute = true;
    return tiding(TOLD_OF.faulted, proc.id);
  }
  const hasThrown = first >= THROWN;
  return tiding(TOLD_OF.outcomeReceived, proc.id, hasThrown ? first - THROWN : first, hasThrown || isUnreadable);
}
