import { tasksFrom } from 'procfutures';
import { fixture } from '../helpers/pool.ts';

/** What `test/fixtures/crash-tasks.js` exports; it is plain JavaScript, so its types are told here. */
interface CrashTasks {
  double(n: number): number;
  echo(value: unknown): unknown;
  sizeOf(value: string | Buffer): number;
  pid(): number;
  nothing(): void;
  logged(stage: string, number: number): [pid: number, doubled: number];
  hold(stage: string, name: string): Promise<number>;
  spin(stage: string, name: string): number;
  spinForEver(stage: string, name: string): never;
  spinDeafToTerm(stage: string, name: string): never;
  holdDeafToTerm(stage: string, name: string): Promise<number>;
  holdAndTidy(stage: string, name: string): Promise<number>;
  exit(code: number): never;
  disableExit(): number;
  abort(): never;
  dieBy(signal: string): Promise<void>;
  exhaustHeap(): never;
  closeDescriptor(fd: number): string;
  chatter(fd: number, megabytes: number): number;
  writeRaw(fd: number, hex: string): string;
  throwLater(stage: string): string;
  rejectLater(stage: string): string;
  leaveHandleOpen(): number;
  leaveGrandchild(stage: string): number;
  bigString(length: number): string;
  bigBuffer(length: number, byte: number): Buffer;
  fail(kind: string): never;
  failLater(kind: string): Promise<never>;
  give(kind: string): unknown;
  initThrows(): Promise<never>;
  initHangs(): Promise<never>;
}

export const tasks = tasksFrom<CrashTasks>(fixture('crash-tasks.js'));

/** Exports that are not there, or are no function. */
export const wrongTasks = tasksFrom<{ doesNotExist(): void; notAFunction(): void }>(fixture('crash-tasks.js'));
