/** Waiting for several futures, each moved by hand. */
import { describe, expect, it } from 'vitest';
import { TimeoutError } from '../../../runtime/errors.ts';
import { Future } from '../../../runtime/future.ts';
import { asCompleted, type ReturnWhen, wait } from '../../../runtime/wait.ts';
import { liveTimers, now } from '../../helpers/now.ts';

const make = (count: number) => Array.from({ length: count }, () => new Future<number>());

const deeds: Record<string, (future: Future<number>) => void> = {
  result: (it) => it.setResult(1),
  failure: (it) => it.setException(null),
  cancel: (it) => void it.cancel(),
};

describe('wait', () => {
  it.each<[ReturnWhen, string, boolean]>([
    ['FIRST_COMPLETED', 'result', true],
    ['FIRST_COMPLETED', 'failure', true],
    ['FIRST_COMPLETED', 'cancel', true],
    ['FIRST_EXCEPTION', 'result', false],
    ['FIRST_EXCEPTION', 'failure', true],
    ['FIRST_EXCEPTION', 'cancel', false],
    ['ALL_COMPLETED', 'result', false],
    ['ALL_COMPLETED', 'failure', false],
    ['ALL_COMPLETED', 'cancel', false],
  ])('%s: is one %s enough? %s', async (returnWhen, deed, isEnough) => {
    const [before, other] = make(2) as [Future<number>, Future<number>];
    deeds[deed]?.(before);
    const atOnce = wait([before, other], { returnWhen });
    const [one, two] = make(2) as [Future<number>, Future<number>];
    const later = wait([one, two], { returnWhen });
    expect(await now(later)).toBe('waits');
    deeds[deed]?.(one);
    if (isEnough) {
      expect(await now(atOnce)).toEqual({ done: new Set([before]), notDone: new Set([other]) });
      expect(await now(later)).toEqual({ done: new Set([one]), notDone: new Set([two]) });
    } else {
      expect([await now(atOnce), await now(later)]).toEqual(['waits', 'waits']);
    }
    for (const future of [other, two]) future.setResult(2);
    for (const [waiting, all] of [
      [atOnce, [before, other]],
      [later, [one, two]],
    ] as const) {
      const { done, notDone } = await waiting;
      if (isEnough) expect(done.size).toBe(1);
      else expect([...done]).toEqual(all);
      expect(notDone.size).toBe(isEnough ? 1 : 0);
    }
  });

  it('for nothing, and for what is done, is over at once', async () => {
    expect(await now(wait([]))).toEqual({ done: new Set(), notDone: new Set() });
    expect(await now(wait([], { returnWhen: 'FIRST_COMPLETED' }))).toEqual({ done: new Set(), notDone: new Set() });
    const [future] = make(1) as [Future<number>];
    future.setResult(1);
    expect(await now(wait([future, future]))).toEqual({ done: new Set([future]), notDone: new Set() });
  });

  it('with no time tells what is done now; with some, what is done then', async () => {
    const [one, two] = make(2) as [Future<number>, Future<number>];
    one.setResult(1);
    const expected = { done: new Set([one]), notDone: new Set([two]) };
    expect(await now(wait([one, two], { timeout: 0 }))).toEqual(expected);
    expect(await wait([one, two], { timeout: 1 })).toEqual(expected);
  });

  it('leaves neither a timer nor a watcher behind', async () => {
    const before = liveTimers();
    const [one, two] = make(2) as [Future<number>, Future<number>];
    const waiting = wait([one, two], { timeout: 60_000, returnWhen: 'FIRST_COMPLETED' });
    expect(liveTimers()).toBe(before + 1);
    one.setResult(1);
    const first = await waiting;
    expect(liveTimers()).toBe(before);
    two.setResult(2);
    expect(first.notDone).toEqual(new Set([two]));
    expect(await waiting).toBe(first);
  });

  it('says what is wrong with what it was given', async () => {
    expect(() => wait(5 as never)).toThrow(new TypeError('The input of wait() must be an iterable of futures, not 5.'));
    expect(() => wait('text' as never)).toThrow(/^The input of wait\(\) must be an iterable of futures, not 'text'\.$/);
    expect(() => wait([5 as never])).toThrow(new TypeError('Each item of wait() must be a Future, not 5.'));
    const RIGHT = 'returnWhen must be FIRST_COMPLETED, FIRST_EXCEPTION or ALL_COMPLETED';
    expect(() => wait([], { returnWhen: 5 as never })).toThrow(new TypeError(`${RIGHT}, not 5.`));
    expect(() => wait([], { returnWhen: 'soon' as never })).toThrow(new RangeError(`${RIGHT}, not 'soon'.`));
    expect(() => wait([], { time: 5 } as never)).toThrow(
      new TypeError("There is no option 'time' in the options of wait(); there are timeout, returnWhen."),
    );
    expect(() => wait([], 5 as never)).toThrow(new TypeError('the options of wait() must be an object, not 5.'));
    expect(() => wait([], { timeout: 'soon' as never })).toThrow(/^timeout must be milliseconds/);
  });
});

