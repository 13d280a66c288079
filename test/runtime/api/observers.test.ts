/** Who is told that a future is done, in which order, and how long one is waited for. */
import { describe, expect, it } from 'vitest';
import { Deadline } from '../../../runtime/deadline.ts';
import { Future } from '../../../runtime/future.ts';
import {
  callBack,
  type Observer,
  readInTime,
  tell,
  type Watcher,
  withObserver,
  withoutObserver,
} from '../../../runtime/observers.ts';
import { liveTimers } from '../../helpers/now.ts';

const seen: string[] = [];
const watcher = (name: string): Watcher => ({ futureDone: (future) => void seen.push(`${name} of ${String(future)}`) });
const callback =
  (name: string): Observer =>
  (future) =>
    seen.push(`${name} of ${String(future)}`);

/** What they are told, in this order. */
function told(...observers: readonly Observer[]): string[] {
  seen.length = 0;
  let all: Parameters<typeof tell>[0];
  for (const observer of observers) all = withObserver(all, observer);
  tell(all, 'it' as never);
  return [...seen];
}

describe('observers', () => {
  it('are told: none, one, or all of them, watchers first', () => {
    expect(told()).toEqual([]);
    expect(told(callback('a'))).toEqual(['a of it']);
    expect(told(watcher('w'))).toEqual(['w of it']);
    expect(told(callback('a'), watcher('w'), callback('b'), watcher('x'))).toEqual([
      'w of it',
      'x of it',
      'a of it',
      'b of it',
    ]);
  });

  it('stand for themselves where they are alone, and in a list where they are several', () => {
    const [a, b, c] = [callback('a'), watcher('b'), callback('c')];
    const one = withObserver(undefined, a);
    expect(one).toBe(a);
    const two = withObserver(one, b);
    expect(two).toEqual([a, b]);
    expect(withObserver(two, c)).toBe(two);
    expect(two).toEqual([a, b, c]);
  });

  it('leave one by one, and who is not there cannot', () => {
    const [a, b, c] = [callback('a'), watcher('b'), callback('c')];
    expect(withoutObserver(a, a)).toBeUndefined();
    expect(withoutObserver(a, b)).toBe(a);
    expect(withoutObserver(undefined, a)).toBeUndefined();
    const list = [a, b, c, b];
    expect(withoutObserver(list, b)).toEqual([a, c, b]);
    expect(withoutObserver(list, watcher('d'))).toEqual([a, c, b]);
  });
});

describe('a done callback', () => {
  it('that throws or rejects is a warning with the reason, and one that does not is none', async () => {
    const warnings: { message: string; name: string; code?: string; detail?: string }[] = [];
    const listeners = process.listeners('warning');
    process.removeAllListeners('warning');
    process.on('warning', (warning) => warnings.push(warning));
    try {
      const error = new Error('mine');
      callBack(() => {
        throw error;
      }, 1);
      callBack(() => Promise.reject('text'), 1);
      callBack(() => Promise.resolve(), 1);
      callBack(() => 5, 1);
      await new Promise(setImmediate);
      const common = {
        message: 'A done callback of a future threw; the other callbacks and the executor are not affected.',
        name: 'ProcfuturesWarning',
        code: 'PROCFUTURES_CALLBACK',
      };
      expect(warnings).toEqual([
        expect.objectContaining({ ...common, detail: error.stack }),
        expect.objectContaining({ ...common, detail: "'text'" }),
      ]);
    } finally {
      process.removeAllListeners('warning');
      for (const listener of listeners) process.on('warning', listener);
    }
  });
});

describe('a read in time', () => {
  /** A future whose watchers are kept in a list. */
  function watched() {
    const watchers: Watcher[] = [];
    const watching = {
      add: (_: unknown, it: Watcher) => void watchers.push(it),
      remove: (_: unknown, it: Watcher) => void watchers.splice(watchers.indexOf(it), 1),
    };
    const future = new Future<number>();
    const read = (timeout?: number) => readInTime(future, watching, timeout, () => future.resultNow());
    return { future, watchers, read };
  }

  it('is there at once where the future is done, also with no time at all', async () => {
    const { future, watchers, read } = watched();
    future.setResult(5);
    expect(await read(0)).toBe(5);
    expect(await read()).toBe(5);
    expect(watchers).toEqual([]);
    const failed = watched();
    failed.future.setException('why');
    await expect(failed.read()).rejects.toBe('why');
  });

  it('with no time is over at once where it is not', async () => {
    const { watchers, read } = watched();
    await expect(read(0)).rejects.toMatchObject({
      name: 'TimeoutError',
      message: 'The future was still PENDING after 0 ms; it goes on.',
    });
    expect(watchers).toEqual([]);
  });

  it('gives up after its time and watches no more', async () => {
    const { future, watchers, read } = watched();
    future.setRunningOrNotifyCancel();
    const reading = read(1);
    expect(watchers).toHaveLength(1);
    await expect(reading).rejects.toThrow('The future was still RUNNING after 1 ms; it goes on.');
    expect(watchers).toEqual([]);
  });

  it('answers when the future is done, and leaves no timer', async () => {
    const { future, watchers, read } = watched();
    const before = liveTimers();
    const [bounded, unbounded] = [read(60_000), read()];
    expect(liveTimers()).toBe(before + 1);
    future.setResult(7);
    for (const it of watchers) it.futureDone(future);
    expect(await bounded).toBe(7);
    expect(await unbounded).toBe(7);
    expect(liveTimers()).toBe(before);
  });
});

describe('a deadline', () => {
  it('allows whatever comes, where there is none', async () => {
    const deadline = new Deadline(undefined);
    expect(await deadline.allows(Promise.resolve())).toBe(true);
    await expect(deadline.allows(Promise.reject('event'))).rejects.toBe('event');
  });

  it('allows what is there already when it is over, and nothing else', async () => {
    const deadline = new Deadline(0);
    expect(await deadline.allows(Promise.resolve())).toBe(true);
    expect(await deadline.allows(new Promise(() => {}))).toBe(false);
    await expect(deadline.allows(Promise.reject('event'))).rejects.toBe('event');
  });

  it('leaves no timer when the event came before', async () => {
    const before = liveTimers();
    const deadline = new Deadline(60_000);
    expect(await deadline.allows(Promise.resolve())).toBe(true);
    await expect(deadline.allows(Promise.reject('event'))).rejects.toBe('event');
    expect(liveTimers()).toBe(before);
  });
});
