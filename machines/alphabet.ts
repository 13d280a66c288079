/**
 * What each chart can be told, what it can ask for, and by which tags its states are known.
 *
 * Apart from the machines, so that whoever speaks with a chart need not load XState, nor its types.
 */

/** What can happen to a future; the names are CPython's methods. */
export type FutureEvent = 'cancel' | 'setRunningOrNotifyCancel' | 'setResult' | 'setException';

/** What a transition of a future asks for. */
export type FutureEffect =
  /** Run the callbacks and release the waiters. */
  | 'publish'
  /**
   * Tell the caller that the future is not in a state for this (`InvalidStateError`); from a worker: a late outcome.
   */
  | 'refuse';

/** What can be asked of a future's state without naming it. */
export type FutureTag = 'pending' | 'running' | 'cancelled' | 'done';

/** What can happen to a worker: requests of the core, and observations of the host. */
export type WorkerEvent =
  | 'spawned'
  | 'spawnFailed'
  | 'ready'
  | 'assign'
  | 'retire'
  | 'outcomeReceived'
  | 'lastCallDone'
  | 'stop'
  | 'terminate'
  | 'kill'
  | 'exited'
  | 'callsEnded'
  | 'channelEnded'
  | 'faulted'
  | 'timerFired';

/** What a transition of a worker asks for. */
export type WorkerEffect =
  | 'spawn'
  | 'startBootTimer'
  | 'startDrainTimer'
  | 'startGraceTimer'
  | 'startReapTimer'
  | 'stopTimer'
  | 'sendCall'
  | 'deliver'
  | 'drop'
  | 'sendStop'
  | 'sendTerm'
  | 'sendKill'
  | 'noteSpawnFailure'
  | 'noteBootTimeout'
  | 'noteCondemned'
  | 'noteIdle'
  | 'noteRunning'
  | 'giveUp'
  | 'release'
  | 'reportLost';

/** What can be asked of a worker's state without naming it. */
export type WorkerTag =
  | 'spawning'
  | 'booting'
  | 'idle'
  | 'busy'
  | 'retiring'
  | 'terminating'
  /** A call may be written to it. */
  | 'takesCalls'
  /** It runs calls: its last answer changes what it is. */
  | 'answers'
  /** It will take a call without being asked for again. */
  | 'starting'
  | 'dead';

/** What can happen to an executor: requests, and facts that the core has counted. */
export type ExecutorEvent =
  | 'submit'
  | 'shutdown'
  | 'cancelFutures'
  | 'terminate'
  | 'kill'
  | 'collected'
  | 'processExit'
  | 'workerLost'
  | 'drained'
  | 'futuresFailed'
  | 'lastWorkerGone';

/** What a transition of the executor asks for. */
export type ExecutorEffect =
  | 'accept'
  | 'refuseShutdown'
  | 'refuseBroken'
  | 'cancelPending'
  | 'failTerminated'
  | 'failKilled'
  | 'failUnfinished'
  | 'stopWorkers'
  | 'terminateWorkers'
  | 'killWorkers'
  | 'announceJoined';

/** What can be asked of an executor's state without naming it. */
export type ExecutorTag =
  /** Calls are sent to workers, and workers spawned for them. */
  | 'dispatches'
  /** Waits until no future is unsettled, then stops the workers. */
  | 'drains'
  /** Waits until every unsettled future has failed. */
  | 'fails'
  /** Waits until no worker is left. */
  | 'reaps'
  /** All is over. */
  | 'joined';
