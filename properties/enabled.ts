/**
 * What can happen next: to a process at any time, to the core when its host reports, and by the user's will.
 */
import { type CoreState, UNKNOWN_COST, type WorkItem } from '../machines/index.ts';
import type { History } from './history.ts';
import { encode, type MoveCode, NUMBER, WISHES } from './moves.ts';
import { GARBAGE, isAlive, isDue, type Proc } from './process.ts';
import { canPay, type Prices, type Purse } from './purse.ts';

/** What it depends on. */
export interface Situation {
  readonly core: CoreState;
  readonly history: History;
  readonly procs: readonly Proc[];
  readonly cancelled: WorkItem | undefined;
  readonly prices: Prices;
  readonly purse: Purse;
}

/** Wishes about the executor as a whole. */
const ENDS = WISHES.filter((wish) => wish !== 'cancel' && wish !== 'settle').map((wish) => NUMBER[wish]);

/** Everything that may happen next, mild things first, in a fixed order. */
export function enabledMoves(world: Situation): MoveCode[] {
  const codes: MoveCode[] = [];
  if (can(world, NUMBER.submit)) codes.push(encode(NUMBER.submit));
  for (const proc of world.procs) addReports(world, proc, codes);
  for (const proc of world.procs) {
    if (isAlive(proc)) addDeeds(world, proc, codes);
    else if (proc.phase === 'asked' && can(world, NUMBER.crash)) codes.push(encode(NUMBER.crash, proc.id));
  }
  if (can(world, NUMBER.estimate) && world.core.costs[0] === UNKNOWN_COST) codes.push(encode(NUMBER.estimate));
  const [canCancel, canSettle] = [can(world, NUMBER.cancel), can(world, NUMBER.settle)];
  if (canCancel || canSettle)
    for (const id of world.history.open.keys()) {
      if (canCancel) codes.push(encode(NUMBER.cancel, id));
      if (canSettle) codes.push(encode(NUMBER.settle, id));
    }
  if (canCancel && world.cancelled) codes.push(encode(NUMBER.cancelAgain));
  for (const wish of ENDS) if (can(world, wish)) codes.push(encode(wish));
  if (can(world, NUMBER.internalFailure)) codes.push(encode(NUMBER.internalFailure));
  return codes;
}

function can({ prices, purse }: Situation, verb: number): boolean {
  return canPay(prices, purse, verb);
}

/** What the host may report of a process. */
function addReports(world: Situation, proc: Proc, codes: MoveCode[]): void {
  const { id, phase, unread } = proc;
  if (!proc.spawnTold) {
    codes.push(encode(NUMBER.spawned, id));
    if (phase === 'asked' && can(world, NUMBER.spawnFailed)) codes.push(encode(NUMBER.spawnFailed, id));
  }
  const canRead = unread.length > 0 && !proc.endTold && !proc.isMute;
  if (canRead) codes.push(encode(NUMBER.read, id));
  if (canRead && (unread[0] as number) >= 0 && can(world, NUMBER.misread)) codes.push(encode(NUMBER.misread, id));
  if (phase === 'gone') {
    if (!proc.exitTold) codes.push(encode(NUMBER.tellExit, id));
    if (!proc.endTold && !canRead) codes.push(encode(NUMBER.tellEnd, id));
    if (canRead && can(world, NUMBER.cut)) codes.push(encode(NUMBER.cut, id));
  }
  if (!proc.callsTold && (phase === 'gone' || proc.isDeaf)) codes.push(encode(NUMBER.tellCallsEnd, id));
  const timer = world.history.workers.get(id)?.timer;
  if (!timer) return;
  if (isDue(proc, timer)) codes.push(encode(NUMBER.timer, id));
  else if (timer === 'boot') can(world, NUMBER.bootTimer) && codes.push(encode(NUMBER.bootTimer, id));
  else if (can(world, NUMBER.hurryTimer)) codes.push(encode(NUMBER.hurryTimer, id));
}

/** What a living process may do. */
function addDeeds(world: Situation, proc: Proc, codes: MoveCode[]): void {
  const { id, phase, calls, signal } = proc;
  if (phase === 'booting') {
    codes.push(encode(NUMBER.boot, id));
    if (can(world, NUMBER.failToInitialize)) codes.push(encode(NUMBER.failToInitialize, id));
  } else if (calls.length > 0) {
    codes.push(encode(NUMBER.finish, id));
    if (can(world, NUMBER.throw)) codes.push(encode(NUMBER.throw, id));
    if (can(world, NUMBER.misreadArgument)) codes.push(encode(NUMBER.misreadArgument, id));
    if (can(world, NUMBER.failToCopyResult)) codes.push(encode(NUMBER.failToCopyResult, id));
    if (can(world, NUMBER.reject)) codes.push(encode(NUMBER.reject, id));
  } else if (proc.isStopped) codes.push(encode(NUMBER.leave, id));
  if (signal !== 'none') codes.push(encode(NUMBER.die, id));
  if (signal === 'SIGTERM' && can(world, NUMBER.ignore)) codes.push(encode(NUMBER.ignore, id));
  if (!proc.isMute && !proc.unread.includes(GARBAGE) && can(world, NUMBER.spoil)) codes.push(encode(NUMBER.spoil, id));
  if (!proc.isDeaf && can(world, NUMBER.deafen)) codes.push(encode(NUMBER.deafen, id));
  if (can(world, NUMBER.crash)) codes.push(encode(NUMBER.crash, id));
}
