/** A future by itself, and one of a pool on simulated processes: its states, its words, who is told and when. */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { CancelledError, InvalidStateError, TimeoutError } from '../../../runtime/errors.ts';
import { addWatcher, Future, removeWatcher, submissionOf, workOf } from '../../../runtime/future.ts';
import { simulate } from '../../../runtime/simulation/index.ts';
import { tasksFrom } from '../../../runtime/task.ts';
import { isHandle } from '../../../runtime/wire/handles.ts';

const { echo } = tasksFrom<{ echo<T>(value: T): T }>('/simulated.js');

/** A future in each of its states; `null` is how the failed one failed. */
const inState = {
  PENDING: () => new Future<number>(),
  RUNNING: () => made((it) => it.setRunningOrNotifyCancel()),
  CANCELLED: () => made((it) => it.cancel()),
  CANCELLED_AND_NOTIFIED: () =>
    made((it) => {
      it.cancel();
      it.setRunningOrNotifyCancel();
    }),
  FINISHED: () => made((it) => it.setResult(1)),
  failed: () => made((it) => it.setException(null)),
};

function made(deed: (future: Future<number>) => unknown): Future<number> {
  const future = new Future<number>();
  deed(future);
  return future;
}

const invalid = (asked: string, state: string, why: string) =>
  new InvalidStateError(`${asked} is not possible on a future that is ${state}: ${why}.`);
const ONCE = 'that can happen only once, and not when it is done';
const NOT_YET = 'there is no outcome yet; await the future, or use wait()';

