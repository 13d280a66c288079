import { asCompleted, Future, wait } from 'procfutures';
import { describe, expect, it } from 'vitest';
import { withPool } from '../crash/support.ts';
import { tasks } from '../crash/tasks.ts';
import { expectRefusal, expectUnchanged, type Refusal, refusalOf, shown, thrownBy, titled } from './refused.ts';

const timeoutRows: { kind: Refusal; right: RegExp; value: unknown }[] = [
  ...['100', null, true, 4n, [1], {}, Symbol('option'), Object.create(null), new Date(0)].map((value) => ({
    kind: TypeError as Refusal,
    right: /number|ms|milliseconds/i,
    value,
  })),
  ...[-1, -0.5, Number.NaN, -Infinity, 2 ** 31].map((value) => ({
    kind: RangeError as Refusal,
    right: /./,
    value,
  })),
];
const timeouts = titled(timeoutRows, ({ value, kind }) => `${shown(value)} is a ${kind.name}`);

const noObjects = titled([null, 5, '100', true, () => {}, Symbol('options')]);

/** A future of nobody's, done or not. */
const futureThatIs = (state: string): Future<number> => {
  const future = new Future<number>();
  if (state === 'FINISHED') future.setResult(1);
  return future;
};

describe.each(['result', 'exception'] as const)('%s of a future', (method) => {
  describe.each(['PENDING', 'FINISHED'])('that is %s', (state) => {
    it.each(timeouts)('timeout: %s', async (_, { kind, right, value }) => {
      const future = futureThatIs(state);
      const error = await refusalOf(async () => future[method]({ timeout: value as never }));
      expectRefusal(error, kind, /\btimeout\b/, right);
      expect(future.state).toBe(state);
    });

    it.each(noObjects)('options that are no object (%s) are a TypeError', async (_, value) => {
      const future = futureThatIs(state);
      expectRefusal(await refusalOf(async () => future[method](value as never)), TypeError, /options/i, /object/i);
    });
  });
});

describe('the longest times', () => {
  it.each([2 ** 31 - 1, Infinity])('%d ms does not fire at once, nor warn', (timeout) =>
    withPool({ maxWorkers: 1 }, async (pool, stage) => {
      const future = pool.submit(tasks.hold, stage.path, 'held');
      const waiting = [
        future.result({ timeout }),
        wait([future], { timeout }).then(({ done }) => done.size),
        asCompleted([future], { timeout })
          .next()
          .then(({ value }) => value === future),
        pool.starmap(tasks.hold, [[stage.path, 'mapped']], { timeout }).collect(),
      ] as const;
      const pid = await stage.mark('held');
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve, 1)); // a timer of 1 ms would have fired
      stage.open();
      expect(await Promise.all(waiting)).toEqual([pid, 1, true, [pid]]);
    }),
  );

  it.each([2 ** 31 - 1, Infinity])('bootTimeout: %d does not fire at once, nor warn', (bootTimeout) =>
    withPool({ maxWorkers: 1, bootTimeout }, async (pool) => {
      expect(await pool.submit(tasks.double, 21)).toBe(42);
    }),
  );

  it('killGrace: 2 ** 31 - 1 does not kill at once', () =>
    withPool({ maxWorkers: 1, killGrace: 2 ** 31 - 1 }, async (pool, stage) => {
      pool.submit(tasks.holdAndTidy, stage.path, 'held');
      await stage.mark('held');
      await pool.terminateWorkers();
      expect(stage.has('tidied')).toBe(true);
    }));
});

describe('addDoneCallback', () => {
  it.each(['PENDING', 'FINISHED'])('what is no function is a TypeError, also on a future that is %s', (state) => {
    const future = futureThatIs(state);
    for (const value of [undefined, null, 5, 'callback', {}, [], Symbol('callback'), Promise.resolve()]) {
      expectRefusal(
        thrownBy(() => future.addDoneCallback(value as never)),
        TypeError,
        /callback|addDoneCallback|function/i,
      );
    }
    expect(future.state).toBe(state);
  });
});

