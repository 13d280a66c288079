/**
 * `checkExecutor`, on a small executor of one's own: good as it is, and found out when a bug is planted.
 */
import { describe, expect, it } from 'vitest';
import { type CheckOptions, checkExecutor } from '../../properties/index.ts';
import { type Bug, SmallExecutor } from './small-executor.ts';

/** Bugs that show by something never happening: there the time must run out. */
const HANGS: readonly Bug[] = ['loses cancelled', 'waits all the same'];

const optionsFor = (bug: Bug): CheckOptions<SmallExecutor> => ({
  submit: (executor, _call, task) => executor.submit(task),
  workers: 1,
  runs: 100,
  // Elsewhere a slow machine must not look like a bug.
  timeout: HANGS.includes(bug) ? 100 : 10_000,
});

const check = (bug: Bug, more: Partial<CheckOptions<SmallExecutor>> = {}) =>
  checkExecutor(() => new SmallExecutor(bug, more.workers), { ...optionsFor(bug), ...more });

const failureOf = (checking: Promise<unknown>): Promise<string> =>
  checking.then(
    () => 'nothing was found',
    (error: Error) => error.message,
  );

const wordsIn = (message: string): string[] => JSON.parse(/replay: (\[.*\])/.exec(message)?.[1] ?? 'null');

describe('checkExecutor', () => {
  it('finds nothing where nothing is wrong, and says what it has seen', async () => {
    const { runs, seen, unjudged } = await check('none', { runs: 300 });
    expect(runs).toBe(300);
    expect([...seen].sort()).toEqual([
      'a call ended with a result',
      'a call ended with an error',
      'a call was cancelled',
      'a callback threw',
      'a cancel came too late',
      'a shutdown cancelled',
      'a shutdown did not wait',
      'a shutdown let calls finish',
      'a submit was refused',
    ]);
    expect(unjudged).toEqual([]);
  });

  it.each([1, 2, 3, 5, 8, 13])('finds nothing where nothing is wrong, and sees it all, from seed %i', async (seed) => {
    await expect(check('none', { seed, workers: 1 + (seed % 2), runs: 50 })).resolves.toMatchObject({ runs: 50 });
  });

  it.each([
    ['loses cancelled', /^C[16] is broken/],
    ['runs cancelled', /^C9 is broken: A call that was cancelled never starts/],
    ['calls back twice', /^C4 is broken/],
    ['calls back in reverse', /^C4 is broken: A callback runs once, in order/],
    ['calls back with nothing', /^C11 is broken: A callback is given its future/],
    ['calls back before it is done', /^C4 is broken/],
    ['stops at a callback that throws', /^C12 is broken: A callback that throws stops neither the others/],
    ['lets a callback throw at who cancels', /^C12 is broken: A callback that throws stops neither the others/],
    ['joins early', /^C6 is broken/],
    ['joins early the second time', /^C6 is broken/],
    ['accepts for ever', /^C5 is broken/],
    ['refuses with a string', /^C5 is broken: After a shutdown, submit throws an Error/],
    ['runs what it refuses', /^C5 is broken.*what was refused never starts/],
    ['settles twice', /^C2 is broken.*once done, it and its outcome stay as they are/],
    ['gives every call the same result', /^C13 is broken: A call ends with what its function has returned or thrown/],
    ['swaps results', /^C13 is broken/],
    ['returns what was thrown', /^C13 is broken/],
    ['throws what was returned', /^C13 is broken/],
    ['never runs anything', /^C14 is broken: The function of a call runs once/],
    ['runs everything twice', /^C14 is broken: The function of a call runs once/],
    ['starts the last first', /^C15 is broken: Calls start in the order in which they were submitted/],
    ['starts all at once', /^C16 is broken: No more calls run at the same time than there are workers/],
    ['goes back to PENDING', /^C2 is broken: A future goes from PENDING to RUNNING to done/],
    ['always cancels at shutdown', /^C17 is broken.*a plain shutdown\(\) lets finish what was accepted/],
    ['never cancels at shutdown', /^C7 is broken/],
    ['waits all the same', /^C18 is broken: shutdown\(\{ wait: false \}\) resolves at once/],
    ['shuts down without a promise', /^C6 is broken/],
    ['submits later', /^C10 is broken.*submit returns a future/],
  ] as const)('finds an executor that %s, with the shrunk events and how to see it again', async (bug, first) => {
    const message = await failureOf(check(bug));
    expect(message).toMatch(first);
    const words = wordsIn(message);
    expect(words.length).toBeLessThanOrEqual(3);
    expect(message).toContain("  import { checkExecutor } from 'procfutures/properties';\n  await checkExecutor(");
    expect(await failureOf(check(bug, { replay: words }))).toBe(message);
    await expect(check('none', { replay: words })).resolves.toMatchObject({ runs: 1 });
  });

  it('shows of every step of the failed run where each future was then, the last one included', async () => {
    const message = await failureOf(check('starts the last first'));
    expect(message.split('\n')).toEqual([
      'C15 is broken: Calls start in the order in which they were submitted.',
      '  call 1 has started before call 0',
      '',
      'The run, 2 events, and where every future was then:',
      '  submit -> c0 PENDING',
      '  submit -> c0 PENDING, c1 PENDING',
      '  shutdown, as at the end of every run',
      '',
      'To see it again:',
      "  import { checkExecutor } from 'procfutures/properties';",
      '  await checkExecutor(factory, { ...options, replay: ["submit","submit"] });',
    ]);
  });

  it('finds the last first also where two workers may start calls side by side', async () => {
    expect(await failureOf(check('starts the last first', { workers: 2 }))).toMatch(/^C15 is broken/);
  });
});

