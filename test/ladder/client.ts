/**
 * The client of a schedule: a program of public calls, some of them made inside callbacks, and a history of every call.
 */
import { BrokenProcessPool, ExecutorShutdownError } from '../../runtime/errors.ts';
import type { Future } from '../../runtime/future.ts';
import type { ProcessPoolExecutor } from '../../runtime/process-pool-executor.ts';
import type { Task } from '../../runtime/task.ts';
import { endingOf, judgeLog, type Letter, OUTSIDE } from './call-log.ts';
import type { Dice } from './dice.ts';

/** What a client may do, with how likely each is; ends come late in a program or not at all. */
const DEEDS = [...Array<'submit'>(9).fill('submit'), ...Array<'cancel'>(4).fill('cancel'), 'settle', 'look'] as const;
const ENDS = ['shutdown', 'shutdown', 'shutdownCancel', 'terminate', 'kill'] as const;

/** Everything that is known of one call. */
interface Entry {
  readonly future: Future<unknown>;
  log: string;
  /** Callbacks that were registered, and those that have run, in order. */
  registered: number;
  ran: number;
  /** What a promise of its result came to. */
  promised: 'none' | 'asked' | 'kept';
  endedAs: Letter | undefined;
}

/** A program under way. */
export class Client {
  readonly #pool: ProcessPoolExecutor;
  readonly #dice: Dice;
  readonly #tasks: readonly Task<readonly [number], unknown>[];
  readonly #entries: Entry[] = [];
  #left: number;
  readonly #end: (typeof ENDS)[number] | undefined;
  #isShut = false;
  #trouble: string | undefined;

  constructor(pool: ProcessPoolExecutor, dice: Dice, tasks: readonly Task<readonly [number], unknown>[]) {
    this.#pool = pool;
    this.#dice = dice;
    this.#tasks = tasks;
    this.#left = 16 + dice.below(18);
    this.#end = dice.oneIn(2) ? dice.pick(ENDS) : undefined;
  }

  /** How many calls were accepted. */
  get calls(): number {
    return this.#entries.length;
  }

  get hasMore(): boolean {
    return this.#left > 0;
  }

  /** Does the next thing. */
  act(): void {
    this.#left--;
    this.#do(this.#left === 2 && this.#end ? this.#end : this.#dice.pick(DEEDS));
  }

  /** Shuts down and has no more to do. */
  leave(): void {
    this.#left = 0;
    this.#do('shutdown');
  }

  /** Takes down when the code of a call starts and ends in its process. */
  note(work: number | undefined, mark: Letter | undefined): void {
    const entry = work === undefined ? undefined : this.#entries[work];
    if (entry && mark) entry.log += mark;
  }

  /** The first thing that was wrong, asked when all is over. */
  trouble(): string | undefined {
    if (this.#trouble) return this.#trouble;
    for (const [index, { future, registered, ran }] of this.#entries.entries()) {
      if (!future.done()) return `call ${index} is ${future.state} at the end: it never settles`;
      if (registered !== ran) return `call ${index}: ${registered} callbacks were registered, ${ran} have run`;
    }
    return undefined;
  }

  /** The first call whose history no order of its operations explains. */
  badHistory(): string | undefined {
    for (const [index, { log }] of this.#entries.entries()) {
      const why = judgeLog(log);
      if (why !== undefined) return `call ${index}: ${why}`;
    }
    return undefined;
  }

  /** Asked when promises had their turn: those of futures that are done must be kept. */
  brokenPromise(): string | undefined {
    const index = this.#entries.findIndex(({ promised }) => promised === 'asked');
    return index < 0 ? undefined : `call ${index} is done, and the promise of its result is not kept`;
  }

  #do(deed: (typeof DEEDS)[number] | (typeof ENDS)[number]): void {
    switch (deed) {
      case 'submit':
        return this.#submit();
      case 'cancel':
        return this.#cancel();
      case 'settle':
        return this.#settle();
      case 'look':
        return this.#look();
      default:
        return this.#finish(deed);
    }
  }

  #submit(): void {
    const index = this.#entries.length;
    let future: Future<unknown>;
    try {
      future = this.#pool.submit(this.#dice.pick(this.#tasks), index);
    } catch (error) {
      const isRefusal = error instanceof BrokenProcessPool || error instanceof ExecutorShutdownError;
      if (!isRefusal) this.#complain(`submit() threw ${String(error)}`);
      else if (this.#pool.state === 'running') this.#complain('a running pool has refused a call');
      return;
    }
    if (this.#isShut) this.#complain(`call ${index} was accepted after a shutdown`);
    const entry: Entry = { future, log: 'ab', registered: 0, ran: 0, promised: 'none', endedAs: undefined };
    this.#entries.push(entry);
    future.addDoneCallback(() => this.#settled(entry));
    entry.registered++;
    if (this.#dice.oneIn(3)) this.#watch(entry);
    if (this.#dice.oneIn(4)) this.#ask(entry);
  }

  #settled(entry: Entry): void {
    if (entry.ran++ !== 0) this.#complain('the first callback was not the first to run');
    const ending = endingOf(entry.future);
    entry.endedAs = ending;
    entry.log += ending;
    // Commands inside a callback, also while the pool breaks.
    if (this.#dice.oneIn(8)) this.#submit();
    if (this.#dice.oneIn(8)) this.#cancel();
  }

  #watch(entry: Entry): void {
    const place = entry.registered++;
    entry.future.addDoneCallback(() => {
      if (entry.ran++ !== place) this.#complain('callbacks have not run in the order of their registration');
    });
  }

  #ask(entry: Entry): void {
    entry.promised = 'asked';
    const keep = (): void => {
      entry.promised = 'kept';
    };
    entry.future.then(keep, keep);
  }

  #cancel(): void {
    const entry = this.#entries[this.#dice.below(Math.max(1, this.#entries.length))];
    if (!entry) return;
    entry.log += 'c';
    const answer = entry.future.cancel();
    entry.log += answer ? 't' : 'f';
  }

  #settle(): void {
    const entry = this.#entries[this.#dice.below(Math.max(1, this.#entries.length))];
    if (!entry || entry.future.done()) return;
    entry.log += 'o';
    entry.future.setResult(OUTSIDE);
  }

  /** What was done stays as it was. */
  #look(): void {
    const entry = this.#entries[this.#dice.below(Math.max(1, this.#entries.length))];
    if (entry?.endedAs !== undefined && endingOf(entry.future) !== entry.endedAs)
      this.#complain('a future that was done has changed');
  }

  #finish(how: (typeof ENDS)[number]): void {
    const isForced = how === 'terminate' || how === 'kill';
    if (isForced || how === 'shutdownCancel')
      for (const entry of this.#entries) if (!entry.future.done()) entry.log += 'A';
    this.#isShut = true;
    if (how === 'shutdown') void this.#pool.shutdown();
    else if (how === 'shutdownCancel') void this.#pool.shutdown({ wait: false, cancelFutures: true });
    else if (how === 'terminate') void this.#pool.terminateWorkers();
    else void this.#pool.killWorkers();
  }

  #complain(what: string): void {
    this.#trouble ??= what;
  }
}
