/**
 * What happens in one episode, as data: it can be written to a file, read by a person, shortened and run again, whatever
 * becomes of the generator that made it.
 */

/** The tasks of `test/fixtures/chaos-tasks.js`, with what they are given beside their site. */
export type TaskSpec =
  | { readonly task: 'add'; readonly a: number; readonly b: number }
  | { readonly task: 'doze'; readonly ms: number }
  | { readonly task: 'exit' | 'exitAfter'; readonly code: number }
  | { readonly task: 'take' | 'give'; readonly bytes: number }
  | { readonly task: 'closeDescriptor'; readonly fd: number }
  | { readonly task: 'garbage' | 'halfFrame'; readonly hex: string }
  | { readonly task: 'leaveGrandchild'; readonly then: 'return' | 'exit' }
  | { readonly task: 'chatter'; readonly bytes: number }
  | {
      readonly task:
        | 'fail'
        | 'failLater'
        | 'hold'
        | 'block'
        | 'deaf'
        | 'spin'
        | 'abort'
        | 'exhaust'
        | 'rejectAfter'
        | 'throwAfter'
        | 'unreachable'
        | 'giveUncopyable'
        | 'throwUncopyable'
        | 'missing';
    };

export type TaskName = TaskSpec['task'];

/** What can be done at once, also in a done callback. Calls are named by numbers that the plan gives them. */
export type Deed =
  /** `then` is done in a done callback of the call. */
  | {
      readonly do: 'submit';
      readonly call: number;
      readonly spec: TaskSpec;
      readonly then?: readonly Deed[];
    }
  | { readonly do: 'cancel'; readonly call: number }
  /** Settles the future from outside, as its user may. */
  | { readonly do: 'settle'; readonly call: number }
  | { readonly do: 'shutdown'; readonly wait: boolean; readonly cancelFutures: boolean }
  | { readonly do: 'terminate' }
  | { readonly do: 'kill' }
  /** A callback that throws; only in `then`. */
  | { readonly do: 'throw' };

/** One step of a plan. */
export type Step =
  | Deed
  /** The items are the calls `first`, `first + 1`, …; `leave`: the reader goes after so many of them. */
  | {
      readonly do: 'map';
      readonly first: number;
      readonly items: readonly TaskSpec[];
      /** The input is asynchronous. */
      readonly lazy?: true;
      readonly chunksize?: number;
      readonly buffersize?: number;
      readonly timeout?: number;
      readonly leave?: number;
    }
  /** A result with a time limit; the future goes on. */
  | { readonly do: 'peek'; readonly call: number; readonly timeout: number }
  /** To the live worker at this place among all, modulo how many there are. */
  | { readonly do: 'signal'; readonly worker: number; readonly signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' }
  /** SIGCONT to all that were stopped. */
  | { readonly do: 'continue' }
  /** Lets every task go on that holds or blocks, now and later. */
  | { readonly do: 'open' }
  /** Nobody refers to the executor any more. */
  | { readonly do: 'drop' }
  | { readonly do: 'await'; readonly what: 'settled' | 'started'; readonly call: number }
  | { readonly do: 'await'; readonly what: 'turns'; readonly turns: number };

/** Options of the pool of an episode. */
export interface PlanOptions {
  readonly maxWorkers: number;
  readonly prefetchHorizon: number;
  readonly killGrace: number;
  readonly maxTasksPerChild?: number;
  readonly bootTimeout?: number;
  readonly initializer?:
    | 'initialize'
    | 'initializeLate'
    | 'initializeBadly'
    | 'initializeAndExit'
    | 'initializeForEver';
  /** What becomes of the standard output and error of the workers. */
  readonly output: 'ignore' | 'pipe';
  /** Who decides: the compiled tables or the live XState machines. */
  readonly charts: 'tables' | 'xstate';
  /** News of the workers arrives so many turns of the event loop late: one number an event, again from the first. */
  readonly jitter?: readonly number[];
  /** An executable that is not there, so that no worker can be started. */
  readonly noExecutable?: true;
}

/**
 * How an episode ends. `drain` and `drop` wait for everything that was accepted; `exit` and `killed` end the process
 * that holds the pool, in the ordinary way and by SIGKILL.
 */
export type End = 'drain' | 'terminate' | 'kill' | 'drop' | 'exit' | 'killed';

/** One episode. */
export interface Plan {
  readonly version: 1;
  /** Where it came from; for the reader alone. */
  readonly seed: string;
  readonly options: PlanOptions;
  readonly steps: readonly Step[];
  readonly end: End;
}

/** The steps of a plan with those inside callbacks. */
export function* allSteps(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    if (step.do === 'submit' && step.then) yield* allSteps(step.then);
  }
}

/** @throws TypeError for what is no plan: only the outside is looked at, since plans are written by this program. */
export function parsePlan(text: string): Plan {
  const value = JSON.parse(text) as Partial<Plan> | null;
  if (value?.version !== 1 || !Array.isArray(value.steps) || typeof value.options !== 'object')
    throw new TypeError('This is no plan of an episode: give the plan.json that a failing episode left behind.');
  return value as Plan;
}