describe('the futures that are given to wait and asCompleted', () => {
  const noIterables = titled([undefined, null, 5, true, {}, () => {}, Symbol('futures'), new Future()]);
  const noFutures = titled([
    [5],
    [null],
    [undefined],
    ['x'],
    [Promise.resolve(1)],
    [{ done: () => true }],
    'abc',
    new Map([[1, 2]]),
  ]);

  it.each(noIterables)('wait: what is not iterable (%s) is a TypeError', async (_, value) => {
    expectRefusal(await refusalOf(async () => wait(value as never)), TypeError, /iterable/i, /futures?/i);
  });

  it.each(noIterables)('asCompleted: what is not iterable (%s) is a TypeError, at the call', (_, value) => {
    expectRefusal(
      thrownBy(() => asCompleted(value as never)),
      TypeError,
      /iterable/i,
      /futures?/i,
    );
  });

  it.each(noFutures)('wait: items that are no futures (%s) are a TypeError', async (_, value) => {
    expectRefusal(await refusalOf(async () => wait(value as never)), TypeError, /future/i);
  });

  it.each(noFutures)('asCompleted: items that are no futures (%s) are a TypeError, at the call', (_, value) => {
    expectRefusal(
      thrownBy(() => asCompleted(value as never)),
      TypeError,
      /future/i,
    );
  });

  it('one wrong item after good ones leaves nothing registered on the good ones', async () => {
    const good = new Future<number>();
    const { length } = Reflect.ownKeys(good);
    expectRefusal(await refusalOf(async () => wait([good, 5 as never])), TypeError, /future/i);
    expectRefusal(
      thrownBy(() => asCompleted([good, 5 as never])),
      TypeError,
      /future/i,
    );
    expect(Reflect.ownKeys(good)).toHaveLength(length);
    good.setResult(1);
    expect(await good).toBe(1);
  });
});

describe('the options of wait and asCompleted', () => {
  it.each(timeouts)('wait, timeout: %s', async (_, { kind, right, value }) => {
    const error = await refusalOf(async () => wait([new Future()], { timeout: value as never }));
    expectRefusal(error, kind, /\btimeout\b/, right);
  });

  it.each(timeouts)('wait for nothing, timeout: %s', async (_, { kind, right, value }) => {
    expectRefusal(await refusalOf(async () => wait([], { timeout: value as never })), kind, /\btimeout\b/, right);
  });

  it.each(timeouts)('asCompleted, timeout: %s, at the call', (_, { kind, right, value }) => {
    expectRefusal(
      thrownBy(() => asCompleted([new Future()], { timeout: value as never })),
      kind,
      /\btimeout\b/,
      right,
    );
  });

  it.each(titled([5, null, true, {}, Symbol('returnWhen'), ['ALL_COMPLETED']]))(
    'wait, returnWhen: %s is a TypeError',
    async (_, value) => {
      const error = await refusalOf(async () => wait([], { returnWhen: value as never }));
      expectRefusal(error, TypeError, /\breturnWhen\b/, /ALL_COMPLETED/);
    },
  );

  it.each(['', 'SOMETIME', 'all_completed', 'toString', '__proto__'])(
    'wait, returnWhen: "%s" is a RangeError',
    async (value) => {
      const error = await refusalOf(async () => wait([], { returnWhen: value as never }));
      expectRefusal(error, RangeError, /\breturnWhen\b/, /FIRST_COMPLETED/, /FIRST_EXCEPTION/, /ALL_COMPLETED/);
    },
  );

  it.each(noObjects)('options that are no object (%s) are a TypeError', async (_, value) => {
    expectRefusal(await refusalOf(async () => wait([], value as never)), TypeError, /options/i, /object/i);
    expectRefusal(
      thrownBy(() => asCompleted([], value as never)),
      TypeError,
      /options/i,
      /object/i,
    );
  });

  it('a refused wait on futures of a pool changes nothing there', () =>
    withPool({ maxWorkers: 1 }, async (pool, stage) => {
      const future = pool.submit(tasks.hold, stage.path, 'held');
      await stage.mark('held');
      const errors = await expectUnchanged(pool, async () => [
        await refusalOf(async () => wait([future], { timeout: 'soon' as never })),
        await refusalOf(async () => future.result({ timeout: Number.NaN })),
        thrownBy(() => asCompleted([future], { timeout: -1 })),
      ]);
      expect(errors.map((error) => (error as Error).name)).toEqual(['TypeError', 'RangeError', 'RangeError']);
      stage.open();
      expect(typeof (await future)).toBe('number');
    }));
});
