/**
 * Predictions of durations, call by call: the numbers are those of the two averages that the module describes.
 */
import { describe, expect, it } from 'vitest';
import { Estimator } from '../../runtime/estimator.ts';

const HORIZON = 1_000;
const TASK = 0;

/** An estimator that has seen the two cold calls and these, and what it said of each of these. */
function warm(...durations: readonly number[]): { estimator: Estimator; said: (number | undefined)[] } {
  const estimator = new Estimator(HORIZON);
  for (let cold = 0; cold < 2; cold++) estimator.record(TASK, 1_000_000);
  return { estimator, said: durations.map((micros) => estimator.record(TASK, micros)) };
}

describe('the estimator', () => {
  it('learns nothing from the first two calls, which run cold code', () => {
    const estimator = new Estimator(HORIZON);
    expect([500, 500, 8].map((micros) => estimator.record(TASK, micros))).toEqual([undefined, undefined, 3]);
  });

  it.each([
    [0, 0],
    [1, 0],
    [1.5, 1],
    [2, 1],
    [8, 3],
    [9, 4],
    [HORIZON, 10],
    [65_000, 16],
    [2 ** 50, 40],
  ])('believes the first warm call whole: %d µs are bucket %d', (micros, bucket) => {
    expect(warm(micros).said).toEqual([bucket]);
  });

  it('says nothing while the bucket stays', () => {
    expect(warm(100, 100, 110).said).toEqual([7, undefined, undefined]);
  });

  it('follows what is below the horizon by an eighth a call', () => {
    // 100, 212.5, 310.9…, and back: 284.5…, 261.5…, 241.3….
    expect(warm(100, HORIZON, HORIZON, 100, 100, 100).said).toEqual([7, 8, 9, undefined, undefined, 8]);
  });

  it('believes a surprise at once, and forgets it over thousands of calls', () => {
    const { estimator, said } = warm(100, 65_000);
    expect(said, 'one of 65 ms: 212.5 below the horizon, and a 64th of the 64 ms above').toEqual([7, 11]);
    const moved: [call: number, bucket: number][] = [];
    for (let call = 1; call <= 5_000; call++) {
      const bucket = estimator.record(TASK, 100);
      if (bucket !== undefined) moved.push([call, bucket]);
    }
    // The excess of 1,000 has shrunk by a 1024th a call to 924, 412, 156 and 28: a power of two less the 100 below.
    expect(moved).toEqual([
      [81, 10],
      [908, 9],
      [1902, 8],
      [3660, 7],
    ]);
  });

  it('keeps functions apart', () => {
    const { estimator } = warm(100);
    expect([1, 1, 1].map(() => estimator.record(1, 5))).toEqual([undefined, undefined, 3]);
    expect(estimator.record(TASK, 100)).toBeUndefined();
  });
});
