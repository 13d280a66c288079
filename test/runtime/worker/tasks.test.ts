/** From the name of a task to its function, and what a worker knows of itself. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { isWorker, workerInfo } from '../../../runtime/worker/index.ts';
import { becomeWorker, currentWorker, isLoadingTasks, whileLoading } from '../../../runtime/worker/info.ts';
import { resolveTask, type TaskFunction, TaskMissing } from '../../../runtime/worker/tasks.ts';
import { exported, inline, newKey } from './calls.ts';

const fixture = (name: string): string => new URL(`../../fixtures/${name}`, import.meta.url).href;
const given = (source: string): TaskFunction => resolveTask(inline(source) as never) as TaskFunction;

/** The TaskMissing with which a function is refused. */
async function missing(module: string, name: string): Promise<TaskMissing> {
  const error = await Promise.resolve(resolveTask(exported(module, name) as never)).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TaskMissing);
  expect((error as TaskMissing).name).toBe('TaskMissing');
  return error as TaskMissing;
}

describe('a function given by its source', () => {
  it('is there at once, and from then on under its key', () => {
    const key = newKey();
    const fn = resolveTask(inline('(n) => n + 1', key) as never) as TaskFunction;
    expect(fn(1)).toBe(2);
    expect(resolveTask(key)).toBe(fn);
  });

  it('is strict code, as the module was that it came from', () => {
    expect(given('function () { return this; }')()).toBe(undefined);
  });

  it('is sloppy code where it is not strict code', () => {
    expect(given('function () { return [this, 010]; }')()).toEqual([globalThis, 8]);
  });

  it('may end in a comment', () => {
    expect(given('() => 1 // one')()).toBe(1);
    expect(given('() => 010 // eight')()).toBe(8);
  });

  it('fails each call with the error of its evaluation, and is evaluated once', async () => {
    const counted = globalThis as { mutateEvaluated?: number };
    onTestFinished(() => {
      Reflect.deleteProperty(counted, 'mutateEvaluated');
    });
    const key = newKey();
    const source =
      '(() => { globalThis.mutateEvaluated = (globalThis.mutateEvaluated ?? 0) + 1; throw new RangeError(); })()';
    const first = resolveTask(inline(source, key) as never);
    await expect(first).rejects.toBeInstanceOf(RangeError);
    await expect(resolveTask(key)).rejects.toBeInstanceOf(RangeError);
    expect(counted.mutateEvaluated).toBe(1);
  });

  it('fails where the source is none, and where it gives no function', async () => {
    await expect(resolveTask(inline('][') as never)).rejects.toBeInstanceOf(SyntaxError);
    await expect(resolveTask(inline('42') as never)).rejects.toThrow("'given' gives no function");
  });
});

describe('a function of a module', () => {
  it('is a promise only until the module is loaded', async () => {
    const key = newKey();
    const fn = await resolveTask(exported(fixture('mutate-tasks.mjs'), 'twice', key) as never);
    expect(fn(2)).toBe(4);
    expect(resolveTask(key)).toBe(fn);
  });

  it('is looked for in module.exports where Node finds no name for it', async () => {
    const fn = await resolveTask(exported(fixture('mutate-tasks.cjs'), 'triple') as never);
    expect(fn(2)).toBe(6);
  });

  it('is looked for in module.exports where Node shows that as a name', async () => {
    const fn = await resolveTask(exported(fixture('mutate-named-exports.mjs'), 'quadruple') as never);
    expect(fn(2)).toBe(8);
  });

  it('is said to be missing, beside those that there are', async () => {
    const { message } = await missing(fixture('mutate-tasks.mjs'), 'thrice');
    expect(message).toMatch(/mutate-tasks.mjs has no export 'thrice'; it has: (notes, twice|twice, notes)\.$/);
  });

  it('is said to be missing in a module without exports', async () => {
    const { message } = await missing(fixture('mutate-empty.mjs'), 'x');
    expect(message).toContain("has no export 'x'; it has: none.");
  });

  it.each(['mutate-tasks.mjs', 'mutate-tasks.cjs'])('is said to be no function, where %s has it', async (module) => {
    expect((await missing(fixture(module), 'notes')).message).toContain("The export 'notes' of");
  });

  it('is none of what every object inherits', async () => {
    for (const module of ['mutate-tasks.cjs', 'mutate-tasks.mjs'])
      expect((await missing(fixture(module), 'hasOwnProperty')).message).toContain('has no export');
  });

  it('stays missing, with the same error, where its module cannot be loaded', async () => {
    const key = newKey();
    const first = await Promise.resolve(resolveTask(exported('file:///no/such.mjs', 'x', key) as never)).catch(
      (it) => it,
    );
    const second = await Promise.resolve(resolveTask(key)).catch((it) => it);
    expect(first).toBeInstanceOf(TaskMissing);
    expect(second).toBe(first);
    expect(first.message).toContain("The module file:///no/such.mjs, needed for 'x', could not be loaded: ");
    expect(first.cause).toMatchObject({ code: 'ERR_MODULE_NOT_FOUND' });
    expect(first.message).toContain(first.cause.message);
  });

  it('tells also of a module that throws no error', async () => {
    const error = await missing("data:text/javascript,throw 'a text'", 'x');
    expect(error.message).toContain('could not be loaded: a text');
    expect(error.cause).toBe('a text');
  });
});

it('a key that was never named is refused', () => {
  const key = newKey();
  expect(() => resolveTask(key)).toThrow(`The worker was never told what function ${key} is.`);
});

it('a process is a worker from when it becomes one, and knows how many calls it has finished', async () => {
  expect(isWorker).toBe(false);
  expect(currentWorker()).toBe(undefined);
  expect(() => workerInfo()).toThrow('This process is no worker of a ProcessPoolExecutor; ask isWorker first.');
  expect(isLoadingTasks()).toBe(false);
  expect(await whileLoading(async () => isLoadingTasks())).toBe(false);

  // What becomes a worker stays one, in all of its process: here, until the end of the test.
  const define = Object.defineProperty;
  Object.defineProperty = (target, key, attributes) =>
    define(target, key, target === globalThis ? { ...attributes, configurable: true } : attributes);
  const counts = becomeWorker(3);
  Object.defineProperty = define;
  onTestFinished(() => void Reflect.deleteProperty(globalThis, Symbol.for('procfutures.worker')));

  expect(Symbol.for('procfutures.worker') in globalThis).toBe(true);
  counts.callsDone++;
  expect(workerInfo()).toEqual({ pid: process.pid, generation: 3, callsDone: 1 });
  expect(isLoadingTasks()).toBe(false);
  expect(await whileLoading(async () => isLoadingTasks())).toBe(true);
  await expect(whileLoading(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(isLoadingTasks()).toBe(false);
});