describe('a future of its own', () => {
  it.each<[keyof typeof inState, string, boolean, boolean, boolean]>([
    ['PENDING', 'PENDING', false, false, false],
    ['RUNNING', 'RUNNING', false, true, false],
    ['CANCELLED', 'CANCELLED', true, false, true],
    ['CANCELLED_AND_NOTIFIED', 'CANCELLED_AND_NOTIFIED', true, false, true],
    ['FINISHED', 'FINISHED', false, false, true],
    ['failed', 'FINISHED', false, false, true],
  ])('that is %s says so', (name, state, cancelled, running, done) => {
    const future = inState[name]();
    expect([future.state, future.cancelled(), future.running(), future.done()]).toEqual([
      state,
      cancelled,
      running,
      done,
    ]);
    // Asked once more: cancelling what is cancelled is true, and changes nothing.
    expect(future.cancel()).toBe(cancelled || state === 'PENDING');
  });

  it.each<[keyof typeof inState, unknown, unknown]>([
    ['PENDING', invalid('resultNow()', 'PENDING', NOT_YET), invalid('exceptionNow()', 'PENDING', NOT_YET)],
    ['RUNNING', invalid('resultNow()', 'RUNNING', NOT_YET), invalid('exceptionNow()', 'RUNNING', NOT_YET)],
    ['CANCELLED', new CancelledError(), new CancelledError()],
    ['CANCELLED_AND_NOTIFIED', new CancelledError(), new CancelledError()],
  ])('that is %s has nothing to read', (name, result, exception) => {
    const future = inState[name]();
    expect(() => future.resultNow()).toThrow(result as Error);
    expect(() => future.exceptionNow()).toThrow(exception as Error);
  });

  it('that is done is read as often as one likes', async () => {
    const [good, bad] = [inState.FINISHED(), inState.failed()];
    for (let time = 0; time < 2; time++) {
      expect([good.resultNow(), good.exceptionNow(), await good.result(), await good.exception(), await good]).toEqual([
        1,
        null,
        1,
        null,
        1,
      ]);
      expect(bad.exceptionNow()).toBe(null);
      expect(await bad.exception()).toBe(null);
      expect(thrownBy(() => bad.resultNow())).toBe(null);
      expect(await bad.result().catch((error) => [error])).toEqual([null]);
      expect(await bad.catch((error) => [error])).toEqual([null]);
    }
  });

  it.each<[keyof typeof inState, string]>([
    ['RUNNING', 'RUNNING'],
    ['FINISHED', 'FINISHED'],
    ['CANCELLED_AND_NOTIFIED', 'CANCELLED_AND_NOTIFIED'],
  ])('that is %s is started no more', (name, state) => {
    const refusal = invalid('setRunningOrNotifyCancel()', state, ONCE);
    expect(() => inState[name]().setRunningOrNotifyCancel()).toThrow(refusal);
  });

  it.each<[keyof typeof inState, string]>([
    ['CANCELLED', 'CANCELLED'],
    ['CANCELLED_AND_NOTIFIED', 'CANCELLED_AND_NOTIFIED'],
    ['FINISHED', 'FINISHED'],
  ])('that is %s is settled no more', (name, state) => {
    const future = inState[name]();
    expect(() => future.setResult(2)).toThrow(invalid('setResult()', state, ONCE));
    expect(() => future.setException(2)).toThrow(invalid('setException()', state, ONCE));
    expect(future.state).toBe(state);
  });

  it('is started or seen as cancelled, and says which', () => {
    expect(inState.PENDING().setRunningOrNotifyCancel()).toBe(true);
    expect(inState.CANCELLED().setRunningOrNotifyCancel()).toBe(false);
    expect(made((it) => it.setRunningOrNotifyCancel()).cancel()).toBe(false);
  });

  it('takes no future for a result, but anything else', () => {
    const refusal = new TypeError(
      'setResult() takes no Future, which every promise would wait for: await it, and give what it comes to.',
    );
    const future = new Future<unknown>();
    expect(() => future.setResult(future)).toThrow(refusal);
    expect(() => future.setResult(new Future())).toThrow(refusal);
    expect(future.done()).toBe(false);
    for (const value of [null, undefined, 0, {}, () => {}, 'text']) {
      const other = new Future<unknown>();
      other.setResult(value);
      expect(other.resultNow()).toBe(value);
    }
  });

  it('is waited for as long as one says', async () => {
    const late = (state: string, ms: number) =>
      new TimeoutError(`The future was still ${state} after ${ms} ms; it goes on.`);
    for (const read of ['result', 'exception'] as const) {
      await expect(inState.PENDING()[read]({ timeout: 0 })).rejects.toThrow(late('PENDING', 0));
      await expect(inState.RUNNING()[read]({ timeout: 1 })).rejects.toThrow(late('RUNNING', 1));
      await expect(inState.CANCELLED()[read]({ timeout: 0 })).rejects.toThrow(CancelledError);
      expect(() => inState.PENDING()[read]({ timeout: -1 })).toThrow(/^timeout must be milliseconds from 0/);
      expect(() => inState.PENDING()[read](5 as never)).toThrow(`the options of ${read}() must be an object, not 5.`);
    }
    const future = inState.PENDING();
    const reads = [future.result({ timeout: 60_000 }), future.result({}), future.result(), future.then((it) => it)];
    future.setResult(4);
    expect(await Promise.all(reads)).toEqual([4, 4, 4, 4]);
  });

  it('is a promise in what promises do', async () => {
    const [good, bad] = [inState.FINISHED(), inState.failed()];
    expect(await good.then((value) => value + 1)).toBe(2);
    expect(await good.then()).toBe(1);
    expect(await bad.then(null, (reason) => [reason])).toEqual([null]);
    expect(await good.catch(() => 5)).toBe(1);
    let finals = 0;
    expect(await good.finally(() => void finals++)).toBe(1);
    await expect(bad.finally(() => void finals++)).rejects.toBe(null);
    expect(finals).toBe(2);
  });

  it.each<[keyof typeof inState, string]>([
    ['PENDING', 'Future { PENDING }'],
    ['RUNNING', 'Future { RUNNING }'],
    ['CANCELLED', 'Future { CANCELLED }'],
    ['FINISHED', 'Future { FINISHED, 1 }'],
    ['failed', 'Future { FINISHED, failed: null }'],
  ])('that is %s shows itself in one line', (name, text) => {
    expect(inspect(inState[name]())).toBe(text);
  });

  it('shows what it came to in one line, however long that is', () => {
    const value = { a: 'x'.repeat(60), b: ['y'.repeat(60)] };
    const text = inspect(made((it) => it.setResult(value as never)));
    expect(text).toMatch(/^Future \{ FINISHED, \{ a: '(x+)', b: \[ '(y+)' \] \} \}$/);
    expect(inspect(made((it) => it.setException(new RangeError('no\n  good.'))))).toBe(
      'Future { FINISHED, failed: RangeError: no good }',
    );
  });

  it('is no value that can be sent', () => {
    expect(isHandle(new Future())).toBe(true);
  });
});

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('those who are told', () => {
  it('are told once, in their order, watchers before callbacks, and who comes late at once', () => {
    const future = new Future<number>();
    const seen: string[] = [];
    const watcher = { futureDone: () => void seen.push('watcher') };
    const gone = { futureDone: () => void seen.push('gone') };
    future.addDoneCallback((it) => seen.push(`first ${(it as Future<number>).resultNow()}`));
    addWatcher(future, gone);
    future.addDoneCallback(() => seen.push('second'));
    addWatcher(future, watcher);
    removeWatcher(future, gone);
    future.setResult(1);
    expect(seen).toEqual(['watcher', 'first 1', 'second']);
    future.addDoneCallback(() => seen.push('late'));
    expect(seen.at(-1)).toBe('late');
    expect(() => future.setResult(2)).toThrow();
    expect(seen).toHaveLength(4);
  });

  it('from within a callback are told at once: those before them have been', () => {
    const future = new Future<number>();
    const seen: string[] = [];
    future.addDoneCallback(() => {
      seen.push('outer');
      future.addDoneCallback(() => seen.push('inner'));
    });
    future.addDoneCallback(() => seen.push('next'));
    future.cancel();
    expect([...seen].sort()).toEqual(['inner', 'next', 'outer']);
  });

  it.each([undefined, null, 5, 'fn', {}])('are functions: %s is none', (value) => {
    const future = new Future();
    expect(() => future.addDoneCallback(value as never)).toThrow(
      new TypeError(`addDoneCallback() takes a function, not ${inspect(value)}.`),
    );
  });
});

