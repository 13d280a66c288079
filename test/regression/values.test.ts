import { inline, SerializationError, TaskNotFoundError, tasksFrom } from 'procfutures';
import { describe, expect, it } from 'vitest';
import { runScript } from '../helpers/gate.ts';
import { fixture, newPool } from '../helpers/pool.ts';
import { tasks } from './tasks.ts';

describe('values that are traps', () => {
  it.each([[42], [{ toString: 1 }], [null]])(
    'a getter that throws an error with the message %j fails its own call, on the way there and back',
    async (message) => {
      const pool = newPool({ maxWorkers: 1 });
      const trap = Object.defineProperty({}, 'culprit', {
        enumerable: true,
        get() {
          throw Object.defineProperty(new Error(), 'message', { value: message });
        },
      });
      const there = pool.submit(tasks.double, trap as never);
      const back = pool.submit(tasks.trap, message);
      const neighbour = pool.submit(tasks.double, 4);
      expect(await there.exception()).toBeInstanceOf(SerializationError);
      expect(await back.exception()).toMatchObject({ name: 'SerializationError', side: 'result' });
      expect(await neighbour).toBe(8);
      expect(pool.state).toBe('running');
      await pool.shutdown();
    },
  );

  it('the names that every object inherits are no tasks of a CommonJS module', async () => {
    const pool = newPool({ maxWorkers: 1 });
    const exported = tasksFrom(fixture('regression-exports.cjs')) as unknown as Record<string, never>;
    expect(await pool.submit(exported.triple as never, ...([5] as never[]))).toBe(15);
    for (const name of ['constructor', 'toString', 'hasOwnProperty'])
      expect(await pool.submit(exported[name] as never).exception(), name).toBeInstanceOf(TaskNotFoundError);
    await pool.shutdown();
  });

  it('a task that replaces the global Promise does not keep the next function from being loaded', async () => {
    const pool = newPool({ maxWorkers: 1 });
    expect(await pool.submit(tasks.replacePromise)).toBe('function');
    expect(await pool.submit(tasks.double, 3)).toBe(6);
    await pool.shutdown();
  });
});

describe('inline functions', () => {
  it('are strict: what they assign must be declared, and nothing is left in the global scope of the worker', async () => {
    const pool = newPool({ maxWorkers: 1 });
    // A source that a compiler would refuse.
    const leak = inline(new Function('x', 'neverDeclared = x') as (x: number) => void);
    expect(await pool.submit(leak, 1).exception()).toMatchObject({ name: 'ReferenceError' });
    await pool.shutdown();
  });

  it('that cannot be evaluated fail each call with the same error', async () => {
    const pool = newPool({ maxWorkers: 1, workerOptions: { execArgv: ['--disallow-code-generation-from-strings'] } });
    const task = inline((n: number) => n);
    for (const call of [1, 2])
      expect(await pool.submit(task, call).exception(), `call ${call}`).toMatchObject({ name: 'EvalError' });
    await pool.shutdown();
  });
});

it('a program that is its own task module fails its call instead of starting worker after worker', async () => {
  const { stdout, code } = await runScript(fixture('regression-single-file.js'));
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ name: 'TaskNotFoundError', cause: 'InvalidStateError', spawned: 1 });
});
