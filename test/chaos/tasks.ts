/**
 * The tasks of an episode: how each is called, and how it may end.
 */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import {
  BrokenProcessPool,
  CancelledError,
  type Future,
  SerializationError,
  type Task,
  TaskNotFoundError,
  tasksFrom,
} from 'procfutures';
import type { CallEnding } from 'procfutures/properties';
import type { TaskName, TaskSpec } from './plan.ts';

/** By way of package.json, since this file is compiled to another place than it is read from. */
export const packageRoot = pathToFileURL(createRequire(import.meta.url).resolve('procfutures/package.json'));
const tasks: object = tasksFrom(new URL('test/fixtures/chaos-tasks.js', packageRoot));

export function taskNamed(name: string): Task<readonly unknown[], unknown> {
  return (tasks as Readonly<Record<string, Task<readonly unknown[], unknown>>>)[name] as Task<
    readonly unknown[],
    unknown
  >;
}

/** Where a task leaves its marks. */
export interface Site {
  readonly dir: string;
  readonly call: number;
}

const FILL = 7;
const MEGABYTE = 1_048_576;

/** The arguments of a call. */
export function argsOf(site: Site, spec: TaskSpec): readonly unknown[] {
  switch (spec.task) {
    case 'add':
      return [site, spec.a, spec.b];
    case 'doze':
      return [site, spec.ms];
    case 'exit':
    case 'exitAfter':
      return [site, spec.code];
    case 'take':
      return [site, Buffer.alloc(spec.bytes, FILL)];
    case 'give':
      return [site, spec.bytes, FILL];
    case 'closeDescriptor':
      return [site, spec.fd];
    case 'garbage':
    case 'halfFrame':
      return [site, spec.hex];
    case 'leaveGrandchild':
      return [site, spec.then];
    case 'chatter':
      return [site, spec.bytes];
    case 'unreachable':
      return [site, { list: [() => site.call] }];
    default:
      return [site];
  }
}

/** The end that a call has when nothing comes between; `undefined` for one that takes its worker along. */
const ENDING: Readonly<Record<TaskName, CallEnding | undefined>> = {
  add: 'result',
  doze: 'result',
  fail: 'thrown',
  failLater: 'thrown',
  hold: 'result',
  block: 'result',
  deaf: 'result',
  spin: undefined,
  exit: undefined,
  exitAfter: 'result',
  abort: undefined,
  exhaust: undefined,
  rejectAfter: 'result',
  throwAfter: 'result',
  take: 'result',
  give: 'result',
  unreachable: 'argument',
  giveUncopyable: 'uncopyable',
  throwUncopyable: 'uncopyable',
  missing: 'notFound',
  closeDescriptor: 'result',
  garbage: 'result',
  halfFrame: undefined,
  leaveGrandchild: 'result',
  chatter: 'result',
};

const CAN_COME_BETWEEN: ReadonlySet<CallEnding> = new Set(['lost', 'cancelled', 'outside']);

/** What is wrong with the way in which a call has ended, or `undefined`. */
export function judgeEnd(site: Site, spec: TaskSpec, ending: CallEnding, value: unknown): string | undefined {
  if (CAN_COME_BETWEEN.has(ending)) return undefined;
  if (ending !== ENDING[spec.task]) return `${spec.task} ended with '${ending}': ${describe(value)}`;
  if (ending !== 'result') return undefined;
  const right = isRight(site, spec, value);
  return right ? undefined : `${JSON.stringify(spec)} gave ${describe(value)}`;
}

function isRight({ call }: Site, spec: TaskSpec, value: unknown): boolean {
  switch (spec.task) {
    case 'add':
      return value === spec.a + spec.b;
    case 'take':
      return value === spec.bytes + FILL * Math.ceil(spec.bytes / MEGABYTE);
    case 'give':
      return Buffer.isBuffer(value) && value.equals(Buffer.alloc(spec.bytes, FILL));
    default:
      return value === call;
  }
}

function describe(value: unknown): string {
  if (value instanceof Error) return value.stack ?? String(value);
  return Buffer.isBuffer(value) ? `${value.byteLength} bytes` : JSON.stringify(value);
}

/** The value with which an episode settles a future from outside. */
export const OUTSIDE = 'settled from outside';

/** How a future has ended. */
export function endingOf(
  future: Future<unknown>,
  call: number,
): { readonly ending: CallEnding; readonly value: unknown } {
  if (future.cancelled()) return { ending: 'cancelled', value: undefined };
  const error = future.exceptionNow();
  if (error !== null) return { ending: endingBy(error, call), value: error };
  const value = future.resultNow();
  return { ending: value === OUTSIDE ? 'outside' : 'result', value };
}

/** The same, for what a promise rejected with. */
export function endingBy(error: unknown, call: number): CallEnding {
  if (error instanceof CancelledError) return 'cancelled';
  if (error instanceof BrokenProcessPool) return 'lost';
  if (error instanceof TaskNotFoundError) return 'notFound';
  if (error instanceof SerializationError) return error.side === 'argument' ? 'argument' : 'uncopyable';
  if (error instanceof RangeError && error.message === `call ${call} threw`) return 'thrown';
  return 'other';
}
