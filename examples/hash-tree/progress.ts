/** The progress bar: one line redrawn on a terminal, a plain line now and then elsewhere. */
import { count, counted, duration, size, throughput } from './format.ts';

/** Where a run stands; sizes in bytes. */
export interface ProgressState {
  readonly filesDone: number;
  readonly bytesDone: number;
  readonly filesFound: number;
  readonly bytesFound: number;
  readonly allFound: boolean;
  /** Milliseconds that the workers, all together, spent on the files that are done. */
  readonly spent: number;
  readonly busyWorkers: number;
  readonly workers: number;
}

const REDRAW_EVERY = 100;
const PLAIN_LINE_EVERY = 2_000;
const BAR_WIDTH = 20;

export class Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #read: () => ProgressState;
  readonly #redraws: boolean;
  readonly #begin = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #announced = false;

  constructor(stream: NodeJS.WriteStream, read: () => ProgressState) {
    this.#stream = stream;
    this.#read = read;
    this.#redraws = stream.isTTY === true && process.env.TERM !== 'dumb';
  }

  start(): void {
    this.#timer = setInterval(() => this.#show(), this.#redraws ? REDRAW_EVERY : PLAIN_LINE_EVERY);
    if (this.#redraws) this.#show();
  }

  /** The first file is done: a plain log says so at once, so that its reader knows that the workers run. */
  firstFileDone(): void {
    if (this.#announced || this.#redraws) return;
    this.#announced = true;
    this.#show();
  }

  /** A message of its own line, above the bar. */
  note(message: string): void {
    this.#stream.write(this.#redraws ? `\r\x1b[K${message}\n` : `${message}\n`);
    if (this.#redraws && this.#timer !== undefined) this.#show();
  }

  /** Draws a last time and leaves the line. */
  stop(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#show();
    if (this.#redraws) this.#stream.write('\n');
  }

  #show(): void {
    const state = this.#read();
    const elapsed = performance.now() - this.#begin;
    if (this.#redraws) {
      // One column stays free: a terminal wraps a full line, and a wrapped line cannot be redrawn.
      const line = `${bar(state)} ${describeProgress(state, elapsed)}`.slice(
        0,
        Math.max(0, (this.#stream.columns || 80) - 1),
      );
      this.#stream.write(`\r${line}\x1b[K`);
    } else this.#stream.write(`  ${describeProgress(state, elapsed)}\n`);
  }
}

function bar(state: ProgressState): string {
  const full = Math.round(BAR_WIDTH * share(state));
  return `${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)}`;
}

/** The most useful words first: a narrow terminal cuts the end off. */
export function describeProgress(state: ProgressState, elapsed: number): string {
  const { filesDone, bytesDone, filesFound, bytesFound, allFound, busyWorkers, workers } = state;
  const percent = Math.floor(100 * share(state));
  return [
    `${String(percent).padStart(3)} %`,
    allFound ? remaining(state, elapsed) : 'still looking',
    throughput(bytesDone, elapsed),
    `${busyWorkers}/${workers} busy`,
    `${count(filesDone)}/${counted(filesFound, 'file')}`,
    `${count(Math.round((filesDone * 1e3) / Math.max(elapsed, 1)))} files/s`,
    `${size(bytesDone)} of ${size(bytesFound)}`,
  ].join('  ');
}

/** From what the workers needed for a byte so far: a large file counts when it is done, so the plain rate would mislead. */
function remaining(state: ProgressState, elapsed: number): string {
  const { bytesDone, bytesFound, filesDone, filesFound, spent, workers } = state;
  if (bytesDone === 0) return 'ETA ?';
  if (bytesDone >= bytesFound) return 'ETA 0 s';
  const left = (spent * bytesFound) / bytesDone / workers - elapsed;
  // Late by that reckoning: the last files are large and not shared out, so how long they take is not known.
  return left > 0 ? `ETA ${duration(left)}` : `${counted(filesFound - filesDone, 'file')} left`;
}

/** Of what was found, how much is done; before anything is found, nothing is. */
function share({ bytesDone, bytesFound, allFound }: ProgressState): number {
  if (bytesFound === 0) return allFound ? 1 : 0;
  return Math.min(1, bytesDone / bytesFound);
}