describe('a future of a pool', () => {
  const lab = () => {
    const { pool, world } = simulate({ maxWorkers: 1 });
    const end = () => {
      void pool.killWorkers();
      world.settle();
    };
    return { pool, world, end };
  };

  it('lets go of what it is to run when it is done, and of that alone', () => {
    const { pool, world, end } = lab();
    const future = pool.submit(echo, 1);
    expect(submissionOf(future)).toEqual({ task: echo, args: [1] });
    expect(workOf(future)).toMatchObject({ task: 0, outcome: undefined });
    world.settle();
    expect(submissionOf(future)).toBeUndefined();
    expect(workOf(future).outcome).toEqual({ kind: 'result', value: 1 });
    expect(submissionOf(new Future())).toBeUndefined();
    end();
  });

  it('is started by its pool alone, and is settled once', () => {
    const { pool, world, end } = lab();
    const future = pool.submit(echo, 1);
    expect(() => future.setRunningOrNotifyCancel()).toThrow(
      invalid('setRunningOrNotifyCancel()', 'PENDING', 'only its executor starts it'),
    );
    future.setResult(9);
    expect(future.resultNow()).toBe(9);
    expect(() => future.setException(1)).toThrow(invalid('setException()', 'FINISHED', ONCE));
    expect(future.cancel()).toBe(false);
    world.settle();
    expect(future.resultNow()).toBe(9);
    end();
  });

  it('that is cancelled never starts, and is told so before cancel() returns', () => {
    const { pool, end } = lab();
    const future = pool.submit(echo, 1);
    let told = 0;
    future.addDoneCallback(() => told++);
    expect(future.cancel()).toBe(true);
    expect(told).toBe(1);
    expect(future.cancel()).toBe(true);
    expect(told).toBe(1);
    end();
  });

  it('makes its own error of a loss that it shares, once, and names the function', () => {
    const { pool, world } = lab();
    const futures = [pool.submit(echo, 1), pool.submit(echo, 2)];
    for (const type of ['spawns', 'boots', 'delivers', 'takes', 'isKilled'] as const) world.happen({ type, worker: 0 });
    world.settle();
    const errors = futures.map((future) => future.exceptionNow());
    expect(errors[0]).toMatchObject({ name: 'BrokenProcessPool', signal: 'SIGKILL', activity: 'running' });
    expect((errors[0] as Error).message).toMatch(
      /while it was running call 0 \('echo' of file:\/\/\S+simulated\.js\)\./,
    );
    expect(errors[1]).not.toBe(errors[0]);
    expect(futures[0]?.exceptionNow()).toBe(errors[0]);
    expect(thrownBy(() => futures[0]?.resultNow())).toBe(errors[0]);
  });
});
