/**
 * What simulated calls come to: chosen by a function of the test, nothing is ever run.
 *
 * Values are handed over as they are. The simulation judges order, not bytes, so a call that cannot be copied says so.
 */
import type { Outcome, WorkerId } from '../../machines/vocabulary.ts';
import { SerializationError } from '../errors.ts';
import type { Call } from '../host.ts';
import { isChunk, type Task } from '../task.ts';

/** How a process ends: what the parent sees as exit code and signal, one of them `null`. */
export interface Death {
  readonly code: number | null;
  readonly signal: string | null;
  /** The uncaught error that the worker names before it goes. */
  readonly error?: unknown;
}

/** How a simulated call ends. */
export type CallEnd =
  /** It returns this. */
  | { readonly result: unknown }
  /** It throws this. */
  | { readonly throws: unknown }
  /** It never ends by itself and blocks its worker: only a signal ends that one. */
  | { readonly hangs: true }
  /** It ends its process. */
  | { readonly dies: Death }
  /** Its arguments, its result or what it throws cannot be copied between processes. */
  | { readonly uncopyable: 'argument' | 'result' | 'error' };

/** What a simulated call does. */
export type Behaviour = CallEnd & {
  /**
   * How long the function takes, in virtual microseconds; also what its worker reports as measured.
   * @defaultValue 100
   */
  readonly micros?: number;
  /**
   * Holds the call until it gives true; asked again before every happening.
   * @defaultValue nothing holds it
   */
  readonly until?: () => boolean;
  /**
   * Whether SIGTERM does nothing while the call runs.
   * @defaultValue false
   */
  readonly ignoresSigterm?: boolean;
};

/** The process that runs a call. */
export interface Place {
  readonly worker: WorkerId;
  readonly pid: number;
}

/**
 * Decides what a call does; asked once for each. The initializer of a worker is asked for as the call -1.
 *
 * Must be a function of its arguments, else two runs differ.
 */
export type Tasks = (call: Call, place: Place) => Behaviour;

/** A behaviour as the simulated process needs it: an `outcome`, a `death`, an `unsendable`, or none: it hangs. */
export interface Plan {
  readonly outcome: Outcome | undefined;
  readonly death: Death | undefined;
  /** What to report instead of sending the call. */
  readonly unsendable: Outcome | undefined;
  readonly micros: number;
  readonly ignoresSigterm: boolean;
  isHeld(): boolean;
}

const DEFAULT_MICROS = 100;
const notHeld = (): boolean => false;

/** What becomes of a worker that has no initializer. */
export const NO_INITIALIZER: Plan = {
  outcome: { kind: 'result', value: undefined },
  death: undefined,
  unsendable: undefined,
  micros: 0,
  ignoresSigterm: false,
  isHeld: notHeld,
};

/** What nobody decided: nothing is run, and the first argument comes back. */
export const echoes: Tasks = ({ args }) => ({ result: args[0] });

/** The plan of a call; the items of a chunk are asked for one by one. */
export function planOf(call: Call, tasks: Tasks, place: Place): Plan {
  return isChunk(call.task) ? planOfChunk(call, tasks, place) : planOfOne(tasks(call, place));
}

function planOfOne(behaviour: Behaviour): Plan {
  const { micros = DEFAULT_MICROS, until, ignoresSigterm = false } = behaviour;
  const isUnsendable = 'uncopyable' in behaviour && behaviour.uncopyable === 'argument';
  return {
    outcome: isUnsendable ? undefined : outcomeOf(behaviour),
    death: 'dies' in behaviour ? behaviour.dies : undefined,
    unsendable: isUnsendable ? uncopyable('argument') : undefined,
    micros,
    ignoresSigterm,
    isHeld: until ? () => !until() : notHeld,
  };
}

function outcomeOf(behaviour: CallEnd): Outcome | undefined {
  if ('result' in behaviour) return { kind: 'result', value: behaviour.result };
  if ('throws' in behaviour) return { kind: 'exception', error: behaviour.throws };
  return 'uncopyable' in behaviour ? uncopyable(behaviour.uncopyable) : undefined;
}

/** Items run one after the other, so the first that dies or hangs decides for all; else each has its own outcome. */
function planOfChunk({ work, task, args }: Call, tasks: Tasks, place: Place): Plan {
  const { module, name, source } = task;
  const one: Task = { module, name, source };
  const items = (args as readonly (readonly unknown[])[]).map((its) =>
    planOf({ work, task: one, args: its }, tasks, place),
  );
  const sent = items.filter((item) => !item.unsendable);
  const value = items.map((item) => item.unsendable ?? item.outcome);
  const decisive = sent.find((item) => !item.outcome);
  return {
    outcome: decisive || sent.length === 0 ? undefined : { kind: 'result', value },
    death: decisive?.death,
    unsendable: sent.length === 0 ? { kind: 'result', value } : undefined,
    micros: sent.reduce((sum, item) => sum + item.micros, 0),
    ignoresSigterm: sent.some((item) => item.ignoresSigterm),
    isHeld: () => sent.some((item) => item.isHeld()),
  };
}

/** What becomes of a value that cannot be copied. */
export function uncopyable(side: SerializationError['side']): Outcome {
  const text = `The simulation has it that the ${side} of this call cannot be copied to another process.`;
  return { kind: 'exception', error: new SerializationError(text, side, side) };
}
