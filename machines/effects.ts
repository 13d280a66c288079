/**
 * Everything that the core can ask of the world, as plain data, in the order in which it must be done.
 *
 * Ordering contract: within one step the state is complete before the first effect runs; futures are published before
 * any process is signalled; `joined` is the last effect that an executor ever asks for, except `hold`.
 */
import type { Loss, WorkerId, WorkItem } from './vocabulary.ts';

/** The deadlines of a worker; their lengths are the runtime's options. A worker has at most one running at a time. */
export type TimerName =
  /** From spawn to ready: `bootTimeout`. */
  | 'boot'
  /** From the first fact of a death to the second: 250 ms, since a grandchild can hold a pipe open for ever. */
  | 'drain'
  /** From a polite request to a less polite one: `killGrace`. */
  | 'grace'
  /** From SIGKILL to the exit: 5 s; beyond it the process is given up, with a warning that names it. */
  | 'reap';

/** How a worker is made to leave. */
export type Ending = 'stop' | 'SIGTERM' | 'SIGKILL';

/** One effect. */
export type Effect =
  /** The future is done (or cancelled): run callbacks, release waiters. State and outcome are readable already. */
  | { readonly type: 'publish'; readonly work: WorkItem }
  /** The command was refused and left no trace. `loss` says what broke the executor, where that is the reason. */
  | { readonly type: 'refuse'; readonly reason: 'shutdown' | 'broken' | 'done'; readonly loss: Loss | undefined }
  | { readonly type: 'spawn'; readonly worker: WorkerId }
  /** Write the call; it is RUNNING already. */
  | { readonly type: 'send'; readonly worker: WorkerId; readonly work: WorkItem }
  | { readonly type: 'end'; readonly worker: WorkerId; readonly how: Ending }
  /** Start this timer in place of the worker's former one; `null` stops it. */
  | { readonly type: 'timer'; readonly worker: WorkerId; readonly timer: TimerName | null }
  /** The worker is dead: close what is left of its channel and forget it. */
  | { readonly type: 'release'; readonly worker: WorkerId }
  /** The process outlived SIGKILL; futures do not wait for it, the user is warned. */
  | { readonly type: 'giveUp'; readonly worker: WorkerId; readonly pid: number | undefined }
  /** Whether the event loop must stay alive for this executor. */
  | { readonly type: 'hold'; readonly on: boolean }
  /** Every process is reaped, every future settled. */
  | { readonly type: 'joined' };
