/** Objects of about 0.8 kB as JSON, no two alike: records as programs pass them around. */

const TEXT =
  'Please leave the parcel with the neighbours on the second floor if nobody is at home in the afternoon; ring twice, ' +
  'and mind the dog. The gate to the yard is open until six. Whoever signs for it should write the name in capitals, ' +
  'because last time nobody could say who had taken it, and it took a week until it was found again ' +
  'behind the stairs, with the paper wet and the string undone, though nothing was missing from what was inside.';

/** @param {number} i */
export function object(i) {
  return {
    id: i,
    kind: 'order',
    active: i % 3 === 0,
    customer: { id: 7_000_000 + i, name: `Customer ${i} of Somewhere`, mail: `customer.${i}@example.org`, tier: null },
    address: { street: `${(i % 200) + 1} Long Street`, city: `City ${i % 997}`, zip: String(10_000 + (i % 89_999)) },
    tags: ['new', `region-${i % 50}`, `t${i}`],
    articles: [i, i + 1, i + 2, i * 3, i * 5],
    cents: 100 * (i % 977),
    note: `${TEXT} (${i}).`,
  };
}

/** @param {number} count */
export function objects(count) {
  return Array.from({ length: count }, (_, i) => object(i));
}