describe('checkExecutor on an executor that runs functions of its own', () => {
  /** As where the given task cannot be passed on; what is told of the calls is told by the options alone. */
  const checkOwn = (bug: Bug, more: Partial<CheckOptions<SmallExecutor>>) => {
    const starts = new WeakMap<SmallExecutor, number[]>();
    const startsOf = (executor: SmallExecutor) => starts.get(executor) ?? [];
    return checkExecutor(() => new SmallExecutor(bug), {
      submit: (executor, call) =>
        executor.submit(async () => {
          starts.set(executor, [...startsOf(executor), call]);
          if (call % 5 === 3) throw new RangeError(`${call} is too much`);
          return call;
        }),
      ...(more.starts ? { starts: startsOf } : {}),
      ...(more.hasStarted ? { hasStarted: (executor: SmallExecutor, call) => startsOf(executor).includes(call) } : {}),
      ...(more.outcome ? { outcome: more.outcome } : {}),
    });
  };
  const outcome = (call: number) =>
    call % 5 === 3 ? { error: new RangeError(`${call} is too much`) } : { result: call };
  const starts = () => [];
  const hasStarted = () => false;

  it('says what it could not judge by the options that it was given', async () => {
    const told = async (more: Partial<CheckOptions<SmallExecutor>>) =>
      (await checkOwn('none', more)).unjudged.map((promise) => promise.split(':')[0]);
    expect(await told({})).toEqual(['C9', 'C13', 'C14', 'C15', 'C16', 'C18']);
    expect(await told({ hasStarted })).toEqual(['C13', 'C14', 'C15', 'C16', 'C18']);
    expect(await told({ outcome, starts })).toEqual(['C16', 'C18']);
  });

  it.each([
    ['swaps results', { outcome }, /^C13 is broken/],
    ['returns what was thrown', { outcome }, /^C13 is broken/],
    ['never runs anything', { hasStarted }, /^C14 is broken/],
    ['runs everything twice', { starts }, /^C14 is broken/],
    ['never runs anything', { starts }, /^C14 is broken/],
    ['starts the last first', { starts }, /^C15 is broken/],
    ['runs cancelled', { starts }, /^C9 is broken/],
    ['runs cancelled', { hasStarted }, /^C9 is broken/],
  ] as const)('finds one that %s, by %o', async (bug, more, first) => {
    expect(await failureOf(checkOwn(bug, more))).toMatch(first);
  });
});

describe('a check in which too little happens', () => {
  it('fails and names what was not seen and what makes it likelier', async () => {
    const message = await failureOf(check('none', { length: 1 }));
    expect(message).toMatch(/^No promise was broken, but 100 runs show too little/);
    expect(message).toContain('\n  a call was cancelled: a cancel() must come before a call starts');
    expect(message).toContain('\n  a submit was refused: ');
    expect(message).toContain('unseen: ["a call ended with an error",');
  });

  it('passes where it was said what cannot happen, and below 50 runs, which are too few to ask', async () => {
    const workers = 1_000;
    const unseen = /unseen: (\[.*\])/.exec(await failureOf(check('none', { length: 1 })))?.[1] ?? '';
    await expect(check('none', { length: 1, unseen: JSON.parse(unseen) })).resolves.toMatchObject({ runs: 100 });
    await expect(check('none', { workers, length: 1, runs: 49 })).resolves.toMatchObject({ runs: 49 });
  });
});

describe('a check that is asked for wrongly', () => {
  const submit = () => new SmallExecutor('none').submit(async () => {});
  it.each([
    [{ submit, timeOut: 5 }, TypeError, /no option 'timeOut'; it takes .*'timeout'/],
    [{}, TypeError, /^submit must be a function/],
    [{ submit: 5 }, TypeError, /^submit must be a function, not 5/],
    [undefined, TypeError, /needs options/],
    [{ submit, runs: 0 }, RangeError, /^runs must be an integer from 1, not 0/],
    [{ submit, runs: Number.NaN }, RangeError, /^runs must be an integer from 1, not NaN/],
    [{ submit, runs: '3' }, TypeError, /^runs must be a number, not '3'/],
    [{ submit, length: 0 }, RangeError, /^length must be an integer from 1/],
    [{ submit, seed: 1.5 }, RangeError, /^seed must be an integer/],
    [{ submit, workers: 0 }, RangeError, /^workers must be an integer from 1/],
    [{ submit, timeout: 0 }, RangeError, /^timeout must be milliseconds from above 0/],
    [{ submit, timeout: Number.POSITIVE_INFINITY }, RangeError, /^timeout must be milliseconds/],
    [{ submit, starts: [] }, TypeError, /^starts must be a function/],
    [{ submit, unseen: ['a cow'] }, RangeError, /^unseen\[0\] must be one of 'a call ended with a result'/],
    [{ submit, replay: ['submti', 'cancell 0'] }, RangeError, /^replay\[0\] must be one of 'submit'.*not 'submti'/],
    [{ submit, replay: ['submit', 'cancel'] }, RangeError, /^replay\[1\] must be one of .*'cancel 0'/],
    [{ submit, replay: 'submit' }, TypeError, /^replay must be a list/],
  ])('is refused before anything runs, with what would be right: %o', async (options, kind, text) => {
    let made = 0;
    const factory = () => {
      made++;
      return new SmallExecutor('none');
    };
    const checking = checkExecutor(factory, options as never);
    await expect(checking).rejects.toBeInstanceOf(kind);
    await expect(checking).rejects.toThrow(text);
    expect(made).toBe(0);
  });

  it('a factory must be one, and return an executor', async () => {
    await expect(checkExecutor(5 as never, { submit })).rejects.toThrow('The factory must be a function, not 5.');
    await expect(checkExecutor((() => {}) as never, { submit })).rejects.toThrow(/must return an executor.*undefined/);
  });
});
