/**
 * What can happen next: to a process at any time, to the core when its host reports, and by the user's will.
 */
import type { View } from './inside.ts';
import { encode, type MoveCode, NUMBER, WISHES } from './moves.ts';
import { LATE, type Outside } from './outside.ts';
import { FAULT, GARBAGE, isAlive, isDue, type Proc } from './process.ts';
import { canPay } from './purse.ts';

/** Wishes about the executor as a whole. */
const ENDS = WISHES.filter((wish) => wish !== 'cancel' && wish !== 'settle').map((wish) => NUMBER[wish]);

/** Everything that may happen next, mild things first, in a fixed order; `codes` is filled and returned. */
export function enabledMoves(outside: Outside, view: View, codes: MoveCode[] = []): MoveCode[] {
  while (codes.length > 0) codes.pop();
  const { procs } = outside;
  if (can(outside, NUMBER.submit)) codes.push(encode(NUMBER.submit));
  for (const proc of procs) addReports(outside, proc, view.timerOf(proc.id), codes);
  for (const proc of procs) {
    if (isAlive(proc)) addDeeds(outside, proc, codes);
    else if (proc.phase === 'asked') addUnseenDeeds(outside, proc, codes);
    // Written before it ended, which nobody has seen yet.
    else if (proc.unread.includes(FAULT)) addSpoil(outside, proc, codes);
  }
  if (view.isUnpredicted && can(outside, NUMBER.estimate)) codes.push(encode(NUMBER.estimate));
  addWishes(outside, view, codes);
  if (can(outside, NUMBER.internalFailure)) codes.push(encode(NUMBER.internalFailure));
  if (view.hasGone && can(outside, NUMBER.lateNews))
    for (let kind = 0; kind < LATE.length; kind++) codes.push(encode(NUMBER.lateNews, kind));
  return codes;
}

function can({ prices, purse }: Outside, verb: number): boolean {
  return canPay(prices, purse, verb);
}

function addWishes(outside: Outside, { calls, hasCancelled }: View, codes: MoveCode[]): void {
  const [canCancel, canSettle] = [can(outside, NUMBER.cancel), can(outside, NUMBER.settle)];
  if (canCancel || canSettle)
    for (const id of calls) {
      if (canCancel) codes.push(encode(NUMBER.cancel, id));
      if (canSettle) codes.push(encode(NUMBER.settle, id));
    }
  if (canCancel && hasCancelled) codes.push(encode(NUMBER.cancelAgain));
  // With a result, with an exception.
  if (canSettle && hasCancelled) codes.push(encode(NUMBER.settleAgain, 0), encode(NUMBER.settleAgain, 1));
  for (const wish of ENDS) if (can(outside, wish)) codes.push(encode(wish));
}

/** What the host may report of a process. */
function addReports(world: Outside, proc: Proc, timer: string | null | undefined, codes: MoveCode[]): void {
  const { id, phase, unread } = proc;
  if (!proc.spawnTold) {
    codes.push(encode(NUMBER.spawned, id));
    // Who wrote something exists.
    const isUnheardOf = phase === 'asked' && unread.length === 0 && !proc.isMute;
    if (isUnheardOf && can(world, NUMBER.spawnFailed)) codes.push(encode(NUMBER.spawnFailed, id));
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
  if (!timer) return;
  if (isDue(proc, timer)) codes.push(encode(NUMBER.timer, id));
  else if (timer === 'boot') can(world, NUMBER.bootTimer) && codes.push(encode(NUMBER.bootTimer, id));
  else if (can(world, NUMBER.hurryTimer)) codes.push(encode(NUMBER.hurryTimer, id));
}

/** What a process may do before anybody was told that there is one. */
function addUnseenDeeds(world: Outside, proc: Proc, codes: MoveCode[]): void {
  if (can(world, NUMBER.crash)) codes.push(encode(NUMBER.crash, proc.id));
  addSpoil(world, proc, codes);
}

/** What a living process may do. */
function addDeeds(world: Outside, proc: Proc, codes: MoveCode[]): void {
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
  addSpoil(world, proc, codes);
  if (!proc.isDeaf && can(world, NUMBER.deafen)) codes.push(encode(NUMBER.deafen, id));
  if (can(world, NUMBER.crash)) codes.push(encode(NUMBER.crash, id));
}

function addSpoil(world: Outside, { id, isMute, unread }: Proc, codes: MoveCode[]): void {
  if (!isMute && can(world, NUMBER.spoil) && !unread.includes(GARBAGE)) codes.push(encode(NUMBER.spoil, id));
}
