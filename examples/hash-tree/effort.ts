/** How long work took, in a way that a busy machine does not distort. */
import type { FileReport } from './tasks.ts';

/** A sum over files; milliseconds. */
export class Effort {
  /** By the clock: what a user waits, other programs included. */
  wall = 0;
  /** By the processor: what was spent on the files, whoever else was running. */
  cpu = 0;

  add(report: FileReport): void {
    this.wall += report.wall;
    this.cpu += report.cpu;
  }

  /**
   * What one process needs that has a processor for itself. Both figures are too high in their way: the clock counts
   * the waiting, the processor counts twice what two threads of a process do at once. The lower one flatters nobody.
   */
  get alone(): number {
    return Math.min(this.wall, this.cpu);
  }
}