describe('asCompleted', () => {
  it('gives first what is done, then each as it is done, each once', async () => {
    const [one, two, three] = make(3) as [Future<number>, Future<number>, Future<number>];
    two.setResult(2);
    const completed = asCompleted([one, two, three, two]);
    expect(await completed.next()).toEqual({ value: two, done: false });
    const next = completed.next();
    expect(await now(next)).toBe('waits');
    three.cancel();
    one.setException('x');
    expect((await next).value).toBe(three);
    expect((await completed.next()).value).toBe(one);
    expect(await completed.next()).toEqual({ value: undefined, done: true });
    expect(await completed.next()).toEqual({ value: undefined, done: true });
    expect(completed[Symbol.asyncIterator]()).toBe(completed);
  });

  it('answers calls of next in their order', async () => {
    const [one, two] = make(2) as [Future<number>, Future<number>];
    const completed = asCompleted([one, two]);
    const answers = [completed.next(), completed.next(), completed.next()];
    two.setResult(2);
    one.setResult(1);
    expect((await Promise.all(answers)).map(({ value }) => value)).toEqual([two, one, undefined]);
  });

  it('gives what is done before it says that the time is over, and is over then', async () => {
    const [one, two, three] = make(3) as [Future<number>, Future<number>, Future<number>];
    const completed = asCompleted([one, two, three], { timeout: 0 });
    one.setResult(1);
    expect((await completed.next()).value).toBe(one);
    await expect(completed.next()).rejects.toThrow(new TimeoutError('2 (of 3) futures unfinished'));
    expect(await completed.next()).toEqual({ value: undefined, done: true });
  });

  it('waits no longer than it was told, and leaves no timer', async () => {
    const before = liveTimers();
    const [one, two] = make(2) as [Future<number>, Future<number>];
    const bounded = asCompleted([one], { timeout: 60_000 });
    const next = bounded.next();
    await new Promise(setImmediate);
    expect(liveTimers()).toBe(before + 1);
    one.setResult(1);
    expect((await next).value).toBe(one);
    expect(liveTimers()).toBe(before);
    await expect(asCompleted([two], { timeout: 1 }).next()).rejects.toThrow('1 (of 1) futures unfinished');
    expect(liveTimers()).toBe(before);
  });

  it('that is left gives nothing more, whoever waits included', async () => {
    const [one, two] = make(2) as [Future<number>, Future<number>];
    one.setResult(1);
    const completed = asCompleted([one, two]);
    expect(await completed.return()).toEqual({ value: undefined, done: true });
    expect(await completed.next()).toEqual({ value: undefined, done: true });
    const waiting = asCompleted([two]);
    const next = waiting.next();
    await new Promise(setImmediate);
    await waiting.return();
    expect(await next).toEqual({ value: undefined, done: true });
    two.setResult(2);
    expect(await waiting.next()).toEqual({ value: undefined, done: true });
  });

  it('says what is wrong with what it was given', () => {
    expect(() => asCompleted(5 as never)).toThrow('The input of asCompleted() must be an iterable of futures, not 5.');
    expect(() => asCompleted([5 as never])).toThrow('Each item of asCompleted() must be a Future, not 5.');
    expect(() => asCompleted([], { returnWhen: 1 } as never)).toThrow(
      "There is no option 'returnWhen' in the options of asCompleted(); there are timeout.",
    );
    expect(() => asCompleted([], { timeout: Number.NaN })).toThrow(RangeError);
  });
});
