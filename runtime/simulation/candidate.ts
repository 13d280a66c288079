/**
 * What may happen next, with all that it takes to let it happen.
 */
import type { Happening, Rule, Stage } from './happenings.ts';
import type { SentCall, SimulatedProcess } from './process.ts';

const AT_ONCE = Number.NEGATIVE_INFINITY;

/** A happening that can be chosen. What a chooser sees of it is plain data; one object, since most are never chosen. */
export class Candidate implements Happening {
  readonly type: Happening['type'];
  readonly worker: number;
  declare readonly work?: number;
  readonly isFault: boolean;
  readonly #rule: Rule;
  readonly #process: SimulatedProcess;
  readonly #call: SentCall | undefined;

  constructor(rule: Rule, process: SimulatedProcess, call: SentCall | undefined, isFault: boolean) {
    this.type = rule.type;
    this.worker = process.id;
    if (call) this.work = call.call.work;
    this.isFault = isFault;
    this.#rule = rule;
    this.#process = process;
    this.#call = call;
  }

  /** Virtual milliseconds. */
  get due(): number {
    return this.#rule.due?.(this.#process) ?? AT_ONCE;
  }

  /** The same for an onlooker, who may keep it. */
  get happening(): Happening {
    const { type, worker, work, isFault } = this;
    return work === undefined ? { type, worker, isFault } : { type, worker, work, isFault };
  }

  /** Whether this is what is asked for; any call is, where none is named. */
  is(type: Happening['type'], worker: number, work: number | undefined): boolean {
    return this.type === type && this.worker === worker && (work === undefined || this.work === work);
  }

  happen(stage: Stage): void {
    this.#rule.happen(this.#process, stage, this.#call);
  }
}
