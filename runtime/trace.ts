/**
 * The flight recorder: what the core was told, what it became and what it asked for.
 *
 * Two forms. For a trace sink, one JSON object a line, without any payload. For our own assertions, the last steps in a
 * ring that keeps names and numbers only, so that it retains nothing of the user's.
 */
import type { Effect } from '../machines/effects.ts';
import type { CoreEvent } from '../machines/events.ts';
import type { CoreState } from '../machines/state.ts';
import { digest, plain } from '../machines/trace.ts';
import type { WorkItem } from '../machines/vocabulary.ts';

import { InvalidStateError } from './errors.ts';
import type { TraceSink } from './options.ts';
import { brief, describe } from './wire/describe.ts';

const RING = 32;

/** Records the steps of one executor. */
export class Recorder {
  #sink: TraceSink | undefined;
  readonly #ring: string[] = [];
  readonly #ids: number[] = [];
  #steps = 0;
  #isWriting = false;

  constructor(core: CoreState, sink: TraceSink | undefined) {
    this.#sink = sink;
    sink?.(JSON.stringify({ procfutures: 1, options: core.options }, infinityAsText));
  }

  /** Takes in one step that is done. */
  record(core: CoreState, event: CoreEvent, effects: readonly Effect[]): void {
    this.#remember(event, event.type);
    if (this.#sink) this.#write({ event: plain(event), state: digest(core), effects: effects.map(plain) });
  }

  /** Takes in one that threw half-way: who verifies the trace finds the bug in this very line. */
  recordFailure(core: CoreState, event: CoreEvent, error: unknown): void {
    this.#remember(event, `${event.type} (failed)`);
    if (this.#sink) this.#write({ event: plain(event), state: digest(core), effects: [], failed: brief(error) });
  }

  /**
   * The step that is being written is done and its effects are not: what a command asks for now would overtake them.
   *
   * @throws InvalidStateError when the sink calls the executor whose step it is given
   */
  refuseCallsOfSink(): void {
    if (!this.#isWriting) return;
    throw new InvalidStateError(
      'A trace sink cannot call its own executor or cancel its futures: it is told in the middle of a step. ' +
        'Call when the step is over, for example with queueMicrotask() or setImmediate().',
    );
  }

  #remember(event: CoreEvent, words: string): void {
    const place = this.#steps++ % RING;
    this.#ring[place] = words;
    this.#ids[place] = subjectOf(event);
  }

  #write(fields: object): void {
    // The sink itself ends the process: the trace ends with the step that it was given.
    if (this.#isWriting) return;
    const line = JSON.stringify({ step: this.#steps, ...fields });
    this.#isWriting = true;
    try {
      this.#sink?.(line);
    } catch (error) {
      // The step is done and its effects must be performed, whatever becomes of the recording.
      this.#sink = undefined;
      process.emitWarning(
        'The trace sink of an executor threw; nothing more is recorded, and the executor is not affected.',
        { type: 'ProcfuturesWarning', code: 'PROCFUTURES_TRACE', detail: describe(error) },
      );
    } finally {
      this.#isWriting = false;
    }
  }

  /** The last steps, oldest first. */
  tail(): string {
    const lines: string[] = [];
    for (let step = Math.max(0, this.#steps - RING); step < this.#steps; step++) {
      const id = this.#ids[step % RING] ?? -1;
      const [type = '', ...more] = (this.#ring[step % RING] ?? '').split(' ');
      lines.push([step + 1, type, ...(id >= 0 ? [id] : []), ...more].join(' '));
    }
    return lines.join('\n');
  }
}

/** The worker or the call that an event is about; what comes with each call first, since this runs for every event. */
function subjectOf(event: CoreEvent): number {
  if (event.type === 'outcomeReceived') return event.worker;
  if (event.type === 'submit') return event.work.id;
  return 'worker' in event ? event.worker : 'work' in event ? (event.work as WorkItem).id : -1;
}

function infinityAsText(_key: string, value: unknown): unknown {
  return value === Number.POSITIVE_INFINITY ? 'Infinity' : value;
}

export { digest };
