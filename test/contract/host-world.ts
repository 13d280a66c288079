/**
 * What the contract suite needs of a host besides the host: a way to make pools on it, and to wait.
 *
 * Tests are written once against this; a host decides how time passes and how a process is killed from outside.
 */
import {
  type ProcessPoolExecutor,
  type ProcessPoolExecutorOptions,
  type Task,
  type Tasks,
  tasksFrom,
} from 'procfutures';
import type { HostFactory } from 'procfutures/simulation';
import type { Gate } from '../helpers/gate.ts';
import { fixture } from '../helpers/pool.ts';

/** What `contract-tasks.js` exports. */
export interface ContractTasks {
  echo<T>(value: T): T;
  pid(): number;
  /** Throws a RangeError. */
  fail(message: string): never;
  exit(code: number): never;
  die(signal: string): never;
  /** An uncaught RangeError outside the call ends the process. */
  crash(message: string): never;
  /** What cannot be copied. */
  returnFunction(): unknown;
  /** Arrives at the gate and returns `value` once it is open. */
  hold<T>(path: string, value?: T): Promise<T>;
  /** As `hold`; arrives only when the results of all earlier calls were written. */
  holdLater<T>(path: string, value?: T): Promise<T>;
  /** As `hold`; SIGTERM does nothing from then on. */
  holdAgainstSigterm<T>(path: string, value?: T): Promise<T>;
  /** Writes what is no frame, arrives at the gate and holds. */
  garble(path: string): Promise<void>;
  /** Initializers: one arrives at the gate and returns, one throws a RangeError, one never ends. */
  prepare(path: string): void;
  failToPrepare(message: string): never;
  neverPrepare(): Promise<never>;
}

/** The tasks of the suite. */
export const tasks: Tasks<ContractTasks> = tasksFrom<ContractTasks>(fixture('contract-tasks.js'));

/** As `tasks`, of any type: for the seam, which has none. */
export const anyTask = (name: keyof ContractTasks): Task => tasks[name] as unknown as Task;

/** One world, for one test. */
export interface HostWorld {
  /** A host of its own, as the driver would make it. */
  hostFactory(options: ProcessPoolExecutorOptions): HostFactory;
  /** Options under which no process can be started; the host is not used otherwise. */
  hostThatCannotSpawn(): HostFactory;
  /** A pool on the charts of this vitest project, ended with the test. */
  newPool(options?: ProcessPoolExecutorOptions): ProcessPoolExecutor;
  /** As `newPool`, where no process can be started. */
  newPoolThatCannotSpawn(options?: ProcessPoolExecutorOptions): ProcessPoolExecutor;
  newGate(): Gate;
  /** SIGKILL from outside. */
  kill(pid: number): void;
  /** Lets a process run until it has arrived at the gate, kills it, and lets nothing be read meanwhile. */
  killUnread(gate: Gate): Promise<void>;
  /** Lets time pass until the fact holds. */
  until(fact: () => boolean, what: string): Promise<void>;
  /** Lets time pass until the promise settles. */
  soon<T>(promise: PromiseLike<T>, what: string): Promise<T>;
}
