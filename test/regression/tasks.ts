import { tasksFrom } from 'procfutures';
import { fixture } from '../helpers/pool.ts';

/** What `regression-tasks.js` exports. */
interface RegressionTasks {
  double(n: number): number;
  sum(...numbers: number[]): number;
  mark(path: string, n: number): number;
  blockUntil(path: string): string;
  trap(message: unknown): unknown;
  replacePromise(): string;
  replaceExit(): string;
}

export const tasks = tasksFrom<RegressionTasks>(fixture('regression-tasks.js'));
