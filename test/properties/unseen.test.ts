/**
 * The estimate of what nobody has seen.
 */
import { expect, it } from 'vitest';
import { estimateUnseen } from '../../properties/unseen.ts';

it('what was seen often leaves nothing to be expected', () => {
  expect(estimateUnseen([9, 12, 40])).toEqual({ next: 0, kinds: 0 });
});

it('what was seen once says how much is left', () => {
  expect(estimateUnseen([1, 1, 1, 1, 2, 4])).toEqual({ next: 0.4, kinds: 3 });
});

it('of nothing nothing follows', () => {
  expect(estimateUnseen([])).toEqual({ next: 0, kinds: 0 });
});

it('is near the truth for draws from a known urn', () => {
  // 200 kinds, drawn 300 times by a fixed rule that favours none.
  const counts = new Map<number, number>();
  let state = 1;
  for (let draw = 0; draw < 300; draw++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const kind = Math.floor((state / 2 ** 32) * 200);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const { kinds } = estimateUnseen(counts.values());
  const missing = 200 - counts.size;
  expect(missing).toBeGreaterThan(20);
  expect(kinds).toBeGreaterThan(missing / 2);
  expect(kinds).toBeLessThan(missing * 2);
});
