/**
 * What a chart is to those who ask it, and the plain data that it is compiled to.
 */
import type {
  ExecutorEffect,
  ExecutorEvent,
  ExecutorTag,
  FutureEffect,
  FutureEvent,
  FutureTag,
  WorkerEffect,
  WorkerEvent,
  WorkerTag,
} from './alphabet.ts';
import type { StateIndex } from './vocabulary.ts';

/** What one event does in one state. */
export interface Cell<Effect extends string> {
  readonly next: StateIndex;
  readonly effects: readonly Effect[];
}

/** One statechart, as the core sees it. */
export interface Chart<Event extends string, Effect extends string, Tag extends string> {
  /** The state in which a life begins, and what that asks for. */
  readonly initial: Cell<Effect>;
  /**
   * What `event` does in `state`.
   *
   * @throws ImpossibleEvent when the chart says that this cannot happen.
   */
  transition(state: StateIndex, event: Event): Cell<Effect>;
  /** Whether the state carries the tag. */
  has(state: StateIndex, tag: Tag): boolean;
  /** The state's path, as in `terminating.asked`. */
  name(state: StateIndex): string;
}

/** The three charts of an executor. */
export interface Charts {
  readonly future: Chart<FutureEvent, FutureEffect, FutureTag>;
  readonly worker: Chart<WorkerEvent, WorkerEffect, WorkerTag>;
  readonly executor: Chart<ExecutorEvent, ExecutorEffect, ExecutorTag>;
}

/** An event met a state in which its chart has it as impossible: our own bug, never the user's. */
export class ImpossibleEvent extends Error {
  override readonly name = 'ImpossibleEvent';
  constructor(machine: string, state: string, event: string) {
    super(`the ${machine} chart says that '${event}' cannot happen in '${state}'`);
  }
}

/** A compiled chart: plain data, written by compile.ts. A cell is `null` where the event is impossible. */
export interface Table<Event extends string, Effect extends string, Tag extends string> {
  readonly machine: string;
  readonly states: readonly string[];
  readonly initial: Cell<Effect>;
  readonly tags: readonly (readonly Tag[])[];
  readonly cells: readonly Readonly<Record<Event, Cell<Effect> | null>>[];
}
