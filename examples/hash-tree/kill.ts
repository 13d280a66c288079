/** `--kill`: a worker dies half-way, and the user of the pool looks at what is left. */
import { setTimeout as pause } from 'node:timers/promises';
import { BrokenProcessPool, type Future, type ProcessPoolExecutor, type Task } from 'procfutures';
import { count, counted, duration, wrapped } from './format.ts';

/** Kills one worker, once, when half of the files are done; and remembers every future for the report. */
export class KillDemonstration {
  readonly #errors = new Set<BrokenProcessPool>();
  readonly #pids: ReadonlySet<number>;
  victim: number | undefined;
  doneBefore = 0;
  #doneInAll = 0;
  #failed = 0;

  /** @param pids the workers as far as results have named them */
  constructor(pids: ReadonlySet<number>) {
    this.#pids = pids;
  }

  /** Half of the files are done: the last worker that has been heard of dies, without warning and in mid-call. */
  strikeAt(done: number, found: number): number | undefined {
    if (this.victim !== undefined || done * 2 < found) return undefined;
    const victim = [...this.#pids].at(-1);
    if (victim === undefined) return undefined;
    this.victim = victim;
    this.doneBefore = done;
    process.kill(victim, 'SIGKILL');
    return victim;
  }

  settled(future: Future<unknown>): void {
    const error = future.exceptionNow();
    if (error === null) this.#doneInAll += 1;
    else if (error instanceof BrokenProcessPool) {
      this.#failed += 1;
      this.#errors.add(error);
    }
  }

  /** Tries the broken pool, shuts it down, looks for survivors; the report, line by line. */
  async report(pool: ProcessPoolExecutor, task: Task<[path: string], unknown>): Promise<string> {
    // An idle worker's death is news only when its exit arrives here.
    for (const end = performance.now() + 2_000; pool.state === 'running' && performance.now() < end; ) await pause(5);
    const stateAtOnce = pool.state;
    const refused = submitError(pool, task);
    const begin = performance.now();
    await pool.shutdown();
    const reaped = duration(performance.now() - begin);
    const { workers, spawned, lost } = pool.stats();
    const survivors = [...this.#pids].filter(isAlive);
    const remaining = Object.values(workers).reduce((sum, n) => sum + n, 0);
    const gone =
      remaining + survivors.length === 0 ? 'all gone' : `STILL THERE: ${remaining}, pids ${survivors.join(', ')}`;
    return [
      `Worker ${this.victim} was sent SIGKILL after ${counted(this.doneBefore, 'file')}.`,
      '',
      'What the user of a broken pool sees',
      ...[...this.#errors].slice(0, 1).flatMap((error) => errorLines(error)),
      row('futures', `${count(this.#doneInAll)} kept their results, ${count(this.#failed)} failed, 0 are pending`),
      row('errors', `${counted(this.#errors.size, 'BrokenProcessPool')}: each failed future has its own`),
      row('pool.state', stateAtOnce),
      row('submit', refused),
      row('shutdown', `resolved after ${reaped}; pool.state is then ${pool.state}`),
      row('workers', `${spawned} spawned, ${lost} lost, ${gone}`),
      '',
      'A broken pool stays broken. What failed can be submitted to a new one, if it is safe to run it twice.',
    ].join('\n');
  }
}

function errorLines(error: BrokenProcessPool): string[] {
  return [
    row('error', `${error.name} (${error.code})`),
    row('message', error.message),
    row('pid', String(error.pid)),
    row('signal', `${error.signal} (exit code ${error.exitCode})`),
    row('activity', String(error.activity)),
  ];
}

function submitError(pool: ProcessPoolExecutor, task: Task<[path: string], unknown>): string {
  try {
    pool.submit(task, process.execPath);
    return 'accepted a call, which a broken pool must not do';
  } catch (error) {
    return `throws ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function row(name: string, text: string): string {
  return `  ${name.padEnd(13)}${wrapped(text, 100).join(`\n${' '.repeat(15)}`)}`;
}
