/**
 * From the name of a task to its function: modules are imported once, when they are first needed.
 *
 * CommonJS: `import()` shows only the names that Node's lexer finds, so what is missing there is looked up in
 * `module.exports` (https://nodejs.org/api/esm.html#commonjs-namespaces).
 */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { textOf } from '../wire/describe.ts';
import type { TaskRef } from '../wire/messages.ts';
import { whileLoading } from './info.ts';

/** A function of the user. */
export type TaskFunction = (...args: unknown[]) => unknown;

/** There is no such function; becomes `TaskNotFoundError` in the parent. */
export class TaskMissing extends Error {
  override readonly name = 'TaskMissing';
}

type Found = TaskFunction | Promise<TaskFunction>;

const known = new Map<number, Found>();

/**
 * The function that a task names; a promise only until its module is loaded.
 *
 * @throws TaskMissing (or rejects with it); the same one each time, since a module that failed to load stays failed.
 */
export function resolveTask(ref: TaskRef): Found {
  if (typeof ref === 'number') {
    const found = known.get(ref);
    if (!found) throw new TaskMissing(`The worker was never told what function ${ref} is.`);
    return found;
  }
  const [key, module, name] = ref;
  const found: Found = module === null ? evaluated(ref[3], name) : load(module, name);
  known.set(key, found);
  // Not by `instanceof Promise`: a task may replace that global.
  if (typeof found !== 'function') {
    found.then(
      (fn) => known.set(key, fn),
      () => {},
    );
  }
  return found;
}

/** A source that cannot be evaluated fails each call in the same way. */
function evaluated(source: string, name: string): Found {
  try {
    return evaluate(source, name);
  } catch (error) {
    return Promise.reject(error);
  }
}

/**
 * In the global scope: what the function closed over is not here, and fails as the ReferenceError that it is.
 *
 * Strict, as the module was that it most likely came from; sloppy where its source is not strict code.
 */
function evaluate(source: string, name: string): TaskFunction {
  // biome-ignore lint/security/noGlobalEval: this is what inline() is for, and an indirect eval has the global scope
  const globalEval = eval;
  let fn: unknown;
  try {
    fn = globalEval(`'use strict'; (${source}\n)`);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    fn = globalEval(`(${source}\n)`);
  }
  if (typeof fn !== 'function') throw new TaskMissing(`The source of the inline function '${name}' gives no function.`);
  return fn as TaskFunction;
}

async function load(module: string, name: string): Promise<TaskFunction> {
  let namespace: Record<string, unknown>;
  try {
    namespace = await whileLoading(async () => (await import(module)) as Record<string, unknown>);
  } catch (cause) {
    throw new TaskMissing(`The module ${module}, needed for '${name}', could not be loaded: ${textOf(cause)}`, {
      cause,
    });
  }
  const found = namespace[name];
  if (typeof found === 'function') return found as TaskFunction;
  const exports = commonJsExports(module, namespace) as Record<string, unknown> | undefined;
  const inherited = (Object.prototype as unknown as Record<string, unknown>)[name];
  const required = exports?.[name] === inherited ? undefined : exports?.[name];
  if (typeof required === 'function') return required as TaskFunction;
  const exported = name in namespace || required !== undefined;
  throw new TaskMissing(
    exported
      ? `The export '${name}' of ${module} is no function.`
      : `The module ${module} has no export '${name}'; it has: ${Object.keys(namespace).join(', ') || 'none'}.`,
  );
}

function commonJsExports(module: string, namespace: Record<string, unknown>): unknown {
  if ('module.exports' in namespace) return namespace['module.exports'];
  const path = fileURLToPath(module);
  const cached = createRequire(import.meta.url).cache[path];
  return cached ? cached.exports : undefined;
}
