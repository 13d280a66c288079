/**
 * The public half of L6 in the size of a test, and whether it would notice.
 */
import { describe, expect, it } from 'vitest';
import { mutant } from '../../properties/mutants.ts';
import { FIRST_COMPLETED } from '../../runtime/wait.ts';
import { type Api, PUBLIC } from './api-system.ts';
import { runCommands } from './commands.ts';

it('the public API does what its reference model says, and hardly any command is skipped', async () => {
  const { runs, executed, generated, failure } = await runCommands({ runs: 500 });
  expect(failure).toBeUndefined();
  expect(runs).toBe(500);
  expect(executed / runs).toBeGreaterThanOrEqual(10);
  expect(executed / generated).toBeGreaterThanOrEqual(0.9);
});

describe('a planted bug in a chart is seen', () => {
  it.each([
    ['future PENDING/cancel loses publish', /call 0 was CANCELLED_AND_NOTIFIED and is CANCELLED/],
    ['executor running/shutdown is ignored', /was CANCELLED_AND_NOTIFIED and is|has taken a call/],
    ['executor running/workerLost is ignored', /at rest, call \d+ is|waits for ever|is not kept/],
  ])('%s', async (id, why) => {
    const { failure } = await runCommands({ runs: 500, charts: mutant(id).charts });
    expect(failure).toMatch(why);
  });
});

describe('a planted bug in the API is seen, shrunk, and said how to see it again', () => {
  const planted: readonly [string, Partial<Api>, RegExp][] = [
    ['cancel() that always answers true', { cancel: (future) => future.cancel() || true }, /cancel\(\) of call \d+/],
    [
      'wait() that returns too early',
      { wait: (futures, options) => PUBLIC.wait(futures, { ...options, returnWhen: FIRST_COMPLETED }) },
      /wait\(.*\) has returned/,
    ],
    ['asCompleted() that gives a future twice', { asCompleted: ((all: never) => twice(all)) as never }, /has given/],
    ['map() out of order', { map: (pool, items, size) => PUBLIC.map(pool, items.toReversed?.() ?? [], size) }, /map\(/],
  ];
  it.each(planted)('%s', async (_, part, why) => {
    const { failure = '' } = await runCommands({ runs: 500, api: { ...PUBLIC, ...part } });
    expect(failure).toMatch(why);
    const [, commands = ''] = /Counterexample: \[(.*?) \/\*/.exec(failure) ?? [];
    expect(commands.split(/,(?! )/).length, failure).toBeLessThanOrEqual(4);
    expect(failure).toMatch(/seed: 20, path: "/);
  });
});

/** Whatever is the first to be done comes again at the end. */
function twice(futures: Parameters<Api['asCompleted']>[0]): ReturnType<Api['asCompleted']> {
  const inner = PUBLIC.asCompleted(futures);
  let first: Awaited<ReturnType<typeof inner.next>> | undefined;
  let isOver = false;
  const next: typeof inner.next = async () => {
    const answer = await inner.next();
    first ??= answer;
    if (!answer.done || isOver) return answer;
    isOver = true;
    return first;
  };
  return { next, return: () => inner.return(), [Symbol.asyncIterator]: () => twice(futures) };
}
