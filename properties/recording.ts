/**
 * The lines of a recorded trace, read back: options, then events with stand-ins for what is not recorded.
 *
 * Payloads are left out of a trace, so results, errors and causes are stand-ins here; `step` never looks at them.
 */
import {
  type Charts,
  type CoreEvent,
  type CoreOptions,
  createWork,
  type Outcome,
  type WorkItem,
} from '../machines/index.ts';
import type { Invariant } from './invariants/invariant.ts';

/** One step as it was recorded. */
export interface RecordedStep {
  readonly line: number;
  readonly event: CoreEvent;
  readonly state: unknown;
  readonly effects: unknown;
}

/** What is wrong with a trace. */
export interface Trouble {
  /**
   * A line that cannot be read, a trace that was cut in the middle of a line, a step that goes another way when it is
   * repeated, or a step that breaks a promise.
   */
  readonly kind: 'unreadable' | 'truncated' | 'mismatch' | 'breach';
  /** The number of the line, the first being 1. */
  readonly line: number;
  readonly why: string;
  /** The promise, for a breach. */
  readonly invariant?: Pick<Invariant, 'id' | 'sentence'>;
}

type Fields = Record<string, unknown>;

const COMMANDS = ['submit', 'cancel', 'settle', 'shutdown', 'terminate', 'kill', 'collected', 'processExit'];
const NEWS = ['costEstimated', 'internalFailure'];
const OF_WORKERS = ['spawned', 'spawnFailed', 'ready', 'outcomeReceived', 'callRejected', 'exited', 'callsEnded'];
const EVENTS = new Set([...COMMANDS, ...NEWS, ...OF_WORKERS, 'channelEnded', 'faulted', 'timerFired']);

/** Reads a trace line by line. */
export class Recording {
  readonly #lines: Iterator<string>;
  readonly #works = new Map<number, WorkItem>();
  #line = 0;

  constructor(trace: string | Iterable<string>) {
    this.#lines = (typeof trace === 'string' ? linesOf(trace) : trace)[Symbol.iterator]();
  }

  /** The options in the first line. */
  header(): CoreOptions | Trouble {
    const first = this.#read();
    if (first === undefined) return this.#trouble('the trace is empty; its first line is to name the options');
    if ('kind' in first && 'why' in first) return first as unknown as Trouble;
    const { procfutures, options } = first as { procfutures?: unknown; options?: Fields };
    if (procfutures !== 1 || !options) return this.#trouble('it is no header {"procfutures":1,"options":…} of ours');
    const { maxWorkers, maxTasksPerChild, prefetchHorizon } = options;
    const most = maxTasksPerChild === 'Infinity' ? Number.POSITIVE_INFINITY : maxTasksPerChild;
    if (typeof maxWorkers !== 'number' || typeof most !== 'number' || typeof prefetchHorizon !== 'number')
      return this.#trouble('it lacks maxWorkers, maxTasksPerChild or prefetchHorizon');
    return { maxWorkers, maxTasksPerChild: most, prefetchHorizon };
  }

  /** The next step; `undefined` at the end. */
  next(charts: Charts): RecordedStep | Trouble | undefined {
    const read = this.#read();
    if (read === undefined) return undefined;
    if ('kind' in read && 'why' in read) return read as unknown as Trouble;
    const { step, event, state, effects } = read;
    if (step !== this.#line - 1)
      return this.#trouble(`it is step ${String(step)}, where ${this.#line - 1} was to come`);
    const fields = event as Fields | undefined;
    if (typeof fields?.type !== 'string' || !EVENTS.has(fields.type)) return this.#trouble('it has no event of ours');
    const restored = this.#restore(fields as Fields & { type: string }, charts);
    if (typeof restored === 'string') return this.#trouble(restored);
    return { line: this.#line, event: restored, state, effects };
  }

  /** To be told of each event that was repeated: later lines name its call by id. */
  remember(event: CoreEvent): void {
    if (event.type === 'submit' && event.work.id >= 0) this.#works.set(event.work.id, event.work);
  }

  #restore(fields: Fields & { type: string }, charts: Charts): CoreEvent | string {
    const { type, work: id, outcome: kind, task } = fields;
    const outcome: Outcome = kind === 'exception' ? { kind, error: undefined } : { kind: 'result', value: undefined };
    switch (type) {
      case 'submit':
        if (typeof task !== 'number') return 'a submit without its task';
        return { type, work: createWork(charts, task, undefined) };
      case 'cancel':
      case 'settle': {
        const work = this.#works.get(id as number);
        if (!work) return `it names call ${String(id)}, which was never submitted`;
        return type === 'cancel' ? { type, work } : { type, work, outcome };
      }
      case 'outcomeReceived':
      case 'callRejected':
        return { ...fields, outcome } as unknown as CoreEvent;
      case 'exited':
        return { ...fields, stderr: '' } as unknown as CoreEvent;
      default:
        return fields as unknown as CoreEvent;
    }
  }

  /** The next line as an object. */
  #read(): Fields | Trouble | undefined {
    const next = this.#lines.next();
    if (next.done) return undefined;
    this.#line++;
    try {
      const parsed: unknown = JSON.parse(next.value);
      return typeof parsed === 'object' && parsed !== null ? (parsed as Fields) : this.#trouble('it is no object');
    } catch (error) {
      const isLast = this.#lines.next().done === true;
      const isCut = isLast && next.value.startsWith('{');
      return this.#trouble(
        `${error instanceof Error ? error.message : String(error)}`,
        isCut ? 'truncated' : 'unreadable',
      );
    }
  }

  #trouble(why: string, kind: Trouble['kind'] = 'unreadable'): Trouble {
    return { kind, line: Math.max(this.#line, 1), why };
  }
}

/** Of a text without any there is no empty one either. */
function linesOf(text: string): readonly string[] {
  const whole = text.replace(/\n$/, '');
  return whole === '' ? [] : whole.split('\n');
}
