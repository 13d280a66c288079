/**
 * References to functions that run in workers: an export of a module, or a function sent as source.
 *
 * Nothing is imported in the parent: a task is a name, and only the worker finds out what it names.
 */
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { types } from 'node:util';
import { Script } from 'node:vm';
import { show } from './wire/describe.ts';

declare const signature: unique symbol;

/**
 * A function that a worker can run; immutable.
 *
 * `A` and `R` are the types of its arguments and of what it returns (awaited). Made by {@link tasksFrom} and {@link
 * inline}.
 */
export interface Task<A extends readonly unknown[] = readonly never[], R = unknown> {
  /** Never there: it carries the types. */
  readonly [signature]?: (...args: A) => R;
  /** The URL of the module, or `undefined` for an inline task. */
  readonly module: string | undefined;
  /** The name of the export, or the name of the inline function. */
  readonly name: string;
  /** The source of an inline function, else `undefined`. */
  readonly source: string | undefined;
}

/** The exported functions of a module as tasks. Of an overloaded function only the last signature is kept. */
export type Tasks<M> = {
  readonly [K in keyof M as M[K] extends (...args: never[]) => unknown ? K : never]: M[K] extends (
    ...args: infer A
  ) => infer R
    ? Task<A, Awaited<R>>
    : never;
} & { readonly then: undefined };

const tasks = new WeakSet<object>();

function makeTask(module: string | undefined, name: string, source: string | undefined): Task {
  const task = Object.freeze({ module, name, source });
  tasks.add(task);
  return task;
}

/** Whether the value was made by {@link tasksFrom} or {@link inline}. */
export function isTask(value: unknown): value is Task<never, unknown> {
  return typeof value === 'object' && value !== null && tasks.has(value);
}

/**
 * Typed references to the exported functions of a module.
 *
 * Nothing is imported here; workers import the module once each, when they first need it. ES modules, CommonJS (whose
 * exports count as they do for `require`) and `.ts` files where the worker's Node loads them. An export that is
 * missing or is no function fails the future with `TaskNotFoundError`, and so does a module that cannot be loaded,
 * with the reason as `cause`. The returned object may be awaited: its `then` is `undefined`.
 *
 * @param url - a `file:` URL (object or string), or an absolute path
 * @throws TypeError when it is neither URL nor string; RangeError for another URL or a relative path, which means
 *   nothing in another process
 */
export function tasksFrom<M extends object = Record<string, (...args: unknown[]) => unknown>>(
  url: URL | string,
): Tasks<M> {
  const module = moduleUrl(url);
  const known = new Map<string, Task>();
  return new Proxy(Object.freeze(Object.create(null)), {
    get(_target, name) {
      if (typeof name === 'symbol' || name === 'then') return undefined;
      let task = known.get(name);
      if (!task) {
        task = makeTask(module, name, undefined);
        known.set(name, task);
      }
      return task;
    },
    has: (_target, name) => typeof name === 'string' && name !== 'then',
    set: () => false,
    defineProperty: () => false,
    deleteProperty: () => false,
  }) as Tasks<M>;
}

function moduleUrl(url: unknown): string {
  const href = url instanceof URL ? url.href : url;
  if (typeof href === 'string') {
    if (href.startsWith('file:') && URL.canParse(href)) return new URL(href).href;
    if (isAbsolute(href)) return pathToFileURL(href).href;
  }
  const text =
    `tasksFrom() takes a file: URL or an absolute path, not ${show(url)}. ` +
    "For a module beside this one, write tasksFrom(new URL('./tasks.js', import.meta.url)); " +
    "in CommonJS, tasksFrom(require.resolve('./tasks.js')).";
  throw typeof href === 'string' ? new RangeError(text) : new TypeError(text);
}

/**
 * A task from a self-contained function, sent as source and evaluated in the worker's global scope.
 *
 * What the function closes over is not sent: a free variable fails the call with the `ReferenceError` that it is, and
 * so does a helper that a compiler inserted. `import()` works for built-in modules and absolute URLs; a relative
 * specifier means nothing there.
 *
 * Make it once, not for each call: equal sources count as one function, however often they are made, but each new
 * source is kept, with what is known of it, as long as its pool (in this process) and its worker live.
 *
 * @throws TypeError for what has no source that stands alone: native and bound functions, methods, accessors, classes
 * and generators.
 */
export function inline<A extends unknown[], R>(fn: (...args: A) => R): Task<A, Awaited<R>> {
  if (typeof fn !== 'function') throw new TypeError(`inline() takes a function, not ${show(fn)}.`);
  const refuse = (what: string): never => {
    throw new TypeError(
      `inline() cannot send ${what} ('${fn.name}'): its source does not stand alone. ` +
        'Wrap it in an arrow function, or export it from a module and use tasksFrom().',
    );
  };
  const source = Function.prototype.toString.call(fn);
  if (/\{\s*\[native code\]\s*\}\s*$/.test(source)) refuse('a native or bound function');
  if (/^class\b/.test(source)) refuse('a class');
  if (/\bimport\s*\.\s*meta\b/.test(source)) refuse('a function that uses import.meta');
  if (types.isGeneratorFunction(fn)) refuse('a generator');
  try {
    new Script(`(${source}\n)`);
  } catch {
    refuse('a method or accessor');
  }
  return makeTask(undefined, fn.name || 'anonymous', source) as Task<A, Awaited<R>>;
}

/** Equal for tasks that name the same function, however often they were made. */
export function identityOf(task: Task<never, unknown>): string {
  return task.source ?? `${task.name} ${task.module}`;
}

/** How a task is named in messages. */
export function describeTask(task: Task<never, unknown>): string {
  return task.module === undefined ? `inline function '${task.name}'` : `'${task.name}' of ${task.module}`;
}

/** A task whose one call stands for several: its arguments are the argument lists of the items. */
export interface ChunkTask extends Task<never, unknown> {
  readonly chunk: true;
}

const chunkTasks = new WeakMap<object, ChunkTask>();

/** The same function, called once for each item of a chunk. */
export function chunkOf(task: Task<never, unknown>): ChunkTask {
  let chunked = chunkTasks.get(task);
  if (!chunked) {
    const { module, name, source } = task;
    chunked = Object.freeze({ module, name, source, chunk: true as const });
    chunkTasks.set(task, chunked);
  }
  return chunked;
}

/** Whether one call of the task stands for several. */
export function isChunk(task: Task<never, unknown>): task is ChunkTask {
  return (task as Partial<ChunkTask>).chunk === true;
}
